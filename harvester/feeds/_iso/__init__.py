"""Records of geographic metadata in XML: bytes → elements → drafts.

* `tree` reads XML safely and tolerantly into elements;
* `records` finds the records in it, and says which of them are no datasets;
* `metadata` maps ISO 19139 and ISO 19115-3, with `terms`, `parties`, `extents` and `online`;
* `dublin_core` maps the Dublin Core records of a catalogue service.

Elements are found by their local names. ISO 19139 has been published under half a dozen namespaces,
national profiles (ANZLIC, MCP, NOAA's) bring their own, and ISO 19115-3 renamed them all, while the
local names stayed. That is also why OWSLib's record classes do not serve here: they know one namespace
each, drop all languages but one, and differ between the two standards.

`harvester.feeds.csw` and `harvester.feeds.waf` are the feeds that use them.
"""
