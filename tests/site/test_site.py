"""The site as a whole: its addresses, its links, and that the same catalogue gives the same bytes."""

from __future__ import annotations

import re
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from html.parser import HTMLParser
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from msgspec.structs import replace

from harvester.errors import HarvesterError
from harvester.model import Coded
from harvester.outputs import load, names
from harvester.site import CONTENT_SECURITY_POLICY, jobs
from tests import make
from tests.site import region
from tests.site.conftest import Build

VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)


class Page(HTMLParser):
    """Reads a page strictly: every element is closed where it was opened, every id is there once."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.references: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attributes]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        found = dict(attributes)
        self.tags.append((tag, found))
        if tag not in VOID:
            self.open.append(tag)
        if "id" in found:
            self.ids.append(found["id"] or "")
        for name in ("href", "src", "action"):
            if found.get(name):
                self.links.append(found[name] or "")
        for name in ("aria-labelledby", "for", "aria-describedby"):
            self.references += (found.get(name) or "").split()

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag, f"</{tag}> closes nothing"


def pages(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in sorted(folder.rglob("*.html"))}


def contents(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site in three languages, below a path, as on a project's pages."""
    from harvester import quality, site

    folder = tmp_path_factory.mktemp("whole")
    made = region.catalogue(
        110,
        languages=("en", "fr", "es"),
        url="https://elm.example/catalogue",
        footer={"en": "By the *library*."},
    )
    site.build(made, folder, profile=quality.load_profile(None))
    return folder


# ------------------------------------------------------------------------------ addresses


@pytest.mark.parametrize(
    "path",
    [
        *("index.html", "search/index.html", "search/index.json", "404.html", "robots.txt", "sitemap.xml"),
        *("opensearch.xml", "site.webmanifest", "about/index.html", "for-towns/index.html", "api/index.html"),
        *("dataset/street-trees-005/index.html", "dataset/street-trees-005/dataset.jsonld"),
        *("publisher/parks/index.html", "publisher/parks/page/2/index.html", "publisher/parks/feed.atom"),
        *("topic/environment/index.html", "topic/energy/index.html", "format/csv/index.html"),
        *("source/elmford/index.html", "source/new-mill/index.html", "datasets/index.html"),
        *("datasets/page/3/index.html", "publishers/index.html", "topics/index.html", "formats/index.html"),
        *("sources/index.html", "feeds/newest.atom", "feeds/changed.atom", "static/style.css"),
        *("fr/index.html", "fr/dataset/street-trees-005/index.html", "es/about/index.html", "fr/404.html"),
        *("fr/feeds/newest.atom", "es/publisher/parks/feed.atom", "sitemaps/1.xml", "fr/opensearch.xml"),
        *("status/index.html", "fr/status/index.html"),
    ],
)
def test_addresses_stay_for_ever(whole: Path, path: str) -> None:
    assert (whole / path).is_file()


def test_every_dataset_is_reached_without_javascript(whole: Path) -> None:
    """From the first page, by links alone."""
    found, waiting = set(), ["/catalogue/"]
    texts = pages(whole)
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        file = f"{path.removeprefix('/catalogue/')}index.html"
        waiting += [
            urlsplit(link).path
            for link in Page(texts[file]).links
            if re.match(r"/catalogue/\S*/(\?|$)", link)
        ]
    everything = {
        f"/catalogue/{path.removesuffix('index.html')}" for path in texts if not path.endswith("404.html")
    }
    empty_topics = {path for path in everything - found if "/topic/" in path}
    assert found == everything - empty_topics
    assert len(empty_topics) == 8 * 3  # themes without datasets, in three languages


def test_every_link_leads_somewhere(whole: Path) -> None:
    outputs = {file for name in names() for file in load(name).FILES}
    for path, text in pages(whole).items():
        for link in Page(text).links:
            parts = urlsplit(link)
            if parts.scheme or not parts.path:
                continue
            assert parts.path.startswith("/catalogue/"), f"{path}: {link} leaves the folder of the site"
            target = unquote(parts.path.removeprefix("/catalogue/"))
            target = f"{target}index.html" if target.endswith("/") or not target else target
            assert (whole / target).is_file() or target in outputs, f"{path}: {link}"


def test_every_page_is_sound(whole: Path) -> None:
    for path, text in pages(whole).items():
        page = Page(text)
        assert len(page.ids) == len(set(page.ids)), path
        assert set(page.references) <= set(page.ids), path
        assert [tag for tag, _ in page.tags].count("h1") == 1, path
        assert "{{" not in text, path
        assert "{%" not in text, path
        for tag, attributes in page.tags:
            assert not any(name.startswith("on") or name == "style" for name in attributes), (path, tag)
            if tag == "script":
                assert "src" in attributes or attributes["type"] in (
                    "application/ld+json",
                    "application/json",
                )


def test_every_page_forbids_what_it_does_not_need(whole: Path) -> None:
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY
    for path, text in pages(whole).items():
        metas = [attributes for tag, attributes in Page(text).tags if tag == "meta"]
        assert {"http-equiv": "Content-Security-Policy", "content": CONTENT_SECURITY_POLICY} in metas, path


