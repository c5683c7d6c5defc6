"""sources.yaml: what is understood, and that every mistake is told at its line with what to write."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester import feeds, sources
from harvester.errors import ConfigError
from harvester.model import CatalogueConfig, Config, Problem, Source
from harvester.sources import addresses, catalogue, entries

HEAD = "catalogue:\n  title: Elm Valley\n  url: https://elm.example\nsources:\n"


@pytest.fixture(autouse=True)
def _known_types(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "names", lambda: ["ckan", "dcat", "dcat_us", "spreadsheet"])


def load(folder: Path, text: str | bytes) -> Config:
    file = folder / "sources.yaml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return sources.load(file)


def mistakes(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(ConfigError) as raised:
        load(folder, text)
    return [str(mistake) for mistake in raised.value.mistakes]


def only_source(folder: Path, entry: str) -> Source:
    (source,) = load(folder, HEAD + entry).sources
    return source


# ------------------------------------------------------------------------------ what is understood


def test_one_line_is_enough_for_a_town(tmp_path: Path) -> None:
    """`url` is the only key an entry needs; id and name come from the host, the rest is found out."""
    source = only_source(tmp_path, "  - url: https://data.elmford.example/\n")
    assert source == Source(id="elmford", url="https://data.elmford.example/", name="data.elmford.example")


def test_every_key_is_read(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("x")
    config = load(
        tmp_path,
        """
catalogue:
  title: {en: Elm Valley, fr: Vallée des ormes}
  description: Everything the valley publishes.
  url: https://elm.example/catalogue/
  languages: [en, fr, pt-br]
  contact: mailto:data@elm.example
  bbox: [-83.3, 42, -82.9, "42.5"]
  footer: |
    First line
    second line
  issues_url: https://git.example/elm/issues?label=data
profile: own.yaml
sources:
  - url: https://data.elmford.example
    name: Town of   Elmford
    id: elmford-town
    level: Municipality
    type: ckan
    contact: desk@elmford.example
    licence: CC-BY-4.0
    language: fr
    enabled: no
    allow_private: yes
    settings: {rows: 100, fq: "org:parks", nested: [1.5, null, true, 0x10]}
""",
    )
    assert config.folder == tmp_path
    assert config.profile == tmp_path / "own.yaml"
    about = config.catalogue
    assert about.title == {"en": "Elm Valley", "fr": "Vallée des ormes"}
    assert about.description == {"en": "Everything the valley publishes."}
    assert about.url == "https://elm.example/catalogue"
    assert about.languages == ("en", "fr", "pt-BR")
    assert about.contact == "data@elm.example"
    assert about.bbox == (-83.3, 42.0, -82.9, 42.5)
    assert about.footer == {"en": "First line\nsecond line"}
    assert about.issues_url == "https://git.example/elm/issues?label=data"
    (source,) = config.sources
    assert source == Source(
        id="elmford-town",
        url="https://data.elmford.example",
        name="Town of Elmford",
        level="municipality",
        type="ckan",
        contact="desk@elmford.example",
        licence="CC-BY-4.0",
        language="fr",
        enabled=False,
        allow_private=True,
        settings={"rows": 100, "fq": "org:parks", "nested": [1.5, None, True, 16]},
    )


def test_text_that_is_no_map_is_in_the_first_language(tmp_path: Path) -> None:
    config = load(tmp_path, "catalogue: {title: Orme, url: https://o.example, languages: [fr, en]}")
    assert config.catalogue.title == {"fr": "Orme"}
    assert config.sources == ()


def test_one_language_need_not_stand_in_a_list(tmp_path: Path) -> None:
    assert load(
        tmp_path, "catalogue: {title: Orme, url: https://o.example, languages: fr}"
    ).catalogue.languages == ("fr",)


def test_norwegian_is_a_language_and_not_false(tmp_path: Path) -> None:
    assert only_source(tmp_path, "  - {url: https://a.example, language: no}").language == "no"


@pytest.mark.parametrize("nothing", ["", "  []\n", "  # none yet\n"])
def test_a_catalogue_may_have_no_sources_yet(tmp_path: Path, nothing: str) -> None:
    assert load(tmp_path, HEAD + nothing).sources == ()


@pytest.mark.parametrize("tag", ["fr", "pt-BR", "zh-Hant", "sr-Latn-RS", "en-GB-oxendict", "haw"])
def test_a_language_is_written_in_its_usual_letters(tmp_path: Path, tag: str) -> None:
    for written in (tag.upper(), tag.lower().replace("-", "_")):
        assert only_source(tmp_path, f"  - {{url: https://a.example, language: {written}}}").language == tag


def test_a_blank_value_is_no_value(tmp_path: Path) -> None:
    source = only_source(tmp_path, "  - url: https://a.elm.example\n    name:\n    level:\n    settings:\n")
    assert (source.name, source.level, source.settings) == ("a.elm.example", None, {})


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://data.elm.example", "https://data.elm.example"),
        ("data.elm.example", "https://data.elm.example"),
        ("www.elm.example/open-data", "https://www.elm.example/open-data"),
        ("elm.example/data.csv", "https://elm.example/data.csv"),
        ("https://elm.example/#/explore", "https://elm.example/"),
        ("http://127.0.0.1:8101/", "http://127.0.0.1:8101/"),
        ("https://données.montréal.example/fr", "https://données.montréal.example/fr"),
        ("https://[2001:db8::1]:8080/x", "https://[2001:db8::1]:8080/x"),
    ],
)
def test_an_address_alone_is_an_entry(tmp_path: Path, written: str, url: str) -> None:
    """Also without https://, as people say it."""
    assert only_source(tmp_path, f"  - {written}\n").url == url


