"""The data.json of a Socrata portal: what tells it from another's, and which asset a record is. Pure.

Read it is by the feed `dcat_us`. Only the keys differ: an asset keeps its four-by-four id whatever
identifier its owners give it, and whether the portal is read by its API or by this file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from msgspec.structs import replace

from harvester.feeds._json.values import text_of
from harvester.feeds._socrata.addresses import host_of, id_in
from harvester.model import Draft


class Marks:
    """Counts records that carry Socrata's addresses, to decide whether a data.json is Socrata's."""

    def __init__(self) -> None:
        self._records = 0
        self._hosts: Counter[str] = Counter()
        self._own: str | None = None

    def catalogue(self, address: str | None) -> None:
        """The catalogue's own `@id` is on this host."""
        self._own = host_of(address) if address and address.endswith("/data.json") else None

    def record(self, value: Mapping[str, object]) -> None:
        """One record: its identifier or its page is that of an asset, or is not."""
        self._records += 1
        for name in ("identifier", "landingPage"):
            address = text_of(value.get(name))
            if id_in(address) is not None and (host := host_of(address)) is not None:
                self._hosts[host] += 1
                return

    @property
    def hold(self) -> bool:
        """Are most records assets of one and the same Socrata portal, this one where it is named?"""
        if not self._hosts:
            return False
        host, count = self._hosts.most_common(1)[0]
        return 2 * count > self._records and self._own in (None, host)


def keyed(draft: Draft) -> Draft:
    """The draft with the id of the asset that its identifier, its page or all its files name as key."""
    named = [id_in(each) for each in (*draft.identifiers, draft.page, draft.landing_page)]
    files = {id_in(each.download_url or each.access_url or each.url) for each in draft.distributions}
    id = next((each for each in named if each), None) or (files.pop() if len(files) == 1 else None)
    if id is None:
        return draft
    return replace(draft, key=id, identifiers=tuple(dict.fromkeys((*draft.identifiers, id))))
