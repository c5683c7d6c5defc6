"""Judging metadata: tables, a profile, and Frictionless.

::

    datasets ──▶ tables ──▶ validate (Frictionless, in parts) ──┐
        └── notes that reading left ────────────────────────────┴─▶ findings ──▶ words for people

`profile` holds what is asked of a dataset, `loading` reads it from YAML, `tables` makes rows of
datasets, `checks` are the rules for more than one cell, `words` explains a finding to a person.
"""

from harvester.quality.findings import check
from harvester.quality.loading import load_profile
from harvester.quality.profile import Profile
from harvester.quality.words import Explanation, explain, messages

__all__ = ["Explanation", "Profile", "check", "explain", "load_profile", "messages"]
