"""Frictionless Data Packages, and the directories of human services that are published as such.

* `package` maps a descriptor (`datapackage.json`, versions 1 and 2 of the standard) to a draft;
* `directory` looks into the tables of an Open Referral HSDS package (a 211 directory): how many
  organizations and services it holds, and when each organization was last looked after.
"""
