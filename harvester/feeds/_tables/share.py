"""Links by which people share a spreadsheet, and the address of the file behind each. Pure.

A share link leads to a program in the browser; the file itself has an address of its own, which
these services derive in a fixed way.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit, urlunsplit

from msgspec import Struct

from harvester.model import N_


class Share(Struct, frozen=True, kw_only=True):
    """A shared file."""

    service: str  # as people call it
    export: str  # the address of the file itself
    remedy: str  # how to let everybody read it, where the service asks for a login
    certain: bool = True  # only this service has such addresses; else the link may be a plain one


_GOOGLE = N_("In Google Sheets choose Share, then General access: “Anyone with the link”, as Viewer.")
_DRIVE = N_("In Google Drive choose Share, then General access: “Anyone with the link”, as Viewer.")
_MICROSOFT = N_(
    "In OneDrive or SharePoint choose Share, then “Anyone with the link can view”, and use that link. Where "
    "your organisation forbids this, put the file on the town's web site."
)
_DROPBOX = N_("In Dropbox choose Share, then a link that anyone with the link can view, and use that link.")
_NEXTCLOUD = N_("In Nextcloud share the file by a public link without a password, and use that link.")
_CODE = N_("Make the repository public, or put the file on the town's web site.")

_GOOGLE_SHEET = re.compile(r"/spreadsheets/(?:u/\d+/)?d/(e/)?([A-Za-z0-9_-]{10,200})(?:/([a-z]*))?")
_DRIVE_FILE = re.compile(r"/file/(?:u/\d+/)?d/([A-Za-z0-9_-]{10,200})")
_NEXTCLOUD_SHARE = re.compile(r"(.*/s/[A-Za-z0-9]{6,64})(/download(?:/.*)?)?/?")
_BLOB = re.compile(r"(/[^/]+/[^/]+)/blob/(.+)")
_GITLAB_BLOB = re.compile(r"(/.+)/-/blob/(.+)")


def share_of(url: str) -> Share | None:
    """What a share link leads to; None for any other address, also for that of the file itself."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if parts.scheme not in ("http", "https"):
        return None
    host = host.removeprefix("www.")
    if host == "docs.google.com":
        return _google(parts)
    if host == "drive.google.com":
        return _drive(parts)
    if host in ("1drv.ms", "onedrive.live.com") or host.endswith((".sharepoint.com", ".sharepoint.us")):
        return _microsoft(parts, host)
    if host == "dropbox.com":
        return _with(parts, "Dropbox", _DROPBOX, "dl")
    if host == "github.com" and (found := _BLOB.fullmatch(parts.path)):
        return Share(service="GitHub", export=_at(parts, f"{found[1]}/raw/{found[2]}"), remedy=_CODE)
    if found := _GITLAB_BLOB.fullmatch(parts.path):
        return Share(
            service="GitLab", export=_at(parts, f"{found[1]}/-/raw/{found[2]}"), remedy=_CODE, certain=False
        )
    return _nextcloud(parts)


def _google(parts: SplitResult) -> Share | None:
    """One sheet as CSV where the link names one, else the whole workbook.

    The first sheet has the number 0, which stands in every link: it names none.
    """
    found = _GOOGLE_SHEET.match(parts.path)
    if found is None or found[3] == "export":
        return None
    query = dict(parse_qsl(parts.query))
    if found[3] == "pub" and "output" in query:
        return None
    sheet = dict(parse_qsl(parts.fragment)).get("gid") or query.get("gid") or "0"
    one = sheet.isascii() and sheet.isdigit() and int(sheet[:20]) > 0
    form = "csv" if one else "xlsx"
    folder = f"https://docs.google.com/spreadsheets/d/{found[1] or ''}{found[2]}"
    if found[1]:  # published to the web
        export = f"{folder}/pub?output={form}" + (f"&gid={sheet}&single=true" if one else "")
    else:
        export = f"{folder}/export?format={form}" + (f"&gid={sheet}" if one else "")
        if key := query.get("resourcekey"):
            export += f"&resourcekey={quote(key, safe='')}"
    return Share(service="Google Sheets", export=export, remedy=_GOOGLE)


def _drive(parts: SplitResult) -> Share | None:
    found = _DRIVE_FILE.match(parts.path)
    name = found[1] if found else dict(parse_qsl(parts.query)).get("id", "") if parts.path == "/open" else ""
    if not name:
        return None
    export = f"https://drive.google.com/uc?export=download&id={quote(name, safe='')}"
    return Share(service="Google Drive", export=export, remedy=_DRIVE)


def _microsoft(parts: SplitResult, host: str) -> Share | None:
    service = "SharePoint" if ".sharepoint." in host else "OneDrive"
    if host == "onedrive.live.com" and parts.path.rstrip("/").lower() in (
        "/view.aspx", "/embed", "/edit.aspx", "/redir", "/edit", "/view",
    ):  # fmt: skip
        return Share(service=service, export=_at(parts, "/download"), remedy=_MICROSOFT)
    if host == "onedrive.live.com" and parts.path == "/download":
        return None
    return _with(parts, service, _MICROSOFT, "download")


def _nextcloud(parts: SplitResult) -> Share | None:
    found = _NEXTCLOUD_SHARE.fullmatch(parts.path)
    if found is None or found[2]:
        return None
    return Share(
        service="Nextcloud", export=_at(parts, f"{found[1]}/download"), remedy=_NEXTCLOUD, certain=False
    )


def _with(parts: SplitResult, service: str, remedy: str, name: str) -> Share | None:
    """The same address with `name=1` in its query; None where it has that already."""
    query = parse_qsl(parts.query, keep_blank_values=True)
    if (name, "1") in query:
        return None
    query = [(key, value) for key, value in query if key != name] + [(name, "1")]
    export = urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), ""))
    return Share(service=service, export=export, remedy=remedy)


def _at(parts: SplitResult, path: str) -> str:
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))
