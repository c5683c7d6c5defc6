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

pyoxigraph is what oxrdflib puts under rdflib. It is used without the rdflib `Graph` around it, since
filling and asking a Graph takes most of the time: of a catalogue with 300,000 triples ours takes 40 %
of what rdflib over oxrdflib does, and 15 % of rdflib alone (`benchmarks/dcat_parse.py`). rdflib gives the
namespaces their addresses, and it is the other reader and writer that the tests hold ours against.
"""
