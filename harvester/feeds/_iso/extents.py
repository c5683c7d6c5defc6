"""Where and when a dataset is about: `EX_Extent`."""

from __future__ import annotations

from harvester.feeds._iso.terms import anchor, plain
from harvester.feeds._iso.tree import Element
from harvester.model import DraftPeriod, DraftPlace

_SIDES = ("westBoundLongitude", "southBoundLatitude", "eastBoundLongitude", "northBoundLatitude")


def places(identification: Element) -> tuple[DraftPlace, ...]:
    """Boxes, and named places; a name that stands beside one single box is the box's."""
    found: list[DraftPlace] = []
    for extent in identification.all("extent", "EX_Extent"):
        boxes: list[str] = []
        named: list[DraftPlace] = []
        for element in extent.all("geographicElement", "*"):
            if element.name == "EX_GeographicBoundingBox":
                sides = [plain(element.first(side)) for side in _SIDES]
                if all(sides):
                    boxes.append(",".join(side for side in sides if side))
            elif element.name == "EX_GeographicDescription":
                identifier = element.first("geographicIdentifier", "*", "code")
                label, uri = plain(identifier), anchor(identifier)
                if label or uri:
                    named.append(DraftPlace(label=label, uri=uri))
        description = plain(extent.first("description"))
        if len(boxes) == 1 and (len(named) == 1 or (description and not named)):
            whole = named[0] if named else DraftPlace(label=description)
            found.append(DraftPlace(label=whole.label, uri=whole.uri, bbox=boxes[0]))
            continue
        found += [DraftPlace(bbox=box) for box in boxes]
        found += named
        if description and not named and not boxes and not extent.all("temporalElement"):
            found.append(DraftPlace(label=description))
    return tuple(dict.fromkeys(found))


def periods(identification: Element) -> tuple[DraftPeriod, ...]:
    """Periods and moments of time."""
    found: list[DraftPeriod] = []
    for element in identification.all("extent", "EX_Extent", "temporalElement", "*"):
        for time in element.all("extent", "*"):
            if time.name == "TimePeriod":
                start = _moment(time, "beginPosition", "begin")
                end = _moment(time, "endPosition", "end")
            else:
                start = end = _moment(time, "timePosition", "timePosition")
            if start or end:
                found.append(DraftPeriod(start=start, end=end))
    return tuple(dict.fromkeys(found))


def _moment(time: Element, position: str, instant: str) -> str | None:
    """A date; None where it is said to be unknown, or still going on."""
    element = time.first(position) or time.first(instant, "TimeInstant", "timePosition")
    if element is None or element.attributes.get("indeterminatePosition") in ("now", "unknown"):
        return None
    return element.text or None
