"""The calculation: what solves it, what does not, and that no solution is good twice or for another purpose."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta

import pytest
from flask import Flask

from consult.core import clock, proof

SECRET = "a secret key of thirty-two characters"


def solve(challenge: proof.Challenge, /, **other: object) -> str:
    """What a browser sends, found the long way; `other`: what a liar puts in instead."""
    numbers = range(challenge.maxnumber + 1)
    number = next(
        n for n in numbers if hashlib.sha256(f"{challenge.salt}{n}".encode()).hexdigest() == challenge.challenge
    )
    said = {
        "algorithm": challenge.algorithm, "challenge": challenge.challenge, "number": number, "salt": challenge.salt,
        "signature": challenge.signature,
    }  # fmt: skip
    return base64.b64encode(json.dumps(said | other).encode()).decode()


def made() -> proof.Challenge:
    return proof.challenge(SECRET, "person 1", clock.now(), effort=50)


def test_a_solution_is_one_in_its_time_for_its_purpose_and_by_our_key() -> None:
    one, now = made(), clock.now()
    sent = solve(one)
    assert proof.solved(SECRET, "person 1", sent, now) == one.challenge
    assert not proof.solved(SECRET, "person 2", sent, now)
    assert not proof.solved(f"not {SECRET}", "person 1", sent, now)
    assert not proof.solved(SECRET, "person 1", sent, now + proof.LIFETIME + timedelta(seconds=1))


@pytest.mark.parametrize(
    "lie",
    [
        {"number": -1}, {"number": True}, {"number": "7"}, {"number": None}, {"signature": "0" * 64},
        {"signature": 5}, {"algorithm": "SHA-1"}, {"challenge": "0" * 64}, {"salt": 5}, {"salt": "x?expires=9999999999"},
    ],
    ids=str,
)  # fmt: skip
def test_a_lie_is_no_solution(lie: dict[str, object]) -> None:
    assert not proof.solved(SECRET, "person 1", solve(made(), **lie), clock.now())


def test_a_longer_time_cannot_be_written_into_it() -> None:
    """Neither before the number nor by moving its digits into the salt."""
    one, now = made(), clock.now() + proof.LIFETIME * 2
    said = json.loads(base64.b64decode(solve(one)))
    for salt in (f"{one.salt}expires=9999999999&", one.salt.replace("expires=", "expires=9999999999&expires=")):
        assert not proof.solved(SECRET, "person 1", solve(one, salt=salt, number=said["number"]), now)


@pytest.mark.parametrize("sent", ["", "?", "e30=", "W10=", "bnVsbA==", "\x00", "ä", "[" * 5000, "IiI=" * 900])
def test_what_is_not_read_is_no_solution(sent: str) -> None:
    assert not proof.solved(SECRET, "person 1", sent, clock.now())


def test_it_is_good_once(asking: Flask) -> None:
    one = proof.challenge(str(asking.config["SECRET_KEY"]), "person 1", clock.now(), effort=50)
    answers = []
    for _ in range(2):
        with asking.test_request_context("/", method="POST", data={"proof": solve(one)}):
            answers.append(proof.is_given("person 1"))
    assert answers == [True, False]


def test_nobody_is_asked_where_the_site_does_not(app: Flask) -> None:
    with app.test_request_context("/", method="POST"):
        assert proof.ask("person 1") is None
        assert proof.is_given("person 1")