def test_pages_name_their_languages(whole: Path) -> None:
    page = Page((whole / "fr/dataset/street-trees-005/index.html").read_text())
    assert page.tags[0] == ("html", {"lang": "fr", "dir": "ltr"})
    links = {
        (a.get("hreflang"), a["href"]) for tag, a in page.tags if tag == "link" and a["rel"] == "alternate"
    }
    root = "https://elm.example/catalogue"
    for tag, prefix in (("en", ""), ("fr", "/fr"), ("es", "/es"), ("x-default", "")):
        assert (tag, f"{root}{prefix}/dataset/street-trees-005/") in links
    canonical = [a["href"] for tag, a in page.tags if tag == "link" and a["rel"] == "canonical"]
    assert canonical == [f"{root}/fr/dataset/street-trees-005/"]


def test_pages_speak_their_language(whole: Path) -> None:
    french = (whole / "fr/dataset/street-trees-005/index.html").read_text()
    assert "3 février 2026" in french
    assert "Licence" in french
    english = (whole / "dataset/street-trees-005/index.html").read_text()
    assert '<span lang="fr" dir="auto">Qualité de l’air 5</span>' in english
    assert '<span lang="fr"' not in french


def test_one_language_has_no_switch_and_no_other_tree(build: Build) -> None:
    folder = build(region.catalogue(3))
    text = (folder / "index.html").read_text()
    assert "hreflang" not in text
    assert not (folder / "en").exists()


# ------------------------------------------------------------------------------ same bytes


class Elsewhere(Executor):
    """An executor whose workers do not see our disk, as Dask's; it answers in order."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def test_the_same_catalogue_gives_the_same_bytes(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever renders them, and in batches of whatever size."""
    catalogue = region.catalogue(30, languages=("fr", "en"))
    expected = contents(build(catalogue))
    assert contents(build(catalogue)) == expected
    assert contents(build(catalogue, executor=Elsewhere())) == expected
    with ThreadPoolExecutor(2) as threads:
        assert contents(build(catalogue, executor=threads)) == expected
    with ProcessPoolExecutor(1, mp_context=get_context("forkserver")) as processes:
        assert contents(build(catalogue, executor=processes)) == expected
    monkeypatch.setattr(jobs, "DATASETS_AT_ONCE", 7)
    monkeypatch.setattr(jobs, "PAGES_AT_ONCE", 3)
    monkeypatch.setattr(jobs, "WAITING", 2)
    assert contents(build(catalogue, executor=Elsewhere())) == expected


def test_a_quiet_night_rewrites_no_page_of_a_dataset(build: Build) -> None:
    """When it was last checked stands on the source's page, the first one and /status/, and nowhere else."""
    before = region.catalogue(60)
    after = replace(
        before,
        as_of="2026-03-16T02:00:00Z",
        sources=tuple(
            replace(
                each,
                last_good="2026-03-16T02:00:00Z",
                harvests=(make.harvest(each.source.id, started="2026-03-16T02:00:00Z"), *each.harvests),
            )
            for each in before.sources
        ),
    )
    old, new = contents(build(before)), contents(build(after))
    assert old.keys() == new.keys()
    rewritten = {path for path in old if old[path] != new[path]}
    assert rewritten == {
        "index.html",
        "status/index.html",
        *(f"source/{each.source.id}/index.html" for each in before.sources),
    }


def test_an_empty_catalogue_is_a_site_too(build: Build) -> None:
    empty = replace(make.catalogue(), records=(), sources=(), as_of="", config=make.config())
    texts = pages(build(empty))
    assert texts.keys() >= {"index.html", "search/index.html", "datasets/index.html", "404.html"}
    for text in texts.values():
        Page(text)


def test_a_path_outside_the_folder_is_refused(tmp_path: Path) -> None:
    for path in ("../x", "/etc/x", "a/../../x"):
        with pytest.raises(ValueError, match="not below"):
            jobs.write(tmp_path, [(path, b"")])


# ------------------------------------------------------------------------------ what a region changes


