"""A finding in words for a person: what it means, how to mend it, and where to click."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from harvester.model import Finding
from harvester.quality.profile import UNKNOWN, Profile, Words


class Explanation(Struct, frozen=True, kw_only=True):
    """English messages, to be translated and then filled with `values` (`raw`, `label`)."""

    title: str
    meaning: str
    remedy: str
    place: str  # where to click on this platform; blank where we do not know
    values: dict[str, str]


def explain(finding: Finding, profile: Profile, feed: str | None = None) -> Explanation:
    """What a finding says to the people whose source is of this feed type."""
    words = profile.words.get(finding.code) or profile.words[UNKNOWN]
    place, label = _place(finding.field or "", profile, feed)
    return Explanation(
        title=words.title,
        meaning=words.meaning,
        remedy=words.remedy,
        place=place,
        values={"raw": finding.raw, "label": label},
    )


def _place(field: str, profile: Profile, feed: str | None) -> tuple[str, str]:
    """The message and the platform's own name of a field such as `distributions.csv-ab12.format`."""
    place = profile.places.get(feed or "")
    if place is None:
        return "", ""
    first, _, rest = field.partition(".")
    of_file = first == "distributions" and "." in rest
    name = f"{first}.{rest.rpartition('.')[2]}" if of_file else first
    label = place.labels.get(name, "")
    return ((place.file if of_file else place.dataset) if label else ""), label


def messages(profile: Profile) -> Iterator[str]:
    """Every message of the profile, each once, in its order: what translators have to translate."""
    texts = (text for words in profile.words.values() for text in (words.title, words.meaning, words.remedy))
    places = (text for place in profile.places.values() for text in (place.dataset, place.file))
    yield from dict.fromkeys((*texts, *places))


def reference(profile: Profile) -> str:
    """All findings of a profile as a page of Markdown: `docs/findings.md` is that of ours."""
    rows = "".join(f"| {_row(code, words)} |\n" for code, words in profile.words.items())
    return f"""# Findings

What can be wrong with a source or a dataset, what that means, and how to mend it. This page is made from
the profile “{profile.name}”; a region can give a finding another weight and other words (see
[profiles](profiles.md)).

- **error**: people cannot find or cannot use the data
- **warning**: people are hampered
- **info**: good to know

| finding | weight | what it means | how to mend it |
|---|---|---|---|
{rows}"""


def _row(code: str, words: Words) -> str:
    texts = (words.meaning, words.remedy)
    cells = (f"**{words.title}**<br>`{code}`", words.severity, *(text.format(raw="…") for text in texts))
    return " | ".join(cell.replace("|", "\\|") for cell in cells)
