"""schema.org in web pages: JSON-LD, microdata and RDFa, made one and read as linked data.

* `extract` takes what a page says out of its three syntaxes;
* `tidy` makes plain JSON-LD of it, and of what site builders write in its place;
* `merge` makes one dataset of what several pages say about it.

What the words mean is told by the mapping of the RDF feeds, `harvester.feeds._rdf`.
"""
