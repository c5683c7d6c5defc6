"""Failures 15 to 17: portals that do not let us in, or not in time."""

from __future__ import annotations

import time

import pytest

from tests.failures.valley import NEIGHBOURS, Valley, data_json, entry, told
from tests.web.server import Server, answer, drip
from tests.web.visiting import CERTIFICATES

GOOD = data_json(*(entry(n) for n in range(5)))
CHALLENGE = b"<!doctype html><title>Just a moment...</title><script>location.reload()</script>"


@pytest.mark.parametrize(
    ("wall", "what"),
    [
        (answer(b"Forbidden", 403), "refuses us (status 403)"),
        (answer(CHALLENGE, 403), "refuses us (status 403)"),
        (answer(CHALLENGE, 200, Content_Type="text/html"), "a web page, not a data.json"),
    ],
)
def test_failure_15_a_wall_against_robots_costs_nothing_and_is_named(
    valley: Valley, wall: bytes, what: str
) -> None:
    """GSA/data.gov#5248, #5303, #5542: a bot's user agent gets 403 or a challenge page."""
    valley.portal(type="dcat_us")
    valley.serve({"/data.json": GOOD})
    valley.night()
    yesterday = valley.shown()
    valley.serve({"/data.json": wall})
    harvest = valley.night()
    assert (harvest.outcome, harvest.datasets) == ("failed", 5)
    assert what in str(harvest.problem)
    assert valley.shown() == yesterday
    (asked,) = valley.server.asked  # once: who is not let in does not hammer at the door
    assert asked.headers["user-agent"] == "Elm Valley (data@elm.example)", "a person can be asked"
    if "status" in what:
        assert asked.headers["user-agent"] in str(harvest.problem), "and the town knows whom to let in"

    valley.serve({"/data.json": GOOD})
    assert told(valley.night()) == ("unchanged", 0, 0, 0)


@pytest.mark.parametrize(
    ("certificate", "what"), [("expired", "has expired"), ("incomplete", "is incomplete")]
)
def test_failure_16_a_bad_certificate_is_an_error_and_says_so(
    valley: Valley, certificate: str, what: str
) -> None:
    """GSA/data.gov#4526, #1765: incomplete or expired certificate, reported as 0 errors."""
    with (
        Server({"/data.json": answer(GOOD.encode())}, CERTIFICATES / "portal.pem") as good,
        Server({"/data.json": answer(GOOD.encode())}, CERTIFICATES / f"{certificate}.pem") as bad,
    ):
        valley.portal(host="portal.test", server=good)
        assert told(valley.night()) == ("fresh", 5, 0, 0)
        yesterday = valley.shown()
        valley.portal(host="portal.test", server=bad)
        harvest = valley.night()
    assert (harvest.outcome, harvest.datasets, bad.asked) == ("failed", 5, [])
    assert f"The certificate of the portal {what}" in str(harvest.problem)
    assert "Tell the portal's operator" in str(harvest.problem)
    assert valley.shown() == yesterday
    page = valley.publish() / "source" / "elmford" / "index.html"
    assert f"The certificate of the portal {what}" in page.read_text()


def test_failure_17_a_portal_that_never_answers_holds_nobody_up(valley: Valley) -> None:
    """alphagov/ckanext-datagovuk#2023, GSA/catalog.data.gov#745: time-outs for months, the job stuck."""
    valley.portal(type="dcat_us")
    valley.file("millbrook", data_json(*(entry(50 + n) for n in range(4))))
    valley.serve({"/data.json": GOOD})
    valley.night()
    yesterday, good = valley.shown(), valley.harvests["elmford"].started

    for stuck in (
        lambda connection: time.sleep(1),
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n", b" ", 0.1),
    ):
        valley.serve({"/data.json": stuck})
        began = time.monotonic()
        harvest = valley.night(days=30)
        assert time.monotonic() - began < 2.5
        assert list(valley.harvests)[-1] == "elmford", "the others are kept before it has given up"
        assert valley.harvests["millbrook"].outcome == "unchanged"
        assert (harvest.outcome, harvest.datasets) == ("failed", 5)
        assert str(harvest.problem).startswith(valley.server.url("/data.json"))
        assert valley.shown() == yesterday, "though it has been like this for months"

    source = next(each for each in valley.catalogue().sources if each.source.id == "elmford")
    assert source.last_good == good, "and everybody can see since when"
    assert len(valley.shown("brookside")) == NEIGHBOURS
