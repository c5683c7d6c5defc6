"""OGC API - Records, and what its relatives (STAC, ArcGIS Hub's search) share with it: pages and links."""
