"""A portal of one document that is already here, so that the network is not measured."""

from __future__ import annotations

from harvester.document import Document


class Only:
    """A `harvester.document.Get` that answers every address with the same document."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def __call__(self, url: str) -> Document:
        """The document."""
        return self.document

    def head(self, url: str) -> Document:
        """The document; nobody is told apart here."""
        return self.document
