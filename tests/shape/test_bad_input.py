"""Bad input in every form the product serves: each gets a sentence and keeps what was typed, and nothing breaks.

The forms are found by walking through a world of people and consultations; see furnished.py and served.py. A new form
is covered as soon as a page shows it.
"""

from __future__ import annotations

import json
import re
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from io import BytesIO
from itertools import count, groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from consult.core.limits import limiter
from consult.core.text import normalise
from tests.conftest import IS_POSTGRESQL
from tests.lengths import IS_LONG
from tests.visitor import Visitor, WebForm, check_page

from .furnished import TAKEN_KEY, World
from .served import STATES, TYPED, Known, Served, fill, walk

NAUGHTY = list(
    dict.fromkeys(json.loads((Path(__file__).parents[1] / "data/strings-naughty/blns.json").read_text("utf-8")))
)
LARGE = "A long thought, ä. " * (50_000 if IS_LONG else 12_000)  # no field takes 200 000 letters
WRONG = (
    "", "no such choice", "-1", "99999999999999999999999999", "1e309", "NaN", "0", "\x00", "2030-02-30", "9999-12-31",
    "9999-12-31T23:59", "0001-01-01T00:00", "[]", "٣", "🏳", "9223372036854775808", " ",
)  # fmt: skip
TOO_LARGE = ("99999999999999999999999999", "9223372036854775808")  # tried in every field that holds a number
WRONG_EACH = 2 if IS_LONG else 1
NO_LETTERS = "%ED%A0%80%FF%C0%AF%00a"  # half a pair, no beginning, a slash too long, nothing
FILES = (
    ("draft.md", b"\x00\x01\x7fELF\xff\xfe"), ("draft.md", b""), ("draft.exe", b"# Title\n\nWords."), ("", b"# Title"),
    ("../../etc/\x00passwd.md", b"# Title\n\nWords."), ("draft.md", b"# Title\n\n\xe9\xff words \x80"),
    ("draft.md", b"\xff\xfe#\x00 \x00T\x00"), ("ä✂.txt", "# Ä\n\nWörter\u2028".encode()),
)  # fmt: skip
BEHIND_A_FORM = {
    "accounts.finish_session",  # its page comes of the password; tests/accounts/test_second_factor.py
    "accounts.enter_from_provider",  # these four follow a visit to a provider; tests/accounts/test_openid.py
    "accounts.link_identity",
    "accounts.register_from_provider",
    "accounts.show_held",
}
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
SENTENCE = ('class="error"', 'class="problems"', 'class="lede"', 'role="alert"', "Error 4")


@dataclass
class Seen:
    """What came of all of it."""

    served: list[Served] = field(default_factory=list)
    rounds: int = 0  # how often each form is filled with naughty strings, all its text fields at once
    accepted: set[Served] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    cases: int = 0
    broken: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    mute: list[str] = field(default_factory=list)


