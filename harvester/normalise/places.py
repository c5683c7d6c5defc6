"""Places: names, IRIs, and bounding boxes out of everything that portals write for one."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import msgspec

from harvester.model import DraftPlace, Place
from harvester.normalise import urls
from harvester.normalise.notes import Notes, raw
from harvester.normalise.text import missing, word

Box = tuple[float, float, float, float]
_JSON_LIMIT = 2_000_000  # characters; the outline of a whole country in full detail stays below

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?|[+-]?(?:nan|inf|infinity)"
_FOUR = re.compile(rf"\[?\s*({_NUMBER})(?:\s*[,; ]\s*({_NUMBER})){{3}}\s*\]?", re.IGNORECASE)
_NUMBERS = re.compile(_NUMBER, re.IGNORECASE)
_WKT = re.compile(
    r"(?:<(?P<crs>[^<>]*)>\s*|SRID\s*=\s*(?P<srid>\d+)\s*;\s*)?"
    r"(?P<kind>POLYGON|MULTIPOLYGON|POINT|MULTIPOINT|LINESTRING|MULTILINESTRING|BBOX|BOX|BOX2D|ENVELOPE)"
    r"\s*(?P<dimensions>ZM|Z|M)?\s*(?P<body>\(.*\))\s*",
    re.IGNORECASE | re.DOTALL,
)
_LATITUDE_FIRST = re.compile(r"/EPSG/0/4326$", re.IGNORECASE)  # as GeoSPARQL says for this one
_LIKE_GEOMETRY = re.compile(r"\s*(?:[{\[<]|SRID|(?:MULTI)?POLYGON|POINT|ENVELOPE|BBOX|BOX)", re.IGNORECASE)


class _Read(NamedTuple):
    """A box, or None, and the note that tells what was the matter with it."""

    box: Box | None
    note: str | None = None


def clean(draft: DraftPlace, field: str, notes: Notes) -> Place | None:
    """The place, or None where the source says nothing.

    A box around the whole world says nothing either, so it is noted and not kept as a box. What
    looks like a geometry and cannot be read is kept raw, never as a name.
    """
    stated = (draft.text, draft.bbox, draft.geometry, draft.label, draft.uri)
    written = next((text for text in stated if text and not _blank(text)), None)
    if written is None:
        return None
    name = draft.label
    uri = draft.uri
    read = _Read(None)
    for text in (draft.bbox, draft.geometry):
        if not _blank(text) and read == (None, None):
            read = _geometry(text or "") or _Read(None, "spatial-not-parsed")
    if read == (None, None) and not _blank(draft.text):
        text = (draft.text or "").strip()
        if geometry := _geometry(text):
            read = geometry
        elif text.lower().startswith(("http://", "https://")):
            uri = uri or text
        elif _LIKE_GEOMETRY.match(text) or not any(map(str.isalpha, text)):
            read = _Read(None, "spatial-not-parsed")
        else:
            name = name or text
    if read.note:
        notes.add(read.note, field, written)
    return Place(
        label=None if _blank(name) else word(name, 200),
        uri=urls.iri(uri, f"{field}.uri", notes),
        bbox=read.box,
        raw=raw(written, 1000),
    )


def _blank(text: str | None) -> bool:
    """Is there no value? A form that joins four empty fields sends three commas."""
    return missing(text) or not (text or "").strip(" ,;")


@lru_cache(maxsize=16_384)
def _geometry(text: str) -> _Read | None:
    """What a text says as a geometry; None when it is none."""
    bare = text.strip()
    if _FOUR.fullmatch(bare):
        west, south, east, north = (float(number) for number in _NUMBERS.findall(bare))
        return _checked(west, south, east, north)
    if bare.startswith("{"):
        return _of_json(bare)
    if found := _WKT.fullmatch(bare):
        return _of_wkt(found)
    return None


# ------------------------------------------------------------------------------ the notations


def _of_wkt(found: re.Match[str]) -> _Read | None:
    numbers = [float(number) for number in _NUMBERS.findall(found["body"])]
    kind = found["kind"].upper()
    if kind == "ENVELOPE":  # of the OGC's filters: west, east, north, south
        if len(numbers) != 4:
            return None
        west, east, north, south = numbers
        return _checked(west, south, east, north)
    if kind == "BBOX":
        return _checked(*numbers) if len(numbers) == 4 else None
    size = 2 + len(found["dimensions"] or "")
    if len(numbers) < 2 or len(numbers) % size:
        return None
    points = [(numbers[at], numbers[at + 1]) for at in range(0, len(numbers), size)]
    if found["crs"] and _LATITUDE_FIRST.search(found["crs"]):
        points = [(second, first) for first, second in points]
    return _around(points)


def _of_json(text: str) -> _Read | None:
    if len(text) > _JSON_LIMIT:
        return None
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return None
    if not isinstance(value, dict):
        return None
    box = value.get("bbox")
    if isinstance(box, list) and len(box) in (4, 6) and all(_is_number(number) for number in box):
        half = len(box) // 2
        return _checked(box[0], box[1], box[half], box[half + 1])
    edges = [value.get(name) for name in ("xmin", "ymin", "xmax", "ymax")]  # Esri's JSON
    if all(_is_number(edge) for edge in edges):
        west, south, east, north = (float(edge) for edge in edges if isinstance(edge, int | float))
        return _checked(west, south, east, north)
    points = list(_positions(value))
    return _around(points) if points else None


def _positions(value: object) -> Iterable[tuple[float, float]]:
    """All positions of a GeoJSON object, however deep; walked without recursion."""
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, dict):
            waiting += [
                current[name]
                for name in ("coordinates", "geometry", "geometries", "features")
                if name in current
            ]
        elif isinstance(current, list):
            if len(current) >= 2 and _is_number(current[0]) and _is_number(current[1]):
                yield float(current[0]), float(current[1])
            else:
                waiting += current


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300


# ------------------------------------------------------------------------------ the box


def _around(points: list[tuple[float, float]]) -> _Read:
    longitudes, latitudes = [point[0] for point in points], [point[1] for point in points]
    return _checked(min(longitudes), min(latitudes), max(longitudes), max(latitudes))


def _checked(west: float, south: float, east: float, north: float) -> _Read:
    """The box when it is one. Only exchanged latitudes are put right: they cannot mean anything else."""
    invalid = _Read(None, "spatial-bbox-invalid")
    if not all(map(math.isfinite, (west, south, east, north))):
        return invalid
    if abs(south) > 90 or abs(north) > 90 or abs(west) > 180 or abs(east) > 180:
        if (
            _is_world(east - west, north - south)
            and west >= -180
            and east <= 360
            and abs(south) <= 90 >= abs(north)
        ):
            return _Read(None, "spatial-world")  # longitudes from 0 to 360
        return invalid
    if west == south == east == north == 0:
        return invalid
    note = None
    if south > north:
        south, north, note = north, south, "spatial-bbox-invalid"
    if west > east and west - east <= 180:  # a box across the date line is wider than half the world here
        return invalid
    if _is_world(east - west, north - south):
        return _Read(None, "spatial-world")
    west, south, east, north = (round(edge, 6) + 0.0 for edge in (west, south, east, north))
    return _Read((west, south, east, north), note)


def _is_world(width: float, height: float) -> bool:
    """Nearly everything: what programs fill in when nobody drew a box."""
    return width >= 320 and height >= 160
