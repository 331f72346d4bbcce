"""Passwords: argon2id, and a check against those that everybody tries first. Pure; slow on purpose.

Hash and verify outside of transactions: one takes about 50 ms and 64 MiB (RFC 9106, second choice).
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from consult.core.errors import Busy
from consult.core.text import normalise

SHORTEST = 12
LONGEST = 512
FEWEST_CHARACTERS = 5  # different ones
COMMON = frozenset(
    """
    123456789012 1234567890123 12345678901234 123456789123 987654321098 111222333444 112233445566 121212121212
    password1234 password12345 password123456 passwordpassword password1password mypassword123 mypassword1234
    thisisapassword thisismypassword newpassword1 newpassword123 changeme1234 changemeplease letmein12345
    letmeinletmein welcome12345 welcome123456 welcomewelcome administrator administrator1 adminadmin12
    qwertyuiop12 qwertyuiop123 qwertyqwerty qwerty123456 qwerty1234567 qwertyuiopasdf 1qaz2wsx3edc 1q2w3e4r5t6y
    1q2w3e4r5t6y7u qazwsxedcrfv zaq12wsxcde3 asdfghjkl123 asdfghjklzxc zxcvbnm12345 abcdefghijkl abcdefg12345
    abcd12345678 abc123456789 abc123abc123 iloveyou1234 iloveyou12345 iloveyouforever iloveyousomuch trustno1trustno1
    football1234 baseball1234 basketball12 liverpool123 superman1234 sunshine1234 princess1234 dragon123456
    monkey123456 michael12345 jessica12345 charlie12345 starwars1234 pokemon12345 computer1234 internet1234
    correcthorse correcthorsebatterystaple consultconsult consultation consultation1 consultation123 passwort1234
    passwort12345 motdepasse123 contrasena123 wachtwoord123 lozinka12345 hunter2hunter2 secretsecret secret123456
    """.split()  # noqa: SIM905 (ninety lines otherwise)
)
_LISTED = (Path(__file__).parent / "common_passwords.bin").read_bytes()  # what it is: common_passwords.txt
LISTED = frozenset(_LISTED[start : start + 5] for start in range(0, len(_LISTED), 5))
MOST_PADDING = 6  # digits and signs around a common password that do not make it another
SWAPS = str.maketrans("013457@$!", "oieastasi")  # how people dress up words
RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
)
AT_ONCE = 2  # hashes in one process: 128 MiB, and the other threads go on serving pages
IN_LINE = 14  # more that wait for their turn, under a second on a small server
TOO_MANY = "Many people are signing in at this moment. Try again in a few seconds; what you typed is below, except for the password."
_hasher = PasswordHasher()
_hashing, _line = threading.BoundedSemaphore(AT_ONCE), threading.BoundedSemaphore(AT_ONCE + IN_LINE)
# Of no password: an address without an account takes the same time. Made once, since one hash is a tenth of a start.
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$MGh7a4ynwgSq5gqysJM1DQ$fpKZesIagmbwAE2oO8ECHRJGHXDV0wmO9+kDxYGQKA4"


def hash_password(password: str) -> str:
    """The argon2id hash to store. Raises Busy."""
    with _turn():
        return _hasher.hash(normalise(password))


def verify_password(password_hash: str, password: str) -> bool:
    """Whether `password` belongs to the stored hash; an empty hash takes as long and is never right. Raises Busy."""
    with _turn():
        try:
            return _hasher.verify(password_hash or NOBODY, normalise(password)) and bool(password_hash)
        except (VerificationError, InvalidHashError, ValueError):
            return False


@contextmanager
def _turn() -> Iterator[None]:
    """One's turn at hashing: some at once, some more in line, and to the others we say so."""
    if not _line.acquire(blocking=False):
        raise Busy(TOO_MANY)
    try:
        with _hashing:
            yield
    finally:
        _line.release()


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's, and should be made anew."""
    return _hasher.check_needs_rehash(password_hash)


def weakness(password: str, *own_words: str) -> str:
    """Why this password will not do, as a sentence; empty when it will. `own_words`: name, e-mail address."""
    password = normalise(password)
    if len(password) < SHORTEST:
        return f"Use {SHORTEST} characters or more. A few words that do not belong together are easy to remember."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    bare = re.sub(r"[\W_]+", "", password.lower())
    if _is_common(password.lower()) or _is_common(bare) or _is_a_run(bare):
        return "This password is among the first that others would try. Choose a few words that do not belong together."
    if len(set(password.lower())) < FEWEST_CHARACTERS or re.fullmatch(r"(.{1,4})\1+", password):
        return "This password repeats itself. Choose a few words that do not belong together."
    if any(_is_mostly(bare, word) for own in own_words for word in re.split(r"[@\s.]+", own.lower())):
        return "This password is mostly your name or your e-mail address, which others know. Choose something else."
    return ""


def _is_common(text: str) -> bool:
    """Whether this is a common password: as it is, dressed up, between digits or signs, or several times."""
    core = re.sub(r"^[\d\W_]+|[\d\W_]+$", "", text)
    once = text[: (text + text).find(text, 1)]  # what `text` is made of by repeating; all of it when it is not
    tried = {text, once, text.translate(SWAPS)}
    if len(text) - len(core) <= MOST_PADDING:
        tried |= {core, core.translate(SWAPS)}
    return any(word in COMMON or sha256(word.encode()).digest()[:5] in LISTED for word in tried)


def _is_a_run(bare: str) -> bool:
    return any(bare in run or bare in run[::-1] for run in RUNS) if bare else False


def _is_mostly(bare: str, word: str) -> bool:
    return len(word) >= 4 and word in bare and len(bare.replace(word, "")) < SHORTEST // 2
