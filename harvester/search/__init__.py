"""Search over the catalogue: the Whoosh index and the questions put to it.

All of Whoosh stays behind this module. The browser's search has an export of its own (`harvester.site`).
"""

from harvester.search.index import Hit, build, search

__all__ = ["Hit", "build", "search"]
