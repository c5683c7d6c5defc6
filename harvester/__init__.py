"""Harvester: one region's open-data metadata, harvested, validated and published as a static site.

The flow, which `harvester.pipeline` draws and every other module serves::

    sources.yaml → fetch → feeds → normalise → quality → changes → STORE   (harvest half: network, clock)
    STORE → catalogue → site, search, outputs → publish → build/site       (build half: neither)
"""

__version__ = "0.1.0"
