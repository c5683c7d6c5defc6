"""Which dataset is meant: the IRI of every dataset, and the series that datasets are part of."""

from __future__ import annotations

from harvester.model import Catalogue, Dataset
from harvester.outputs import _addresses


class Series:
    """Finds the datasets of a catalogue by the names that their own source has for them.

    `subjects` are the IRIs of all datasets, in the order of the records, each given once: two
    portals may list one dataset under its one IRI. The record that was here first keeps it, and the
    others are known by their pages, so that none is lost where IRIs are keys.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        config = catalogue.config
        wanted = [_addresses.subject(config, each.dataset.id, each.dataset.uri) for each in catalogue.records]
        owners: dict[str, tuple[str, str]] = {}
        for each, address in zip(catalogue.records, wanted, strict=True):
            claim = (each.first_seen, each.dataset.id)
            owners[address] = min(claim, owners.get(address, claim))
        self.subjects = [
            address
            if owners[address][1] == each.dataset.id
            else _addresses.dataset_page(config, each.dataset.id)
            for each, address in zip(catalogue.records, wanted, strict=True)
        ]
        named = {(each.dataset.source, name) for each in catalogue.records for name in each.dataset.in_series}
        self._named: dict[tuple[str, str], str] = {}
        ids = (each.dataset.id for each in catalogue.records)
        shown = dict(zip(ids, self.subjects, strict=True))
        for each in (*catalogue.records, *catalogue.listed):
            dataset = each.dataset
            address = shown[catalogue.aliases.get(dataset.id, dataset.id)]
            for name in (dataset.uri, dataset.key, *dataset.identifiers):
                if name and (dataset.source, name) in named:
                    self._named.setdefault((dataset.source, name), address)

    def of(self, dataset: Dataset) -> tuple[str, ...]:
        """The IRIs of the series that the dataset is part of.

        A name that no dataset of its source answers to stays what it is where it is an address.
        """
        found = (
            self._named.get((dataset.source, name)) or _addresses.name(name) for name in dataset.in_series
        )
        return tuple(dict.fromkeys(filter(None, found)))