@pytest.mark.parametrize("written", ["lists/inventory.csv", "./lists/inventory.csv", "lists"])
def test_a_path_beside_the_file_is_a_source(tmp_path: Path, written: str) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "inventory.csv").write_text("title\n")
    source = only_source(tmp_path, f"  - url: {written}\n")
    assert (source.url, source.path) == (written, (tmp_path / written).resolve())


def test_a_file_is_meant_when_a_name_could_be_a_host_too(tmp_path: Path) -> None:
    (tmp_path / "elm.example").write_text("{}")
    assert only_source(tmp_path, "  - elm.example\n").path == tmp_path / "elm.example"


@pytest.mark.parametrize(
    ("address", "id", "name"),
    [
        ("https://data.wprdc.org/", "wprdc", "data.wprdc.org"),
        ("https://www.donneesquebec.ca", "donneesquebec", "donneesquebec.ca"),
        ("https://data-southbend.opendata.arcgis.com", "southbend", "data-southbend.opendata.arcgis.com"),
        ("https://data.london.gov.uk", "london", "data.london.gov.uk"),
        ("https://parks.data.elmford.example", "parks-elmford", "parks.data.elmford.example"),
        ("https://data.gov.uk/x", "data-gov-uk", "data.gov.uk"),
        ("https://opendata.swiss", "opendata-swiss", "opendata.swiss"),
        ("http://127.0.0.1:8101/data/", "127-0-0-1-8101", "127.0.0.1:8101"),
        ("http://localhost:5000", "localhost-5000", "localhost:5000"),
        ("http://[::1]/", "portal-1", "::1"),
        ("https://données.montréal.ca", "montreal", "données.montréal.ca"),
        ("https://xn--bcher-kva.example", "bucher", "xn--bcher-kva.example"),
        ("https://δεδομένα.gr", "xn-ixaihae7bin", "δεδομένα.gr"),
    ],
)
def test_id_and_name_come_from_the_host(address: str, id: str, name: str) -> None:
    """Ids are addresses of pages for ever: a change in this table breaks links that people keep."""
    assert (addresses.id_of_web(address), addresses.name_of_web(address)) == (id, name)


@pytest.mark.parametrize(
    ("path", "id"),
    [
        ("inventory.csv", "inventory"),
        ("maplewood/inventory.csv", "maplewood"),
        ("a/Maple Wood 2024.xlsx", "maple-wood-2024"),
        ("../elmford/data-2024.json", "elmford"),
        ("données.csv", "donnees"),
        ("数据.csv", "file"),
    ],
)
def test_the_id_of_a_file_is_its_name_or_its_folders(path: str, id: str) -> None:
    assert addresses.id_of_file(addresses.PurePosixPath(path)) == id


