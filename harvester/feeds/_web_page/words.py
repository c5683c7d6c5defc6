"""What links are called: a title, or only words that say "here is a file". Pure.

In English, French and Spanish, with the commonest words of Portuguese, Italian and German.
"""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import unquote, urlsplit

from harvester import vocabularies
from harvester.feeds._pages.html import folded


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EMPTY = _set(
    """
    a an and are as at available click file files for format formats free from get here in is link more of
    on open or our please save see the this to version view with download downloads downloadable data
    dataset datasets export raw latest current full complete zipped compressed document documents page au
    aux ce ces cette cliquez cliquer complet complete dans de des donnees du en et fichier fichiers ici
    jeu l la le les lien ouvrir par pour sous sur telecharger telechargement telechargements telechargez
    un une voir consulter acceder actual al aqui archivo archivos clic completo con conjunto datos del
    descarga descargar descargas descargue el enlace esta este fichero ficheros haga los las para por
    pulse un una ver y abrir aceder aqui baixar dados ficheiro arquivo scarica dati qui file daten datei
    hier herunterladen shapefile shape spreadsheet excel acrobat adobe zip archive archivo google earth
    arcgis bytes byte octets octet b o kb kib mb mib gb gib ko mo go size taille tamano weight poids
    updated update mise jour actualizado actualizacion
    """
)
_TIMES = _set(
    """
    january february march april may june july august september october november december jan feb mar apr
    jun jul aug sep sept oct nov dec spring summer fall autumn winter janvier fevrier mars avril mai juin
    juillet aout septembre octobre novembre decembre enero febrero marzo abril mayo junio julio agosto
    septiembre octubre noviembre diciembre q1 q2 q3 q4 t1 t2 t3 t4 fy year annee ano quarter trimestre
    trimester semestre month mois mes
    """
)
_NUMBER = re.compile(r"\d+(?:st|nd|rd|th|er|e)?")
_IN_BRACKETS = re.compile(r"\s*[(\[{]([^()\[\]{}]*)[)\]}]")
_START = re.compile(
    r"^(?:click here to |please )?(?:download|t[ée]l[ée]charge[rz]|descarg(?:ar|ue|a)|baixar|scarica|get"
    r"|export|voir|ver|view)(?:\s+(?:the|all|a|our|file|le|la|les|l['’]|un|une|el|los|las|il|o|os))?[\s:–-]+",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"\s*(?:[-–—:|/,;•·]|\b(?:in|as|en|au|como|im|com)(?:\s+format[o]?)?\b)\s*$", re.IGNORECASE
)
_SIZE = re.compile(r"[\s,;:|–-]*\b\d[\d.,]*\s?(?:[kmg]i?b|[kmg]o|bytes|octets)\b\.?", re.IGNORECASE)
_DATES = re.compile(
    r"(?<!\d)(?:(?:19|20)\d{2}(?:[-_. ]?(?:0[1-9]|1[0-2]))(?:[-_. ]?(?:0[1-9]|[12]\d|3[01]))?"
    r"|(?:0?[1-9]|[12]\d|3[01])[-_. ](?:0?[1-9]|1[0-2])[-_. ](?:19|20)\d{2}|(?:fy[-_ ]?)?(?:19|20)\d{2}"
    r"|fy[-_ ]?\d{2})(?!\d)",
    re.IGNORECASE,
)
_VERSION = re.compile(
    r"[-_ .](?:v\d+(?:[._]\d+)*|final|latest|new|copy|copie|\(\d+\)|\d{1,2})$", re.IGNORECASE
)
_GENERIC = _set(
    """
    csv data dataset datasets datei default donnees datos download downloads excel export exports file
    files fichier full geojson gis gtfs index json kml list liste lista open output pdf raw results shape
    shapefile table tabular untitled uploads view xls xlsx xml zip download.ashx getfile documents
    document content media open-data opendata donnees-ouvertes datos-abiertos wp-content sites public
    assets storage static
    """
)