@dataclass
class Attack:
    """One form under attack."""

    world: World
    served: Served
    seen: Seen
    visitor: Visitor = field(init=False)
    form: WebForm = field(init=False)
    address: str = field(init=False)

    def __post_init__(self) -> None:
        self.world.restore()
        self.open()

    def open(self) -> None:
        """Open the page with the form, as the one who may send it."""
        self.visitor = self.world.enter(self.served.where.role)
        page = self.visitor.open(self.served.where.page, status=None)
        self.form = page.forms[self.served.nth]
        _text, name, value, formaction = self.form.buttons[self.served.button]
        self.pressed = {name: [value]} if name else {}
        self.address = formaction or self.form.action or page.url

    @property
    def typed(self) -> list[str]:
        """The names of the fields one types into."""
        unseen = {*self.pressed, "leave_empty"}  # the last is hidden from people; see core.traps
        return [name for name in self.form.names if self.form.kinds[name] in TYPED and name not in unseen]

    @property
    def chosen(self) -> list[str]:
        """The names of all other fields, the token aside."""
        return [n for n in self.form.names if n not in (*self.typed, "csrf_token") and self.form.kinds[n] != "file"]

    def send(
        self,
        what: str,
        values: dict[str, list[str]],
        files: Any = (),
        *,
        is_looked_at: bool = False,
        is_kept: bool = True,
        has_token: bool = True,
        tail: bytes = b"",
    ) -> int:
        """Send the form with `values` and, as no browser would, the bytes `tail`; what was accepted is undone. 0 when it raised."""
        self.seen.cases += 1
        what = f"{what}: {self.served}"
        token = {"csrf_token": self.form.fields["csrf_token"]} if has_token else {"csrf_token": ["made-up"]}
        sent = values | self.pressed | token
        data: MultiDict[str, Any] = MultiDict([(n, v) for n, many in sent.items() for v in many])
        for name, file in files:
            data.add(name, file)
        is_multipart = "file" in self.form.kinds.values() and not tail
        headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
        kind = "multipart/form-data" if is_multipart else "application/x-www-form-urlencoded"
        body = urlencode(list(data.items(multi=True))).encode() + tail if tail else data
        try:
            answer = self.visitor.client.post(self.address, data=body, headers=headers, content_type=kind)
        except Exception:
            self.seen.broken.append(f"{what}\n{traceback.format_exc(limit=-4)}")
            self._again()
            return 0
        self._judge(what, answer, values, is_kept, has_token)
        if is_looked_at:
            self._look(what, answer)
        if answer.status_code < 400:
            self._again()
        return int(answer.status_code)

    def _again(self) -> None:
        """As before: the same form in a fresh browser. All that differs on its page is the token."""
        self.world.restore()
        self.visitor = self.world.enter(self.served.where.role)
        found = TOKEN.search(self.visitor.client.get("/appearance").text)
        assert found
        self.form.fields["csrf_token"] = [found[1]]

    def _judge(self, what: str, answer: Any, values: dict[str, list[str]], is_kept: bool, has_token: bool) -> None:
        status, body = answer.status_code, answer.get_data(as_text=True)
        if status >= 500 or (has_token and "open for a long time" in body):
            self.seen.broken.append(f"{what}: {status}")
        elif status >= 400:
            if not any(sign in body for sign in SENTENCE):
                self.seen.mute.append(f"{what}: {status}")
            shown = unescape(body)
            for name in self.typed:
                text = values.get(name, [""])[0]
                if is_kept and normalise(text) not in shown:
                    self.seen.lost.append(f"{what}: {status} without {text[:60]!r} in {name}")

    def _look(self, what: str, answer: Any) -> None:
        """The page that comes of it is well made, and so is the one it leads to."""
        try:
            if answer.status_code == 303:
                self.visitor.open(answer.headers["Location"], status=None)
            else:
                check_page(answer.get_data(as_text=True), what)
        except Exception:
            self.seen.broken.append(f"{what}\n{traceback.format_exc(limit=-3)}")

    def base(self) -> dict[str, list[str]]:
        """What is accepted, if it can be guessed."""
        for is_full in (True, False):
            values = fill(self.form, is_full=is_full)
            if self.send("sensible", values) in (200, 303):
                self.seen.accepted.add(self.served)
                break
        return values


def is_due(_field: str = "") -> bool:
    """Whether a field is tried in this way: in the short form in one way of three, each in its turn."""
    return IS_LONG or next(DUE) % 3 == 0


def empty(attack: Attack, base: dict[str, list[str]]) -> None:
    attack.send("all empty", base | {name: [""] for name in attack.typed})
    attack.send("all blank", base | {name: [" \t\r\n\u00a0"] for name in attack.typed})
    attack.send("nothing but the token", {})
    for name in sorted(attack.form.names - {"csrf_token"}):
        # Without what it is about, a form may have no place for what was typed; only a meddler gets there.
        is_kept = attack.form.kinds[name] != "hidden"
        if is_due():
            attack.send(f"without {name}", {n: v for n, v in base.items() if n != name}, is_kept=is_kept)


def large(attack: Attack, base: dict[str, list[str]]) -> None:
    for name in attack.typed:
        attack.send(f"{len(LARGE)} letters in {name}", base | {name: [LARGE]})


def wrong(attack: Attack, base: dict[str, list[str]]) -> None:
    for name in filter(is_due, attack.chosen):
        is_number = base.get(name, [""])[:1] != [""] and all(value.isdigit() for value in base[name])
        for value in (
            *(WRONG[next(TURN) % len(WRONG)] for _ in range(WRONG_EACH)),
            *(TOO_LARGE[:WRONG_EACH] if is_number else ()),
        ):
            attack.send(f"{value!r} in {name}", base | {name: [value]})