@given(st.from_regex(r"[^\x00-\x20/?#@]{1,80}", fullmatch=True))
def test_an_id_can_always_be_made_and_is_a_slug(host: str) -> None:
    address = f"https://{host}/"
    if addresses.split_web(address):
        made = addresses.id_of_web(address)
        assert made
        assert made == addresses.slug(made)
        assert addresses.name_of_web(address)


def test_a_file_in_utf_16_or_with_windows_line_ends_is_read(tmp_path: Path) -> None:
    text = (HEAD + "  - données.example\n").replace("\n", "\r\n")
    assert load(tmp_path, text.encode("utf-16")).sources[0].url == "https://données.example"
    assert load(tmp_path, text.encode("utf-8-sig")).sources[0].url == "https://données.example"


def test_what_no_page_can_hold_is_left_out_of_text(tmp_path: Path) -> None:
    source = only_source(tmp_path, '  - {url: https://a.example, name: "A\\0 town\\ud800\\n B"}')
    assert source.name == "A town B"


# ------------------------------------------------------------------------------ mistakes


def test_all_mistakes_are_told_at_once_in_the_order_of_their_lines(tmp_path: Path) -> None:
    assert mistakes(
        tmp_path,
        """catalogue:
  titel: Elm Valley
  url: elm.example
sources:
  - url: https://data.elmford.example
    level: town
    licens: CC0
  - name: A town without an address
  - url: https://b.example
    type: dcat-us
colour: green
""",
    ) == [
        "sources.yaml:2: There is no key “titel” here. Write title.",
        "sources.yaml:2: The catalogue has no title. Write below catalogue:   title: Open data of the Elm "
        "Valley",
        "sources.yaml:3: url must be the address at which the site will stand, from https:// on, and "
        "“elm.example” is not. Write   url: https://data.elmvalley.example",
        "sources.yaml:6: There is no level “town”. Write   level: municipality",
        "sources.yaml:7: There is no key “licens” here. Write licence.",
        "sources.yaml:8: This source has no url. Write   - url: https://data.elmford.example",
        "sources.yaml:10: There is no type “dcat-us”. Write   type: dcat_us   or leave it out: it is found "
        "out by looking.",
        "sources.yaml:11: There is no key “colour” here. These can stand here: catalogue, profile, sources.",
    ]


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        # keys
        ("license: MIT", "no key “license” here. Write licence."),
        ("title: Elmford", "no key “title” here. Write name."),
        ("allow-private: true", "no key “allow-private” here. Write allow_private."),
        ("xyzzy: 1", "no key “xyzzy” here. These can stand here: url, name, id, level,"),
        ("name: A\n    name: B", "name stands twice, here and in line 6. Keep one of them."),
        # text
        ("name: [a, b]", "name must be text, and this is a list. Write   name: Town of Elmford"),
        ("name: {en: a}", "name must be text, and these are keys with values."),
        (
            "name: 311",
            "name must be text; 311 is a number, a date, or true or false to YAML. Put it into quotation "
            'marks:   name: "311"',
        ),
        ("licence: true", 'Put it into quotation marks:   licence: "true"'),
        ("name: 2026-01-01", 'Put it into quotation marks:   name: "2026-01-01"'),
        ('name: "  "', "name is empty."),
        # single keys
        (
            "id: Elm Ford",
            "“Elm Ford” cannot be the address of a page: small letters, digits and single dashes can. "
            "Write   id: elm-ford",
        ),
        ("id: ../x", "Write   id: x"),
        ("id: 日本", "Write   id: elmford"),
        ("level: cty", "no level “cty”. Write   level: county"),
        ("level: galaxy", "Write one of national, state, region, county, municipality, agency."),
        ("type: excel", "Write one of ckan, dcat, dcat_us, spreadsheet, or leave it out"),
        (
            "contact: the town hall",
            "“the town hall” is not a mail address. Write   contact: data@elmford.example",
        ),
        ("contact: https://a.example/form", "is not a mail address"),
        (
            "language: english",
            "“english” is not the tag of a language that we know. Write a tag such as en, fr,",
        ),
        ("enabled: maybe", "enabled must be true or false. Write   enabled: true   or   enabled: false"),
        ("enabled: 1", "enabled must be true or false."),
        ("allow_private: []", "allow_private must be true or false."),
        ("settings: rows=100", "settings must be keys with values."),
        ("settings: &a {b: [*a]}", "settings holds too much, or is nested too deeply."),
    ],
)
def test_a_mistake_in_an_entry_says_what_to_write(tmp_path: Path, entry: str, told: str) -> None:
    (mistake,) = mistakes(tmp_path, f"{HEAD}  - url: https://data.elmford.example\n    {entry}\n")
    assert mistake.startswith("sources.yaml:7: " if "\n" in entry else "sources.yaml:6: ")
    assert told in mistake


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https//data.elm.example", "“https//data.elm.example” is not an address that can be asked for."),
        ("https:/data.elm.example", "“https:/data.elm.example” is not an address that can be asked for."),
        ("htps://data.elm.example", "“htps://data.elm.example” is neither an http nor an https address."),
        (
            "ftp://data.elm.example/x.csv",
            "is neither an http nor an https address. Write   url: https://data.elmford."
            "example   or, for a file, its path",
        ),
        ("file:///etc/passwd", "is neither an http nor an https address."),
        ("https://data elm.example", "is not an address that can be asked for."),
        ("https://https://data.elm.example", "is not an address that can be asked for."),
        ("https://data.elm.example:port/", "is not an address that can be asked for."),
        ("https://[::1/", "is not an address that can be asked for."),
        ("https://data..example", "is not an address that can be asked for."),
        ("https://", "is not an address that can be asked for."),
        (
            "inventory.csv",
            "no file “inventory.csv”, seen from the folder of sources.yaml. Mend the path, or write a "
            "portal's address from https:// on:",
        ),
        ("inventory.cvs", "no file “inventory.cvs”"),
        ("../../nowhere/x.json", "no file “../../nowhere/x.json”"),
        ("C:\\data\\x.csv", "no file “C:\\data\\x.csv”"),
        ("localhost:5000", "no file “localhost:5000”"),
        ("javascript:alert(1)", "no file “javascript:alert(1)”"),
        ("x" * 5000, "no file “xxx"),
    ],
)
def test_an_address_that_leads_nowhere_is_a_mistake(tmp_path: Path, url: str, told: str) -> None:
    (mistake,) = mistakes(tmp_path, f"{HEAD}  - url: '{url}'\n")
    assert mistake.startswith("sources.yaml:5: ")
    assert told in mistake
    assert len(mistake) < 500


