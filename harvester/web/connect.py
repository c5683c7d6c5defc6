"""Connections that go only where the guard lets them, and never wait longer than the budget allows.

Every byte that requests and urllib3 read passes through `recv_into` of the sockets below. That is the
one place where all waiting happens (status line, headers, chunk sizes, bodies), so it is where time,
speed and size are held to the document's budget: a server that drips one header byte a second is
stopped just as one whose body never ends. A refusal is raised as a `FetchError`, which the libraries
in between pass on as it is.
"""

from __future__ import annotations

import socket
import ssl
from contextvars import ContextVar
from typing import Any, ClassVar

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import InvalidHeader
from urllib3.response import HTTPResponse
from urllib3.util.ssl_ import create_urllib3_context

from harvester.model import N_
from harvester.web.budget import Budget
from harvester.web.guard import Candidate, Guard
from harvester.web.trouble import PassingError

BUDGET: ContextVar[Budget] = ContextVar("budget")
"""The account of the document that this thread is fetching; without one nothing can be received."""

_MOST_POOLS = 200  # hosts whose idle connections are kept


class _MeteredSocket(socket.socket):
    def recv_into(self, *arguments: Any) -> int:  # noqa: ANN401 - as the base class has them
        budget = BUDGET.get()
        self.settimeout(budget.patience())
        try:
            count = super().recv_into(*arguments)
        except TimeoutError:
            budget.patience()  # tells when it is the document's time that is over, and not only patience
            raise
        budget.take(count)
        return count


class _MeteredTLSSocket(_MeteredSocket, ssl.SSLSocket):
    """What a `_MeteredSocket` becomes when it is encrypted: `SSLContext.sslsocket_class` makes it so."""


def _open(host: str, port: int, guard: Guard) -> socket.socket:
    """A socket that is connected to an address of this host which the guard has let through."""
    budget = BUDGET.get()
    failure: OSError | None = None
    for candidate in guard.candidates(host, port, budget.where):
        patience = budget.connect_patience()
        try:
            return _connected(candidate, patience)
        except OSError as error:
            failure = error
    raise PassingError(
        budget.where,
        N_("No connection to {host}: {reason}."),
        N_("If this stays so, ask the portal's operator whether it has moved or is closed."),
        host=host,
        reason=_reason(failure),
    ) from failure


def _connected(candidate: Candidate, patience: float) -> socket.socket:
    opened = _MeteredSocket(candidate.family, socket.SOCK_STREAM, candidate.protocol)
    try:
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        opened.settimeout(patience)
        opened.connect(candidate.sockaddr)
    except OSError:
        opened.close()
        raise
    return opened


def _reason(failure: OSError | None) -> str:
    if isinstance(failure, TimeoutError):
        return "no answer"
    return (failure and failure.strerror) or "no answer"


class _GuardedConnection(HTTPConnection):
    """Asks the guard when the socket connects. TLS still uses and proves the host's name."""

    guard: ClassVar[Guard]

    def _new_conn(self) -> socket.socket:
        return _open(self._dns_host, self.port, self.guard)

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        """As urllib3 does it, but it leaves the socket open when lengths in the headers contradict."""
        opened = self.sock
        try:
            return super().getresponse()
        except InvalidHeader:
            if opened.fileno() >= 0:
                socket.close(opened.detach())
            raise


def tls_context(authorities: str) -> ssl.SSLContext:
    """How to encrypt, for all adapters of a run; `authorities` is the PEM file of those we trust."""
    context = create_urllib3_context()
    context.load_verify_locations(authorities)
    context.sslsocket_class = _MeteredTLSSocket
    return context


class GuardedAdapter(HTTPAdapter):
    """requests' way to the network with our connections, and with certificates always checked.

    At most `concurrency` connections to a host are open; who wants one more waits for it.
    """

    def __init__(self, guard: Guard, concurrency: int, context: ssl.SSLContext) -> None:
        self._guard = guard
        self._context = context
        super().__init__(pool_connections=_MOST_POOLS, pool_maxsize=concurrency, pool_block=True)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - as the base class
        """Make pools whose connections ask our guard; the context serves all of them."""
        super().init_poolmanager(*arguments, **options, ssl_context=self._context)
        guarded = {"guard": self._guard}
        plain = type("_Plain", (_GuardedConnection,), guarded)
        encrypted = type("_Encrypted", (_GuardedConnection, HTTPSConnection), guarded)
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("_PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("_EncryptedPool", (HTTPSConnectionPool,), {"ConnectionCls": encrypted}),
        }

    def close(self) -> None:
        """Close the idle connections now, rather than when the garbage collector finds their pools."""
        pools = self.poolmanager.pools
        for key in pools.keys():  # noqa: SIM118 - a copy, which iterating over the container is not
            pools[key].close()
        super().close()

    def cert_verify(self, conn: Any, *_: object, **__: object) -> None:  # noqa: ANN401 - as the base class
        """Whatever was asked for: verified, against the authorities that the context has loaded."""
        conn.cert_reqs = "CERT_REQUIRED"
        conn.assert_hostname = None