def meddled(attack: Attack, base: dict[str, list[str]]) -> None:
    attack.send("all twice", {n: [*v, *v, "once more"] if n != "csrf_token" else v for n, v in base.items()})
    attack.send("more fields", base | {name: ["1"] for name in ("id", "actor", "is_administrator", "état")})
    if attack.typed:
        first, *_ = attack.typed
        others = {name: value for name, value in base.items() if name != first}
        attack.send("bytes, no letters", others, is_kept=False, tail=f"&{quote(first)}={NO_LETTERS}".encode())
    if "submission" in base:
        attack.send("a key somebody took", base | {"submission": [TAKEN_KEY]})
    attack.send("an old token", base, has_token=False)


def files(attack: Attack, base: dict[str, list[str]]) -> None:
    for name, kind in attack.form.kinds.items():
        for file_name, content in FILES if kind == "file" else ():
            values = base | {n: [""] for n in attack.typed}
            attack.send(f"file {file_name!r}", values, [(name, (BytesIO(content), file_name))], is_looked_at=True)


def naughty(attack: Attack, base: dict[str, list[str]]) -> None:
    for turn in range(attack.seen.rounds if attack.typed else 0):
        strings = [NAUGHTY[next(STRING) % len(NAUGHTY)] for _ in attack.typed]
        attack.seen.sent |= set(strings)
        attack.send(
            f"naughty {turn}", base | {n: [s] for n, s in zip(attack.typed, strings, strict=True)}, is_looked_at=True
        )
    for name in filter(is_due, sorted(attack.form.names - {"csrf_token"} - set(attack.typed))):
        attack.send(f"naughty {name}", base | {name: [NAUGHTY[next(TURN) % len(NAUGHTY)]]})


TURN, STRING, DUE = count(), count(), count()
IS_SHORTER = IS_POSTGRESQL and not IS_LONG
# An announced consultation has no form of its own; the first four states hold nearly all forms.
ASKED = STATES[:1] if IS_SHORTER else STATES if IS_LONG else tuple(state for state in STATES if state != "announced")
# What is empty, too large or no file we take is refused before a database hears of it.
ATTACKS = (wrong, naughty) if IS_SHORTER else (empty, large, wrong, meddled, files, naughty)
TWIN_ATTACKS = (meddled, naughty)


@pytest.fixture(scope="module")
def seen(app: Flask) -> Iterator[Seen]:
    seen, known, worlds, twins = Seen(), Known(), {}, set()
    was_limited, limiter.enabled = limiter.enabled, False
    for state in ASKED:
        worlds[state] = World(app, state)
        seen.served += walk(worlds[state], known)
        worlds[state].clear()
    seen.rounds = 1 + len(NAUGHTY) // sum(served.typed for served in seen.served)
    for state, group in groupby(seen.served, key=lambda served: served.where.state):
        worlds[state].restore()
        for served in group:
            attack = Attack(worlds[state], served, seen)
            base = attack.base()
            twin = (served.where, served.nth, served.endpoint)  # another button of the same form
            for kind in TWIN_ATTACKS if twin in twins else ATTACKS:
                kind(attack, base)
            twins.add(twin)
        worlds[state].clear()
    yield seen
    limiter.enabled = was_limited


@pytest.mark.skipif(IS_SHORTER, reason="PostgreSQL is asked in one state only; SQLite finds every door (decision 0105)")
def test_every_door_that_takes_a_form_was_found(app: Flask, seen: Seen) -> None:
    posts = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and not rule.rule.startswith("/api/")  # programs send no forms; tests/api
    }
    shown = {served.endpoint for served in seen.served}
    assert posts - shown - BEHIND_A_FORM == set(), "no page shows a form for these"


def test_nothing_breaks(seen: Seen) -> None:
    assert not seen.broken, "\n\n".join(seen.broken)


def test_thousands_of_cases_were_tried(seen: Seen) -> None:
    assert seen.cases >= (5000 if IS_LONG else 500 if IS_SHORTER else 2000)


def test_every_refusal_says_why(seen: Seen) -> None:
    assert not seen.mute, "\n".join(seen.mute)


def test_what_was_typed_is_kept(seen: Seen) -> None:
    assert not seen.lost, "\n".join(seen.lost)


def test_every_naughty_string_was_sent(seen: Seen) -> None:
    assert set(NAUGHTY) - seen.sent == set()


def test_sensible_input_is_accepted_nearly_everywhere(seen: Seen) -> None:
    refused = [str(served) for served in seen.served if served not in seen.accepted]
    assert len(refused) < len(seen.served) / 5, "\n".join(refused)
