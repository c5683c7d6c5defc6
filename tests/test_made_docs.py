"""Pages of docs/ that are made from the code say what the code says."""

from __future__ import annotations

from tools import feed_types


def test_the_page_of_feed_types_is_current() -> None:
    assert feed_types.DOC.read_text("utf-8") == feed_types.page(), "write it anew: make docs"


def test_the_contract_is_told_there() -> None:
    assert "`recognise(document: Document) -> bool`" in feed_types.page()
