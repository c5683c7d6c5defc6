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

pyoxigraph is what oxrdflib puts under rdflib. It is used without the rdflib `Graph` around it: of a
catalogue with 300,000 triples, the Graph took sixteen seconds to fill and to ask with rdflib's own
store, seven with oxrdflib's, where grouping pyoxigraph's quads into dicts takes half a second
(`benchmarks/dcat_parse.py`). rdflib gives the namespaces their addresses, and it is the other reader
and writer that the tests hold ours against.
"""