def test_a_password_in_an_address_is_a_mistake_and_is_not_repeated(tmp_path: Path) -> None:
    (mistake,) = mistakes(tmp_path, f"{HEAD}  - https://clerk:s3cret@data.elm.example/\n")
    assert "must not hold a name and a password" in mistake
    assert "s3cret" not in mistake


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        (
            ["url: https://data.elm.example", "url: http://www.data.elm.example/"],
            "source stands in line 5 already",
        ),
        (
            ["{url: https://a.example, id: x}", "{url: https://b.example, id: x}"],
            "Two sources have the id x: this one and line 5. Give this one an id of its own",
        ),
        (
            ["url: https://data.elm.example/org/parks", "url: https://data.elm.example/org/roads"],
            "The id that the address gives, elm, belongs to line 5 already. Give this one an id of its own, "
            "for example   id: elm-roads",
        ),
    ],
)
def test_two_sources_that_are_alike_are_a_mistake(tmp_path: Path, entries: list[str], told: str) -> None:
    """An id is the address of a page for ever, so that none is changed in silence."""
    found = mistakes(tmp_path, HEAD + "".join(f"  - {entry}\n" for entry in entries))
    assert all(mistake.startswith("sources.yaml:6: ") for mistake in found)
    assert told in found[0]


def test_an_id_that_is_written_goes_before_one_that_is_made(tmp_path: Path) -> None:
    (mistake,) = mistakes(
        tmp_path, HEAD + "  - https://data.elm.example\n  - {url: https://b.example, id: elm}\n"
    )
    assert mistake.startswith(
        "sources.yaml:5: The id that the address gives, elm, belongs to line 6 already."
    )


