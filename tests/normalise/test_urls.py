from __future__ import annotations

import pytest

from harvester.normalise.notes import Notes
from harvester.normalise.urls import address, clean, iri, is_local, key

GOOD = [
    "https://x.example/",
    "http://x.example",
    "https://x.example:8443/a/b.csv?x=1&y=a%20b#part",
    "ftp://ftp.x.example/pub/a.zip",
    "https://web.archive.org/web/2020/http://x.example/",
    "https://x.example/a?next=http://y.example",
    "https://my_server.x.example/~town/(a),b;c=d'!*",
    "http://8.8.8.8/a",
]

REPAIRED = [
    ("https://x.example/a b.csv", "https://x.example/a%20b.csv", "url-spaces"),
    ('https://x.example/a?q={"w":1}', "https://x.example/a?q=%7B%22w%22:1%7D", "url-spaces"),
    ("https://x.example/a[1]|b", "https://x.example/a%5B1%5D%7Cb", "url-spaces"),
    ("https://x.example/100%", "https://x.example/100%25", "url-spaces"),
    ("https://x.example/a?b=1&amp;c=2", "https://x.example/a?b=1&c=2", "url-spaces"),
    ("http:\\\\x.example\\a\\b.csv", "http://x.example/a/b.csv", "url-spaces"),
    ("https://x.example/1 https://y.example/2", "https://x.example/1", "url-spaces"),
    ("https://x.example/1;https://y.example/2", "https://x.example/1", "url-spaces"),
    ("http://https://x.example/1", "https://x.example/1", "url-spaces"),
    ("www.x.example/y", "https://www.x.example/y", "url-no-scheme"),
    ("//x.example/y", "https://x.example/y", "url-no-scheme"),
    ("https://user:secret@x.example/", "https://x.example/", "url-credentials"),
    # a browser would go to the host behind the @, so that is the host
    ("https://www.town.example@evil.example/", "https://evil.example/", "url-credentials"),
    # and to the host before the backslash
    ("https://evil.example\\@good.example/", "https://evil.example/@good.example/", "url-spaces"),
    # nothing wrong that a person should mend
    (" https://x.example/\n", "https://x.example/", None),
    ("<https://x.example/>", "https://x.example/", None),
    ("HTTPS://X.Example/Path", "https://x.example/Path", None),
    ("https://münchen.example/straße?q=ü", "https://xn--mnchen-3ya.example/stra%C3%9Fe?q=%C3%BC", None),
    ("https://x.example./", "https://x.example/", None),
    ("http:/x.example/a", "http://x.example/a", None),
    ("https://x.example/#a#b", "https://x.example/#a%23b", None),
]

REFUSED = [
    "javascript:alert(1)", "\x01jAvA\tscRipt:alert(1)", " \njavascript&colon;alert(1)", "data:text/html;base64,xx",
    "file:///etc/passwd", "gopher://127.0.0.1:6379/_FLUSHALL", "mailto:a@x.example", "x.csv", "/a/b", "C:\\data\\x.csv",
    "\\\\server\\share", "https://", "http:// ", "http://x..example/", "http://x.example:99999/", "http://[zz]/",
    "http://x.example/" + "a" * 3_000, "see our web site", "http://" + "é" * 300 + ".example/",
]  # fmt: skip

LOCAL = [
    "localhost", "intranet", "server01.local", "gis.internal", "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.9",
    "169.254.169.254", "0x7f.1", "2130706433", "[::1]", "[::ffff:10.0.0.1]", "[fe80::1]",
]  # fmt: skip


@pytest.mark.parametrize("url", GOOD)
def test_a_good_address_is_left_alone(url: str) -> None:
    assert address(url) == (url, ())


@pytest.mark.parametrize(("text", "url", "code"), REPAIRED)
def test_an_address_is_repaired_where_the_repair_is_certain(text: str, url: str, code: str | None) -> None:
    assert address(text) == (url, (code,) if code else ())


@pytest.mark.parametrize("url", [url for _, url, _ in REPAIRED])
def test_a_repaired_address_needs_no_repair(url: str) -> None:
    assert address(url) == (url, ())


@pytest.mark.parametrize("text", REFUSED)
def test_what_no_reader_can_open_is_refused(text: str) -> None:
    assert address(text) == (None, ("url-invalid",))


@pytest.mark.parametrize("text", ["", "null", "N/A", "{{url}}", "-"])
def test_nothing_is_no_trouble(text: str) -> None:
    assert address(text) == (None, ())


@pytest.mark.parametrize("host", LOCAL)
def test_addresses_inside_somebodys_network_are_noted(host: str) -> None:
    assert is_local(host)
    url, notes = address(f"http://{host}/a")
    assert url
    assert notes == ("url-local",)


@pytest.mark.parametrize("host", ["x.example", "8.8.8.8", "data.local.example", "[2606:4700::1111]"])
def test_other_hosts_are_not_local(host: str) -> None:
    assert not is_local(host)


@pytest.mark.parametrize(
    "same",
    [
        ("http://www.x.example:80/a/", "https://x.example/a", "https://x.example:443/a#"),
        ("http://x.example", "https://www.x.example/"),
    ],
)
def test_spellings_of_one_address_share_a_key(same: tuple[str, ...]) -> None:
    assert len({key(url) for url in same}) == 1


def test_other_addresses_have_other_keys() -> None:
    urls = ["https://x.example/a", "https://x.example/A", "https://x.example:8080/a", "https://x.example/a?b"]
    assert len({key(url) for url in urls}) == len(urls)


def test_notes_name_the_field_and_the_words() -> None:
    notes = Notes()
    assert clean("javascript:alert(1)", "landing_page", notes) is None
    assert [(note.code, note.field, note.raw) for note in notes.all()] == [
        ("url-invalid", "landing_page", "javascript:alert(1)")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://x.example/id/1", "https://x.example/id/1"),
        ("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
        ("doi:10.5066/P9", "doi:10.5066/P9"),
        ("javascript:alert(1)", None),
        ("tree 1", None),
        ("", None),
    ],
)
def test_names_of_things_may_be_other_iris(text: str, expected: str | None) -> None:
    assert iri(text, "uri", Notes()) == expected
