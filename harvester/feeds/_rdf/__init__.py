"""RDF as portals write it: bytes → triples → drafts.

```
bytes ── encoding ──▶ text + syntax
                        │
     ┌──────────────────┼───────────────────┐
  turtle             rdfxml               jsonld         tolerant, nothing fetched
     └──────────────────┼───────────────────┘
                     pyoxigraph                          (what oxrdflib runs on)
                        │ quads
                      graph ── mapping ──▶ Draft
```

The issue asks for rdflib with oxrdflib. Its parser, pyoxigraph, is used directly: putting 290,000
triples into an rdflib `Graph` and asking them back costs half a minute, grouping pyoxigraph's quads
into dicts costs half a second. rdflib gives the namespaces their addresses, and is what the tests
hold our reading against.
"""
