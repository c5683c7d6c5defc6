"""Account names: what platforms write where the name of a body or a person is due."""

from __future__ import annotations

import re
from functools import lru_cache

_UNDERSCORED = re.compile(r"[A-Za-z0-9.-]*[A-Za-z]_[\w.-]*[A-Za-z0-9]|[A-Za-z]+\d*_\w+")
_NUMBERED = re.compile(r"[a-z][a-z.]*[a-z]\d{3,}")
_LOWER = re.compile(r"[a-z0-9][a-z0-9._-]*")
_OFFICE = {"admin", "administrator", "gisadmin", "webmaster", "root", "user", "sysadmin", "portaladmin"}


@lru_cache(maxsize=8192)
def is_account(name: str, of_person: bool = False) -> bool:
    """Is this the name of a user account, as in `jsmith_gis`, and not of a body or a person?

    For a publisher only what is certain counts: a department may well call itself `police`. Where a
    person's name is due (`of_person`), any single word in lower case is an account.
    """
    if " " in name or not name.isascii():
        return False
    if name.lower() in _OFFICE or _UNDERSCORED.fullmatch(name) or _NUMBERED.fullmatch(name):
        return True
    return of_person and "@" not in name and _LOWER.fullmatch(name) is not None