def test_a_region_overrides_any_file(build: Build, tmp_path: Path) -> None:
    own = tmp_path / "site_templates"
    files = {
        "templates/parts/footer.html": "<footer>OURS {{ site.title }}</footer>",
        "static/style.css": "body {}",
        "static/logo.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "content/en/about.md": "# All about us\n\nWe have {{ datasets(counts.datasets) }}.",
        "content/en/opening-hours.md": "# Opening hours\n\nMornings.",
        "locale/en.po": 'msgid "Search"\nmsgstr "Look up"\n',
        ".hidden": "",
    }
    for path, text in files.items():
        (own / path).parent.mkdir(parents=True, exist_ok=True)
        (own / path).write_text(text)
    catalogue = make.catalogue()
    folder = build(replace(catalogue, config=replace(catalogue.config, folder=tmp_path)))
    home = (folder / "index.html").read_text()
    assert "<footer>OURS Elm Valley open data</footer>" in home
    assert "Look up" in home
    assert (folder / "static/style.css").read_text() == "body {}"
    assert (folder / "static/logo.svg").is_file()
    assert (folder / "static/search.js").is_file()
    assert "We have 3 datasets." in (folder / "about/index.html").read_text()
    assert "Mornings." in (folder / "opening-hours/index.html").read_text()


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        (
            "templates/home.html",
            "{% extends 'base.html' %}{% block",
            "templates/home.html: A template cannot be used",
        ),
        ("templates/home.html", "{{ nothing.there }}", "'nothing' is undefined"),
        ("templates/dataset.html", "{{ dataset.colour }}", "no attribute 'colour'"),
        ("templates/home.html", "{{ asset('logo.png') }}", "there is no file static/logo.png"),
        ("templates/home.html", "{% include 'nowhere.html' %}", "nowhere.html"),
        ("content/en/about.md", "No title", "content/en/about.md: The page has no title."),
        ("content/en/about.md", "# A\n\n{{ oops }}", "'oops' is undefined"),
        ("content/en/search.md", "# A\n", "“/search/” cannot be the address"),
        ("content/en/fr.md", "# A\n", "“/fr/” cannot be the address"),
        ("content/en/Big Page.md", "# A\n", "cannot be the address"),
    ],
)
def test_a_regions_slip_is_told_with_its_file(
    build: Build, tmp_path: Path, path: str, text: str, told: str
) -> None:
    file = tmp_path / "site_templates" / path
    file.parent.mkdir(parents=True)
    file.write_text(text)
    catalogue = region.catalogue(3, languages=("en", "fr"))
    catalogue = replace(catalogue, config=replace(catalogue.config, folder=tmp_path))
    with pytest.raises(HarvesterError) as error:
        build(catalogue)
    assert told in str(error.value)
    with (
        ProcessPoolExecutor(1, mp_context=get_context("forkserver")) as processes,
        pytest.raises(HarvesterError),
    ):
        build(catalogue, executor=processes)


def test_a_file_that_is_not_text_is_told(build: Build, tmp_path: Path) -> None:
    file = tmp_path / "site_templates/templates/home.html"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"caf\xe9")
    catalogue = make.catalogue()
    with pytest.raises(HarvesterError, match="not UTF-8"):
        build(replace(catalogue, config=replace(catalogue.config, folder=tmp_path)))


# ------------------------------------------------------------------------------ what pages show


def test_a_dataset_shows_what_a_resident_asks_for(whole: Path) -> None:
    text = re.sub(r"\s+", " ", (whole / "dataset/bus-stops-031/index.html").read_text())
    for said in (
        *("Bus stops 31", "All stops of the valley&#39;s buses.", "Department of Finance", "City Hall"),
        *("Important", "No licence", "last spring", "mailto:desk@elmford.example?subject=Bus%20stops%2031"),
        *(
            "2019 to June 2024",
            "In this catalogue since",
            "4 January 2026",
            "2 March 2026",
            "Download",
            "48 kB",
        ),
        *("These are the publisher&#39;s own terms.", "https://elm.example/catalogue/dataset/bus-stops-031/"),
    ):
        assert said in text, said


def test_restricted_data_is_said_to_be(whole: Path) -> None:
    assert "Only some people may get this data." in (whole / "dataset/air-quality-018/index.html").read_text()


def test_a_source_shows_how_it_does(whole: Path) -> None:
    text = re.sub(r"\s+", " ", (whole / "source/saint-hilaire/index.html").read_text())
    for said in (
        "Only a part could be read.",
        "The portal says that it has 40 datasets; 3 are shown here.",
        "1 entry could not be read",
        "The portal answered with an error.",
        "No licence",
    ):
        assert said in text, said
    assert "has not been visited yet" in (whole / "source/new-mill/index.html").read_text()


def test_lists_are_paged_with_prev_and_next(whole: Path) -> None:
    page = Page((whole / "datasets/page/2/index.html").read_text())
    turns = {a["rel"]: a["href"] for tag, a in page.tags if tag == "a" and a.get("rel") in ("prev", "next")}
    assert turns == {"prev": "/catalogue/datasets/", "next": "/catalogue/datasets/page/3/"}


def test_a_list_holds_each_of_its_datasets_once(whole: Path) -> None:
    listed = [
        link
        for number in ("", "page/2/", "page/3/")
        for link in Page((whole / f"datasets/{number}index.html").read_text()).links
        if link.startswith("/catalogue/dataset/")
    ]
    assert len(listed) == len(set(listed)) == 110


def test_unknown_formats_are_shown_and_not_linked(build: Build) -> None:
    odd = make.distribution(format=Coded(code=None, raw="<b>XYZ</b>"))
    folder = build(make.catalogue(make.record(distributions=(odd,))))
    assert "&lt;b&gt;XYZ&lt;/b&gt;" in (folder / "dataset/street-trees-000001/index.html").read_text()
    assert not (folder / "format").exists()
