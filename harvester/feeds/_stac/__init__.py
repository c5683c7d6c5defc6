"""STAC: collections of items over the Earth, of which the collections are our datasets."""
