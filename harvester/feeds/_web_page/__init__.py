"""Files that a page made for people links to, put together into datasets.

* `files` finds the links to files on a page, and what stands around each;
* `words` tells titles from words such as "Download" and "CSV";
* `grouping` says which files are one dataset, and makes drafts of them.
"""
