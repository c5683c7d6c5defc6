"""ArcGIS Hub: which item a record is, and what an item says of itself."""
