"""Every transport fault of the replayed portals: it ends, is told, and nothing refused was asked."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import pytest

from harvester.errors import FetchError
from harvester.model import Source
from tests.web.visiting import QUICK, visiting

BROKE_OFF = "The connection broke off, or the answer was garbled."
FAULTS = {  # fault: (what is told, status, requests that arrive)
    "http403": ("The portal refuses us (status 403).", 403, 1),
    "http404": ("There is nothing at this address (status 404).", 404, 1),
    "http500": ("The portal has a fault of its own (status 500).", 500, 1),
    "http503_retry_after": ("The portal is too busy (status 503) and asks us to come back in", 503, 1),
    "http429_retry_after": ("The portal is too busy (status 429) and asks us to come back in 60", 429, 1),
    "timeout": ("The portal did not answer in time.", None, 2),
    "gzip_bomb": ("The document unpacks to more than 200 times its size, as only a trap does.", None, 1),
    "huge_json": ("The document is larger than 1.0 MB.", None, 1),
    "redirect_loop": ("The portal leads from one address to the next without end.", None, 2),
    "redirect_to_metadata_ip": ("It leads to 169.254.169.254, where no portal can be", None, 1),
    "redirect_to_file": ("The portal leads on to “file:///etc/passwd”, which is not followed.", None, 1),
    "redirect_to_private": ("It leads to 10.0.0.1, which is inside a private network.", None, 1),
    "truncated": (BROKE_OFF, None, 4),
    "reset": (BROKE_OFF, None, 4),
    "slow_drip": ("The portal sends too slowly", None, 1),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_ends_in_time_and_is_told(replay: Any, fault: str) -> None:
    running = replay("south-bend")
    running.fault("south-bend", fault, retry_after=60, **({"seconds": 1.2} if fault == "timeout" else {}))
    told, status, requests = FAULTS[fault]
    url = running.feed_url("south-bend")
    limits = msgspec.structs.replace(QUICK, total_seconds=10, read_seconds=1.1, slow_seconds=1.5)
    began = time.monotonic()
    with visiting(Source(id="s", url=url, name="S", allow_private=True), limits) as visit:
        with pytest.raises(FetchError) as raised:
            visit.get(url)
        assert visit.bytes < 2_000_000
    assert time.monotonic() - began < 5
    assert told in str(raised.value)
    assert raised.value.status == status
    for _ in range(20):  # a request is logged when the portal has done with it
        if len(running.log("south-bend")) >= requests:
            break
        time.sleep(0.1)
    assert len(running.log("south-bend")) == requests
    assert running.log("_trap") == []


def test_a_page_in_place_of_the_feed_is_a_document(replay: Any) -> None:
    """What it is, is for feeds to see."""
    running = replay("south-bend")
    running.fault("south-bend", "html_instead")
    url = running.feed_url("south-bend")
    with visiting(Source(id="s", url=url, name="S", allow_private=True)) as visit:
        document = visit.get(url)
    assert document.media_type == "text/html"
    assert b"<html" in document.read().lower()


@pytest.mark.parametrize(
    "fault", ["reset", "truncated", "http503_retry_after", "http429_retry_after", "timeout"]
)
def test_one_bad_moment_costs_nothing(replay: Any, fault: str) -> None:
    running = replay("south-bend")
    url = running.feed_url("south-bend")
    with visiting(Source(id="s", url=url, name="S", allow_private=True)) as visit:
        good = visit.get(url).read()
    running.fault("south-bend", fault, count=1, retry_after=1, seconds=1)
    with visiting(Source(id="s", url=url, name="S", allow_private=True)) as visit:
        assert visit.get(url).read() == good
        assert visit.requests == 2


def test_the_second_night_of_an_unchanged_feed_is_one_request(replay: Any) -> None:
    for portal in ("baltimore", "zurich"):  # the one packs its answers, the other has four pages
        running = replay(portal)
        source = Source(id="s", url=running.feed_url(portal), name="S", allow_private=True)
        with visiting(source) as visit:
            visit.get(source.url)
            known = visit.validators
        with visiting(source, known=known) as visit:
            assert visit.unchanged()
            assert (visit.requests, visit.bytes < 1000) == (1, True)
