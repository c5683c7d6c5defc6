"""A server on loopback that answers as it is told, byte for byte."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Self

Answer = bytes | Callable[[socket.socket], None]
"""What a path answers: bytes, or a function that writes to the connection, which then ends."""


class Asked(NamedTuple):
    """A request as it came in."""

    path: str
    headers: dict[str, str]  # names in small letters
    at: float


def answer(body: bytes = b"", status: int = 200, **headers: str) -> bytes:
    """A whole answer; header names with _ for -."""
    lines = {"Content-Length": str(len(body)), **{k.replace("_", "-"): v for k, v in headers.items()}}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} X\r\n{head}\r\n".encode() + body


def drip(head: bytes, piece: bytes, seconds: float = 0.05) -> Answer:
    """An answer that comes piece by piece, with a pause behind each."""

    def send(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(200):
            connection.sendall(piece)
            time.sleep(seconds)

    return send


class Server:
    """Use it in a `with`; `asked` is its log, `most_open` how many connections were open at once."""

    def __init__(
        self,
        answers: dict[str, Answer | list[Answer]],
        certificate: Path | None = None,
        address: str = "127.0.0.1",
    ) -> None:
        self.answers = answers
        self.asked: list[Asked] = []
        self.open = self.most_open = self.connections = 0
        self.delay = 0.0
        self.server_names: list[str | None] = []  # that were asked for while encrypting
        self._certificate = certificate
        self._lock = threading.Lock()
        self._listener = socket.create_server((address, 0), backlog=100)
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self._sockets: set[socket.socket] = {self._listener}
        self.port: int = self._listener.getsockname()[1]

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http{'s' if self._certificate else ''}://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def __enter__(self) -> Self:
        self._run(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        with self._lock:
            for each in self._sockets:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for it
        for thread in list(self._threads):
            thread.join(5)
        self._listener.close()

    def _run(self, target: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._over.is_set():
            with suppress(OSError):
                connection, _ = self._listener.accept()
                self._run(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with self._lock:
            self.connections += 1
            self.open += 1
            self.most_open = max(self.most_open, self.open)
            self._sockets.add(connection)
        try:
            connection.settimeout(5)
            if self._certificate:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(self._certificate)
                context.sni_callback = lambda _, name, __: self.server_names.append(name)
                encrypted = context.wrap_socket(connection, server_side=True)
                with encrypted:
                    self._answer_all(encrypted)
            else:
                self._answer_all(connection)
        except OSError:
            pass  # the client has gone, as many tests want it to
        finally:
            with self._lock:
                self.open -= 1
                self._sockets.discard(connection)
            connection.close()

    def _answer_all(self, connection: socket.socket) -> None:
        while not self._over.is_set() and self._one(connection):
            pass

    def _one(self, connection: socket.socket) -> bool:
        head = b""
        while b"\r\n\r\n" not in head:
            if not (more := connection.recv(65536)):
                return False
            head += more
            if head.startswith(b"\x16\x03"):  # the client begins to encrypt
                connection.sendall(answer(b"speak plainly", 400))
                return False
        first, *lines = head.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        method, path = first.split(" ")[:2]
        with self._lock:
            self.asked.append(Asked(path, headers, time.monotonic()))
            answers = self.answers.get(path, answer(b"nothing here", 404))
            if isinstance(answers, list):
                answers = answers.pop(0) if len(answers) > 1 else answers[0]
        time.sleep(self.delay)
        if callable(answers):
            answers(connection)
            return False
        connection.sendall(answers.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if method == "HEAD" else answers)
        return True
