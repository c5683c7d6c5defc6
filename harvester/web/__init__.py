"""Reaching out: politely, within limits, and never into the network that we run in.

`fetch` is what the rest of the program uses (`Fetcher`, `Visit`). Below it, each of these knows one
thing: `guard` which addresses may be reached, `connect` how to open a connection that cannot be led
astray or kept waiting, `budget` what one document may cost, `unpack` how to undo compression without
being buried by it, `answers` what a server's headers say, `trouble` what to tell people.
"""
