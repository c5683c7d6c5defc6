"""A finding in words for a person: what it means, how to mend it, and where to click."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from harvester.model import Finding
from harvester.quality.profile import UNKNOWN, Profile


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
