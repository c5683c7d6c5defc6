"""The site in a real browser, under its Content-Security-Policy, as residents use it."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from harvester import quality, site
from harvester.site import CONTENT_SECURITY_POLICY
from tests import make
from tests.site import region
from tests.site.test_hostile import ATTACKS, attacked

TEMPLATES = {
    "home": "/",
    "search": "/search/",
    "search with results": "/search/?q=stops",
    "search with nothing": "/search/?q=xyzzyxyzzy",
    "dataset": "/dataset/street-trees-015/",
    "dataset without anything": "/dataset/restaurant-inspections-024/",
    "datasets": "/datasets/page/2/",
    "publisher": "/publisher/parks/",
    "publishers": "/publishers/",
    "topic": "/topic/environment/",
    "topics": "/topics/",
    "format": "/format/csv/",
    "formats": "/formats/",
    "source": "/source/saint-hilaire/",
    "source in trouble": "/source/ash-county/",
    "sources": "/sources/",
    "content": "/for-towns/",
    "not found": "/404.html",
    "in French": "/fr/dataset/street-trees-015/",
}


class Server(SimpleHTTPRequestHandler):
    """The built folder, with the header that `harvester serve` sends."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", f"{CONTENT_SECURITY_POLICY}; frame-ancestors 'none'")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the tests look at what the browser says."""


def serve(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Server, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; that it is missing is a failure, because `make test` installs it."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("served")
    odd = make.record(
        500,
        id="seeds",
        keywords=(),
        title={"en": "Seeds, naïve café prices"},
        description={"en": "Rare zebra crossings."},
    )
    made = region.catalogue(66, odd, languages=("en", "fr"))
    site.build(made, folder, profile=quality.load_profile(None))
    yield from serve(folder)


class Watched:
    """A page, and everything that it complained about or asked others for."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = address
        self.page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(f"dialog {dialog.message}"))
        self.page.on("request", lambda request: self._asked(request.url))

    def _asked(self, url: str) -> None:
        if not url.startswith(self.address):
            self.complaints.append(f"asked for {url}")

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        if "/search/?" in path:
            expect(self.page.locator("#status")).not_to_have_text("")
            expect(self.page.locator("#status")).not_to_contain_text("…")  # while it is loading
        return self.page


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Any]:
    """Opens a page of the site; afterwards the console must be silent and nobody else asked."""
    contexts: list[BrowserContext] = []
    watched: list[Watched] = []

    def open_page(path: str, at: str = address, **options: Any) -> Page:
        contexts.append(browser.new_context(**options))
        watched.append(Watched(contexts[-1], at))
        return watched[-1].open(path)

    yield open_page
    for context in contexts:
        context.close()
    assert [complaint for each in watched for complaint in each.complaints] == []