@pytest.mark.parametrize(
    ("block", "told"),
    [
        (
            "sources: https://data.elm.example",
            "4: sources must be a list. Write   sources:   and below it   - url:",
        ),
        ("sources:\n  elm: {url: https://a.example}", "5: sources must be a list."),
        ("sources:\n  - ", "5: This source has no url."),
        (
            "sources:\n  - [https://a.example]",
            "5: Keys with values are due here. Write each on a line of its own, as",
        ),
        ("profile: nowhere.yaml", "4: There is no profile “nowhere.yaml”."),
        ("profile: ..", "4: There is no profile “..”."),
        (
            "level: state",
            "4: There is no key “level” here. Write it below sources:, in the entry of its source.",
        ),
    ],
)
def test_a_mistake_at_the_top_says_what_to_write(tmp_path: Path, block: str, told: str) -> None:
    assert f"sources.yaml:{told}" in mistakes(tmp_path, HEAD.replace("sources:\n", "") + block)[0]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("languages: [en, en]", "The language en stands twice. Write it once."),
        ("languages: [en, klingonish]", "“klingonish” is not the tag of a language"),
        ("languages: {en: 1}", "languages must be a list. Write   languages: [en, fr]"),
        ("description: {en: a, xx-yy-zz: b}", "“xx-yy-zz” is not the tag"),
        ("description: [a]", "description must be text, and this is a list."),
        ("contact: nobody", "“nobody” is not a mail address. Write   contact: data@elmvalley.example"),
        (
            "bbox: [42.2, -83.3, 42.5]",
            "bbox must be four numbers in degrees: west, south, east, north. Write   bbox:",
        ),
        ("bbox: [-83.3, 42.5, -82.9, 42.2]", "bbox must be four numbers"),
        ("bbox: [-83.3, .nan, -82.9, .inf]", "bbox must be four numbers"),
        ("bbox: 1, 2, 3, 4", "bbox must be a list. Write   bbox: [-83.3, 42.2, -82.9, 42.5]"),
        ("issues_url: mailto:x@a.example", "is not an address that a browser can open."),
    ],
)
def test_a_mistake_in_the_catalogue_says_what_to_write(tmp_path: Path, line: str, told: str) -> None:
    (mistake,) = mistakes(tmp_path, f"catalogue:\n  title: E\n  url: https://e.example\n  {line}\n")
    assert mistake.startswith("sources.yaml:4: ")
    assert told in mistake


@pytest.mark.parametrize(
    "url", ["https://e.example/?a=b", "https://e.example/#x", "ftp://e.example", "/srv/www"]
)
def test_the_sites_address_is_one_that_pages_can_be_put_under(tmp_path: Path, url: str) -> None:
    (mistake,) = mistakes(tmp_path, f"catalogue:\n  title: E\n  url: {url}\n")
    assert mistake.startswith("sources.yaml:3: url must be the address at which the site will stand")


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("a:\n\tb: 1\n", 2, "A tab stands where blanks are due."),
        ("a: x\nb: 'y\nc: z\n", 2, "A quotation mark is opened here and never closed."),
        ("a: Elmford: the town\n", 1, "A colon stands inside a value"),
        ("a: @home\n", 1, "A value cannot begin with this character."),
        ("a: *star\n", 1, "A value cannot begin with *."),
        ('a: "C:\\data"\n', 1, "A backslash in double quotation marks has a special meaning."),
        ("a: [b,\n c: d\n", 1, "A bracket is opened here and not closed"),
        ("a:\n  b: 1\n c: 2\n", 3, "This line does not fit to the lines before it."),
        ("- a\nb: 1\n", 2, "This line does not fit to the lines before it."),
        ("a: 1\n---\nb: 2\n", 2, "A second document begins here."),
        ("a: 1\nb: x\x07y\n", 2, "An invisible control character (number 7) stands here."),
        (b"a: 1\nb: caf\xe9\n", 2, "A letter here is not written in UTF-8."),
        ("[" * 900, 1, "The file is nested too deeply."),
        ("- a\n- b\n", 1, "Keys with values are due here."),
        ("just words", 1, "Keys with values are due here."),
    ],
)
def test_what_is_no_yaml_is_told_in_plain_words(
    tmp_path: Path, text: str | bytes, line: int, told: str
) -> None:
    (mistake,) = mistakes(tmp_path, text)
    assert mistake.startswith(f"sources.yaml:{line}: {told}")


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "catalogue:\n"])
def test_an_empty_file_lacks_title_and_url(tmp_path: Path, text: str) -> None:
    assert [m.split(" Write")[0] for m in mistakes(tmp_path, text)] == [
        "sources.yaml:1: The catalogue has no title.",
        "sources.yaml:1: The catalogue has no url.",
    ]


