"""Web sites as programs may read them, for feeds that live in pages made for people.

* `robots` says which addresses of a site programs may ask for;
* `sitemap` lists the pages that a site names itself;
* `html` reads a page: its links, and what stands around them;
* `site` puts these together: one site, its pages, the likeliest to hold data first.
"""