def is_empty(said: str) -> bool:
    """Do these words only say that there is a file, its format, its size or its year?"""
    return all(
        word in _EMPTY or word in _TIMES or _NUMBER.fullmatch(word) or word in _formats()
        for word in folded(_SIZE.sub(" ", said)).split()
    )


def is_time(said: str) -> bool:
    """Do these words say nothing but a time: "2024", "March 2024", "Q1"?"""
    words = [word for word in folded(said).split() if word not in _EMPTY and word not in _formats()]
    return bool(words) and all(word in _TIMES or _NUMBER.fullmatch(word) for word in words)


def title(said: str) -> str:
    """A title without what belongs to its file: "Download Street trees (CSV, 2 MB)" is "Street trees"."""
    text = _IN_BRACKETS.sub(lambda found: "" if is_empty(found[1]) else found[0], " ".join(said.split()))
    text = _SIZE.sub(" ", text).strip()
    if file_name(text):
        text = humane(text)
    text = _START.sub("", text)
    while True:
        shorter = _SEPARATOR.sub("", text)
        head, _, last = shorter.rpartition(" ")
        if head and folded(last) in _formats() and folded(last) not in _ORDINARY:
            shorter = head
        if shorter == text or not shorter:
            break
        text = shorter
    text = text.strip(" -–—:|,;•·")
    return text[:1].upper() + text[1:] if text[:1].islower() and not re.match(r"\S*[A-Z]", text) else text


_ORDINARY = frozenset(("code", "image", "other", "text", "page", "api", "r", "document", "web", "list"))
"""Words that are names of formats and of other things too."""


def format_in(said: str) -> str | None:
    """The format that words name: "CSV" in "Street trees (CSV)"; the first one counts."""
    for word in folded(said).split():
        if word not in _ORDINARY and word in _formats():
            return _formats()[word]
    return None


def file_name(said: str) -> bool:
    """Is this the name of a file rather than words?"""
    stem, dot, extension = said.rpartition(".")
    return bool(dot and stem and " " not in said.strip() and extension.lower() in vocabularies.extensions())


def humane(name: str) -> str:
    """A file's name as words: "street_trees-2024.csv" is "Street trees 2024"."""
    stem = name.rpartition(".")[0] if file_name(name) else name
    text = " ".join(
        re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", unquote(stem).replace("_", " ").replace("-", " ")).split()
    )
    return text[:1].upper() + text[1:]


_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")


def stem(url: str) -> str:
    """The name of a file without folder, extension and query: in lower case, with single hyphens."""
    name = unquote(urlsplit(url).path.rstrip("/")).rpartition("/")[2]
    while name.rpartition(".")[2].lower() in vocabularies.extensions() and "." in name[1:]:
        name = name.rpartition(".")[0]
    return _hyphened(name)


def lasting(url: str) -> str:
    """A name for what the file is about, which next year's file has too: "" where it has none.

    "/files/2024/trees-2024-03-01_v2.csv" is "trees"; a name that says nothing has its folder's before it.
    """
    folders = [part for part in unquote(urlsplit(url).path).split("/") if part]
    found = _without_time(stem(url))
    if not is_generic(found):
        return found
    for folder in reversed(folders[:-1]):
        above = _without_time(_hyphened(folder))
        if not is_generic(above):
            return f"{above}-{found}" if found else above
    return ""


def is_generic(name: str) -> bool:
    """Does a stem say nothing of what the file is about?"""
    lasting_part = _without_time(name)
    return not lasting_part or lasting_part in _GENERIC or lasting_part.replace("-", "").isdigit()


def _without_time(name: str) -> str:
    text = _DATES.sub(" ", name)
    shorter = _VERSION.sub("", text.strip(" -_."))
    while shorter != text:
        text, shorter = shorter, _VERSION.sub("", shorter.strip(" -_."))
    return _hyphened(text)


def _hyphened(name: str) -> str:
    return re.sub(r"[\s_.+-]+", "-", name.strip().lower()).strip("-")


@cache
def _formats() -> dict[str, str]:
    """Words that name a format."""
    return {
        name: code
        for name, code in vocabularies.format_aliases().items()
        if " " not in name and "/" not in name
    }
