"""What a CKAN portal answers with: `package` and `files` read it, `api` asks for it.

`names` lists what the fields are called, `licence` chooses among the ways to name a licence, and
`datapress` puts another platform's export into CKAN's words.
"""
