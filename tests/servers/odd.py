"""Servers that are not what they should be: silent, garbled, endless, or of another kind altogether."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Talk = Callable[[socket.socket], None]


@contextmanager
def answering(talk: Talk) -> Iterator[int]:
    """A port on which `talk` answers each connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve(line: socket.socket) -> None:
        with line, suppress(OSError):
            talk(line)
            over.wait()

    def listen() -> None:
        with suppress(OSError):
            while True:
                line, _ = listener.accept()
                threading.Thread(target=serve, args=(line,), daemon=True).start()

    threading.Thread(target=listen, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        listener.close()


def silent(line: socket.socket) -> None:
    """Takes the connection and says nothing, ever."""


def http(line: socket.socket) -> None:
    """A web server."""
    line.recv(1024)
    line.sendall(b"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nContent-Length: 0\r\n\r\n")
    line.close()


def redis(line: socket.socket) -> None:
    """A Redis."""
    line.recv(1024)
    line.sendall(b"-ERR unknown command\r\n")
    line.close()


def garbage(line: socket.socket) -> None:
    """Agrees to go on without TLS, then sends what is no message."""
    line.recv(1024)
    line.sendall(b"N")
    line.recv(1024)
    line.sendall(bytes(range(256)) * 50)


def endless(line: socket.socket) -> None:
    """Sends bytes for as long as somebody takes them."""
    while True:
        line.sendall(b"\x00" * 65536)


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!I", len(body) + 4) + body


def _welcome(line: socket.socket) -> None:
    line.recv(1024)
    line.sendall(b"N")
    line.recv(4096)
    parameters = b"".join(
        _message(b"S", name + b"\0" + value + b"\0")
        for name, value in ((b"server_version", b"16.1"), (b"client_encoding", b"UTF8"))
    )
    line.sendall(_message(b"R", struct.pack("!I", 0)) + parameters + _message(b"Z", b"I"))


def mute_after_login(line: socket.socket) -> None:
    """A PostgreSQL that lets everybody in and answers no query."""
    _welcome(line)
    line.recv(4096)


def endless_rows(line: socket.socket) -> None:
    """A PostgreSQL whose answer has no end."""
    _welcome(line)
    done = _message(b"C", b"BEGIN\0") + _message(b"Z", b"T")
    line.recv(4096)
    line.sendall(done)
    line.recv(65536)
    column = b"number\0" + struct.pack("!IhIhih", 0, 0, 25, -1, -1, 0)
    line.sendall(_message(b"T", struct.pack("!h", 1) + column))
    row = _message(b"D", struct.pack("!hI", 1, 4) + b"1234")
    while True:
        line.sendall(row * 100)


def liar(line: socket.socket) -> None:
    """A PostgreSQL that answers every query with an error full of control characters and a password."""
    _welcome(line)
    error = b"SERROR\0C42501\0M\x1b[31mno: postgres://app:frogspawn-99@other/x \xe2\x80\xae\0\0"
    while line.recv(65536):
        line.sendall(_message(b"E", error) + _message(b"Z", b"I"))