def test_a_file_that_is_not_there_is_told_with_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"sources\.yaml: There is no such file\. “harvester init"):
        sources.load(tmp_path / "sources.yaml")
    with pytest.raises(ConfigError, match="The file cannot be read"):
        sources.load(tmp_path)


# ------------------------------------------------------------------------------ whatever it holds

YAML_WORDS = """catalogue: sources: profile: url: title: settings: id: bbox: languages: level: - { } [ ] , :
# &a *a !!int <<: !!python/object:os.system ' " | > ?
%YAML --- ... \\ \x85 https://a.example x 1e999 0x .nan ~
2026-01-01 true é \ud800 \x00"""
yaml_text = st.lists(
    st.sampled_from([*YAML_WORDS.split(), " ", "\n", "\n  ", "\n  - ", "\t"]), max_size=25
).map("".join)


def found_in(file: Path) -> list[Problem]:
    """The mistakes in a file: at least one, or none when it can be read."""
    try:
        sources.load(file)
    except ConfigError as error:
        return error.mistakes or pytest.fail("an error without a mistake")
    return []


@given(st.one_of(st.binary(), yaml_text.map(lambda words: "".join(words).encode("utf-8", "surrogatepass"))))
def test_any_bytes_are_a_config_or_a_config_error(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    """And every mistake has its line and can be told."""
    file = tmp_path_factory.getbasetemp() / "any.yaml"
    file.write_bytes(raw)
    lines = raw.count(b"\n") + raw.count(b"\x85") + 2
    for mistake in found_in(file):
        assert mistake.where.startswith("any.yaml:")
        assert int(mistake.where.split(":")[1]) <= lines
        assert str(mistake).isprintable()


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["url", "title", "id", "sources", "catalogue", "x"]), inner)
        ),
    )
)
def test_any_structure_is_a_config_or_a_config_error(
    tmp_path_factory: pytest.TempPathFactory, tree: object
) -> None:
    import yaml

    file = tmp_path_factory.getbasetemp() / "tree.yaml"
    file.write_text(yaml.safe_dump({"catalogue": tree, "sources": [tree]}, allow_unicode=False))
    assert all(str(mistake) for mistake in found_in(file))


def test_the_replayed_portals_are_read_whole(replay: Any, tmp_path: Path) -> None:
    """Fifty-six entries as a maintainer would write them."""
    found = load(tmp_path, replay().sources()).sources
    assert len(found) > 50
    assert all(source.level and source.allow_private and source.id for source in found)


# ------------------------------------------------------------------------------ docs/sources.md

PAGE = (Path(__file__).parents[1] / "docs" / "sources.md").read_text("utf-8")


def test_the_page_tells_every_key() -> None:
    told = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    assert told == {*catalogue.KEYS, *entries.KEYS}
    assert told == {f for f in (*Source.__struct_fields__, *CatalogueConfig.__struct_fields__) if f != "path"}


def test_the_pages_example_can_be_read(tmp_path: Path) -> None:
    _, example, _ = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert len(load(tmp_path, example).sources) == 4


def test_the_pages_mistakes_are_told_as_it_says(tmp_path: Path) -> None:
    _, _, example = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (told,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    assert mistakes(tmp_path, example) == told.splitlines()


@pytest.mark.parametrize(("line", "told"), re.findall(r"^\| `(\S+: .+?)` \| (.+) \|$", PAGE, re.MULTILINE))
def test_the_pages_single_mistakes_are_told_as_it_says(tmp_path: Path, line: str, told: str) -> None:
    (mistake,) = mistakes(tmp_path, f"{HEAD}  - url: https://data.elmford.example\n    {line}\n")
    assert mistake.split(": ", 1)[1] == told