# ------------------------------------------------------------------------------ everybody


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_anybodys_way(browser: Browser, address: str, width: int, scheme: Any) -> None:
    """Every template: no axe-core violation, nothing wider than the window, a silent console."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    watched, axe, found = Watched(context, address), Axe(), []
    for name, path in TEMPLATES.items():
        page = watched.open(path)
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{name}: wider than {width}")
        options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
        for violation in axe.run(page, options=options).response["violations"]:
            node = violation["nodes"][0]
            found.append(f"{name}: {violation['id']} {node['html']} {node['failureSummary']}")
    context.close()
    assert found == []
    assert watched.complaints == []


def test_the_first_key_skips_to_the_content(visit: Any) -> None:
    page = visit("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_attacks_do_nothing(browser: Browser, tmp_path: Path) -> None:
    """No dialog, no complaint, no request to anybody: on pages, in lists, and in the search."""
    records = [attacked(number, attack) for number, attack in enumerate(ATTACKS)]
    site.build(make.catalogue(*records), tmp_path, profile=quality.load_profile(None))
    served = serve(tmp_path)
    address = next(served)
    context = browser.new_context(viewport={"width": 375, "height": 800})
    watched = Watched(context, address)
    for record in records:
        page = watched.open(f"/dataset/{record.dataset.id}/")
        assert page.evaluate("document.documentElement.scrollWidth") <= 375, record.dataset.id
    for path in ("/", "/datasets/", "/publishers/", "/source/elmford/", "/search/?q=alert"):
        page = watched.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 375, path
    assert page.locator("#cards li").count() > 0
    context.close()
    served.close()
    assert watched.complaints == []


# ------------------------------------------------------------------------------ without JavaScript


def test_without_javascript_everything_is_reached_and_the_search_says_what_to_do(visit: Any) -> None:
    page = visit("/", java_script_enabled=False)
    page.fill("#q", "stops")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=stops")
    assert "Searching needs JavaScript" in page.inner_text("main")
    page.get_by_role("main").get_by_role("link", name="Transport").click()
    page.get_by_role("link", name="Bus stops 31").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bus stops 31")
    expect(page.get_by_role("link", name="desk@elmford.example")).to_be_visible()
    page.locator("summary").first.click()
    expect(page.locator(".mend").first).to_be_visible()


# ------------------------------------------------------------------------------ the search


def test_the_search_finds_from_the_first_page(visit: Any) -> None:
    page = visit("/")
    page.fill("#q", "zebra")
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_have_text("Datasets found: 1")
    card = page.locator("#cards .card")
    expect(card.locator("h3")).to_have_text("Seeds, naïve café prices")
    expect(card).to_contain_text("Parks Department")
    expect(card).to_contain_text("Town of Elmford")
    expect(card).to_contain_text("Last changed: 14 March 2026")
    card.locator("a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Seeds, naïve café prices")


def test_what_is_typed_is_found_at_once_and_stands_in_the_address(visit: Any) -> None:
    page = visit("/search/")
    expect(page.locator("#browse")).to_be_visible()
    page.locator("#q").press_sequentially("naive caf")
    expect(page.locator("#status")).to_have_text("Datasets found: 1")
    expect(page).to_have_url(re.compile(re.escape("/search/?q=naive+caf") + "$"))
    expect(page.locator("#browse")).to_be_hidden()
    page.fill("#q", "")
    expect(page.locator("#browse")).to_be_visible()


def test_results_are_paged_and_going_back_works(visit: Any) -> None:
    page = visit("/search/?q=elmford")
    expect(page.locator("#status")).to_have_text("Datasets found: 23 · Showing 1 to 20")
    expect(page.locator("#cards > li")).to_have_count(20)
    page.get_by_role("link", name="Next page").click()
    expect(page.locator("#cards > li")).to_have_count(3)
    expect(page.locator("#found")).to_be_focused()
    expect(page).to_have_url(re.compile(r"\?q=elmford&page=2$"))
    page.go_back()
    expect(page.locator("#cards > li")).to_have_count(20)
    page.goto(page.url.replace("q=elmford", "q=elmford&page=99"))
    expect(page.locator("#cards > li")).to_have_count(3)


def test_filters_narrow_count_and_are_taken_off(visit: Any) -> None:
    page = visit("/search/?q=trees")
    option = page.get_by_role("checkbox", name="Ash County")
    count = int(page.locator("label", has_text="Ash County").locator(".count").inner_text())
    option.focus()
    page.keyboard.press("Space")
    expect(page.locator("#status")).to_have_text(f"Datasets found: {count}")
    expect(page.get_by_role("checkbox", name="Ash County")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Ash County")).to_be_focused()
    expect(page).to_have_url(re.compile(re.escape("?q=trees&source=ash-county") + "$"))
    page.get_by_role("checkbox", name="Town of Elmford").check()
    expect(page).to_have_url(re.compile(re.escape("?q=trees&source=ash-county&source=elmford") + "$"))
    page.get_by_role("checkbox", name="CSV").check()
    expect(page).to_have_url(re.compile(re.escape("&format=csv") + "$"))
    page.reload()
    expect(page.get_by_role("checkbox", name="CSV")).to_be_checked()
    page.get_by_role("button", name="Take all filters off").click()
    expect(page.locator("#status")).to_contain_text("Datasets found: 13")


def test_a_filter_alone_lists_what_passes_it(visit: Any) -> None:
    page = visit("/search/?topic=transport")
    expect(page.locator("#status")).to_have_text("Datasets found: 14")


def test_a_slip_of_the_finger_is_forgiven_and_said(visit: Any) -> None:
    page = visit("/search/?q=restuarant+inspektions")
    expect(page.locator("#status")).to_contain_text(
        "Nothing has “restuarant” in it, so these have “restaurant”."
    )
    expect(page.locator("#cards > li").first).to_contain_text("Restaurant inspections")


def test_what_is_not_there_is_said_to_those_who_cannot_see(visit: Any) -> None:
    page = visit("/search/?q=xyzzyxyzzy")
    expect(page.get_by_role("status")).to_contain_text("Nothing was found.")
    expect(page.locator("#cards > li")).to_have_count(0)
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.locator("#browse")).to_be_visible()


def test_the_search_speaks_the_language_of_its_page(visit: Any) -> None:
    page = visit("/fr/search/?q=qualite")
    expect(page.locator("#cards h3").first).to_contain_text("Qualité de l’air")
    assert page.locator("#cards a").first.get_attribute("href").startswith("/fr/dataset/")
    expect(page.locator("#cards .card__date").first).to_contain_text("2026")
    page = visit("/search/?q=qualite")
    expect(page.locator("#cards a").first).to_have_attribute("lang", "fr")


def test_a_search_that_cannot_load_says_so(browser: Browser, address: str) -> None:
    context = browser.new_context()
    context.route("**/index.json*", lambda route: route.fulfill(status=503))
    page = context.new_page()
    page.goto(f"{address}/search/?q=trees")
    expect(page.locator("#status")).to_contain_text("could not be loaded")
    expect(page.locator("#browse")).to_be_visible()
    context.close()


# ------------------------------------------------------------------------------ what matches what

DATASETS = [
    ("trees", "Street trees", ["oak"], "Every tree with its girth."),
    ("stops", "Bus stops", ["transit"], "Stops near trees."),
    ("cafe", "Café terraces", [], "Where people sit outside."),
    ("arbres", "Arbres de rue", ["élagage"], "Œuvre d'art à l'ombre."),
    ("bus", "Buses by route", [], "Vehicles."),
]

MATCHES = """async ([address, datasets, question]) => {
  const { buildIndex, search } = await import(`${address}/static/matching.js`);
  const all = datasets.map(([id, title, keywords, text]) =>
    ({ id, title, publisher: "Town", source: ["elmford"], keywords, text }));
  const { places, read } = search(buildIndex(all, () => "Elmford"), question);
  return { ids: places.map((place) => all[place].id), read };
}"""


@pytest.mark.parametrize(
    ("question", "ids", "read"),
    [
        ("trees", ["trees", "stops"], []),  # a title weighs more than a description
        ("tree", ["trees", "stops"], []),
        ("TREES street", ["trees"], []),  # all words must be there
        ("the trees of the street", ["trees"], []),  # common words need not
        ("cafe", ["cafe"], []),
        ("CAFÉ", ["cafe"], []),
        ("elagage", ["arbres"], []),
        ("oeuvre", ["arbres"], []),
        ("ter", ["cafe"], []),  # the last word may be unfinished
        ("terrases", ["cafe"], [["terrases", "terraces"]]),  # one letter wrong
        ("tearraces", ["cafe"], [["tearraces", "terraces"]]),
        ("strete", ["trees"], [["strete", "street"]]),  # two swapped
        ("transti stops", ["stops"], [["transti", "transit"]]),
        ("elmford oak", ["trees"], []),  # the town's name is searched, too
        ("xyz", [], []),  # three letters leave no room for slips
        ("", ["trees", "stops", "cafe", "arbres", "bus"], []),
        ("!!!", ["trees", "stops", "cafe", "arbres", "bus"], []),
        ("the", [], []),
    ],
)
def test_words_match(visit: Any, address: str, question: str, ids: list[str], read: list[list[str]]) -> None:
    page = visit("/about/")
    assert page.evaluate(MATCHES, [address, DATASETS, question]) == {"ids": ids, "read": read}


@pytest.mark.parametrize(
    ("first", "second", "limit", "slips"),
    [
        ("abc", "abc", 2, 0),
        ("abc", "abd", 2, 1),
        ("abcd", "abdc", 2, 1),
        ("abc", "", 2, 3),
        ("kitten", "sitting", 3, 3),
    ],
)
def test_slips_are_counted(visit: Any, address: str, first: str, second: str, limit: int, slips: int) -> None:
    page = visit("/about/")
    count = "async ([at, a, b, limit]) => (await import(`${at}/static/matching.js`)).distance(a, b, limit)"
    assert page.evaluate(count, [address, first, second, limit]) == slips
