"""Where on a site data may be: what the words of links and addresses promise. Pure."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from harvester.feeds._pages.html import folded

_CERTAIN = re.compile(
    r"\b(?:open ?data|open government data|donnees (?:ouvertes|publiques)|jeux? de donnees"
    r"|datos (?:abiertos|publicos)|conjuntos? de datos|dades obertes|dados abertos|dati aperti|offene daten"
    r"|data ?sets?|data ?catalog(?:ue)?|data ?portal|opendataset|catalogue de donnees|catalogo de datos)\b"
)
_LIKELY = re.compile(
    r"\b(?:data|datas|donnees|datos|dades|dados|dati|daten|gegevens|gis|sig|shapefiles?|geodata|geospatial"
    r"|cartographie|statisti(?:cs|ques|cas)|estadisticas|catalog(?:ue|o)?)\b"
)
_PERHAPS = re.compile(
    r"\b(?:downloads?|telechargements?|telecharger|descargas?|maps?|cartes?|mapas?|transparen(?:cy|ce|cia)"
    r"|inventory|inventaire|inventario|files|fichiers|archivos|budgets?|presupuestos?)\b"
)
_OTHERWISE = re.compile(
    r"\b(?:protection|protecao|proteccion|privacy|personal|personnelles|personales|cookies?|privacidad"
    r"|breach|entry|clerk|login|broadband)\b"
)


def promise(said: str) -> int:
    """How surely a link's text or an address leads to data: 0 (nothing says so) to 3 ("open data")."""
    plain = folded(said)
    if _CERTAIN.search(plain):
        return 3
    if _OTHERWISE.search(plain):
        return 0
    return 2 if _LIKELY.search(plain) else 1 if _PERHAPS.search(plain) else 0


def promise_of(url: str) -> int:
    """The same of an address: of its path and query."""
    parts = urlsplit(url)
    return promise(f"{unquote(parts.path)} {unquote(parts.query)}")
