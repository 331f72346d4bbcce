"""A reader that reaches for what no reader may have: put in the place of ours, it runs as every file is read."""

from __future__ import annotations

import codecs
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable

from consult.documents.importers import child

codecs.lookup("idna")  # names of hosts are written in it: if it could not be opened, nothing would be tried
NAME = "consult.example"
TRIES: dict[str, Callable[[int], object]] = {
    "connect": lambda port: socket.create_connection(("127.0.0.1", port)),
    "send": lambda port: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"words", ("127.0.0.1", port)),
    "listen": lambda _port: socket.create_server(("127.0.0.1", 0)),
    "fetch": lambda port: urllib.request.urlopen(f"http://127.0.0.1:{port}/"),
    "look up": lambda _port: socket.getaddrinfo(NAME, 80),
    "look up as of old": lambda _port: socket.gethostbyname(NAME),
    "ask whose address": lambda _port: socket.gethostbyaddr("127.0.0.1"),
    "start": lambda _port: subprocess.run([sys.executable, "-c", ""]),
    "split": lambda _port: os.fork(),
    "become": lambda _port: os.execv(sys.executable, [sys.executable]),  # noqa: S606 (it never comes to that)
}


def main(name: str = "") -> None:
    """Try what standard input names, and pass over what goes wrong, as a library would. `name`: a port."""

    def read(data: bytes) -> bytes:
        try:
            TRIES[data.decode()](int(name))
        except Exception:
            return b"not there; went on without it"
        return b"there"

    child.serve(read)
