"""What went wrong while reaching out, in plain words, and whether trying again makes sense."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

from harvester.errors import FetchError
from harvester.model import N_

_OPERATOR = N_("If this stays so, tell the portal's operator.")


class PassingError(FetchError):
    """A trouble that is often over a moment later.

    `tries` is how often at most it is worth trying again; `after` is the number of seconds that the
    server asked us to wait, where it did.
    """

    def __init__(
        self,
        where: str,
        what: str,
        remedy: str = "",
        *,
        status: int | None = None,
        tries: int = 100,
        after: float | None = None,
        **values: object,
    ) -> None:
        super().__init__(where, what, remedy, status, **values)
        self.tries = tries
        self.after = after


def of_status(where: str, status: int, wait: float | None, agent: str, token_variable: str) -> FetchError:
    """The trouble that a status other than success tells.

    `wait` is what Retry-After asks for, in seconds; `token_variable` is where a maintainer would put a
    token for this source.
    """
    if status in (429, 502, 503, 504):
        what, remedy, asked = N_("The portal is too busy (status {number})."), _OPERATOR, ""
        if wait is not None:
            what = N_("The portal is too busy (status {number}) and asks us to come back in {wait} seconds.")
            remedy, asked = N_("The next run will try again."), str(round(wait))
        return PassingError(where, what, remedy, status=status, after=wait, number=status, wait=asked)
    what, remedy = _STATUSES.get(status, _class_of(status))
    return FetchError(where, what, remedy, status, number=status, agent=agent, variable=token_variable)


_STATUSES = {
    401: (
        N_("The portal asks for a password (status 401)."),
        N_("Ask its operator for open access, or put a token into the environment variable {variable}."),
    ),
    403: (
        N_("The portal refuses us (status 403). Often this is a protection against robots."),
        N_("Ask its operator to let this program through; it calls itself “{agent}”."),
    ),
    404: (
        N_("There is nothing at this address (status 404)."),
        N_(
            "The feed may have moved: look for it on the portal, and write its new address into sources.yaml."
        ),
    ),
    410: (
        N_("The feed was taken away (status 410)."),
        N_("Look for its new address on the portal, and write that into sources.yaml."),
    ),
}


def _class_of(status: int) -> tuple[str, str]:
    if status >= 500:
        return N_("The portal has a fault of its own (status {number})."), _OPERATOR
    if status >= 400:
        return N_("The portal does not accept the request (status {number})."), N_(
            "Look whether the address in sources.yaml opens in a browser."
        )
    return N_("The portal gave no document (status {number})."), _OPERATOR


def of_certificate(where: str, error: ssl.SSLCertVerificationError) -> FetchError:
    """A certificate that does not prove whom we talk to. The numbers are OpenSSL's X509_V_ERR codes."""
    told = {
        9: N_("The certificate of the portal is not valid yet."),
        10: N_("The certificate of the portal has expired."),
        18: N_("The portal made its certificate itself, so that nobody can check it."),
        19: N_("The certificate of the portal comes from an authority that is not publicly trusted."),
        20: N_(
            "The certificate of the portal is incomplete (an intermediate one is missing) or not trusted."
        ),
        21: N_(
            "The certificate of the portal is incomplete (an intermediate one is missing) or not trusted."
        ),
        62: N_("The certificate of the portal belongs to another host."),
        64: N_("The certificate of the portal belongs to another host."),
    }
    what = told.get(error.verify_code, N_("The certificate of the portal is wrong ({reason})."))
    remedy = N_("Tell the portal's operator; its visitors are warned by their browsers, too.")
    return FetchError(where, what, remedy, reason=error.verify_message)


def of_exception(where: str, error: Exception) -> FetchError:
    """The trouble behind an exception of requests, urllib3, http.client or a socket."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return of_certificate(where, cause)
    if any(isinstance(cause, TimeoutError) for cause in causes):
        return PassingError(where, N_("The portal did not answer in time."), _OPERATOR, tries=1)
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return PassingError(
            where, N_("No encrypted connection to the portal could be made."), _OPERATOR, tries=1
        )
    return PassingError(where, N_("The connection broke off, or the answer was garbled."), _OPERATOR)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception, and those that it was made from: libraries wrap them in three ways."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        each = waiting.pop(0)
        if isinstance(each, BaseException) and id(each) not in seen:
            seen.add(id(each))
            yield each
            waiting += [getattr(each, "reason", None), each.__cause__, each.__context__, *each.args]
