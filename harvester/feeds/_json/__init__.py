"""JSON as portals write it: any type anywhere, larger than memory, and not always well-formed.

`stream` cuts a document into records, `values` reads a value of any type, `fields` keeps account
of which fields of a record were read, `parts` reads publishers, contacts, places and periods.
"""
