"""A mail server of our own: it takes mail, refuses it for now or for ever, breaks off, or never says a word."""

from __future__ import annotations

import email
import socket
import socketserver
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import default
from typing import Literal, cast

from tests.browser.conftest import free_port

Mood = Literal["takes", "not now", "never", "breaks off", "silent", "stalls", "drips"]
REPLIES = {"not now": b"451 not now\r\n", "never": b"550 never\r\n"}


class Talk(socketserver.StreamRequestHandler):
    """One connection."""

    server: Server

    def handle(self) -> None:
        with suppress(OSError):
            self._talk()

    def _talk(self) -> None:
        if self.server.mood == "silent":
            self.server.is_over.wait()
            return
        self._say(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"DATA":
                self._say(b"354 go on\r\n")
                self._take()
            elif word == b"RCPT" and self.server.is_refused(line):
                self._say(REPLIES["never"])
            elif word == b"QUIT":
                self._say(b"221 bye\r\n")
                return
            else:
                self._say(b"250 fine\r\n")

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        mood = self.server.mood
        if mood == "breaks off" or not line:
            self.connection.shutdown(socket.SHUT_RDWR)
        elif mood == "stalls":
            self.server.is_over.wait()
        elif mood == "drips":
            while not self.server.is_over.wait(0.5):
                self._say(b"2")
        elif mood in REPLIES:
            self._say(REPLIES[mood])
        else:
            self.server.mails.append(b"".join(lines))  # it has it before it says so
            time.sleep(self.server.pause)
            self._say(b"250 taken\r\n")

    def _say(self, words: bytes) -> None:
        self.wfile.write(words)


class Server(socketserver.ThreadingTCPServer):
    """A server of one mood at a time; `mails` are those it took, as bytes."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int, mails: list[bytes]) -> None:
        super().__init__(("127.0.0.1", port), Talk)
        self.mails = mails
        self.mood: Mood = "takes"
        self.pause = 0.0  # s between having a mail and saying so
        self.poison = b""  # in an address to which nothing is ever taken
        self.is_over = threading.Event()

    def is_refused(self, line: bytes) -> bool:
        return bool(self.poison) and self.poison in line


class Postman:
    """Opens and closes the server, always at the same address, and knows what came."""

    def __init__(self) -> None:
        self.port, self.mails = free_port(), list[bytes]()
        self.url = f"smtp://127.0.0.1:{self.port}"
        self.server: Server | None = None

    def open(self, mood: Mood = "takes", *, poison: bytes = b"", pause: float = 0.0) -> None:
        """Be there, in that mood."""
        self.close()
        self.server = Server(self.port, self.mails)
        self.server.mood, self.server.poison, self.server.pause = mood, poison, pause
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Be away: whoever comes finds nobody."""
        if self.server is not None:
            self.server.is_over.set()
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    @property
    def read(self) -> list[EmailMessage]:
        return [cast(EmailMessage, email.message_from_bytes(mail, policy=default)) for mail in list(self.mails)]

    @property
    def to(self) -> Counter[str]:
        """How many mails each address got."""
        return Counter(str(mail["To"]) for mail in self.read)

    @property
    def numbers(self) -> Counter[str]:
        """How often each Message-ID came."""
        return Counter(str(mail["Message-ID"]) for mail in self.read)


@contextmanager
def postman() -> Iterator[Postman]:
    """One who is away, and gone afterwards."""
    of = Postman()
    try:
        yield of
    finally:
        of.close()
