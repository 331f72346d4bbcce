"""Does the time that signing in takes tell who has an account? What one password costs, and how many at once.

    python bench/signing.py [--tries 200]

Known and unknown addresses are tried in turns through the whole application, each with a wrong password, so that a
busy machine troubles both alike. Printed: both medians, their ratio, and how likely two samples this different are
when nothing differs (Kolmogorov and Smirnov). Below 0.01 the time would tell.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from consult.accounts import operations, passwords
from consult.app import create_app
from consult.core.db import db
from consult.core.errors import Busy
from consult.core.limits import limiter
from consult.core.rules import SYSTEM
from consult.settings import Settings

ADDRESSES = ("ada@example.org", "nobody@example.org")
RIGHT, WRONG = "four plain words together", "four other words together"


def seconds(what: Callable[[], object]) -> float:
    """How long this takes."""
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


def likelihood(one: list[float], two: list[float]) -> float:
    """p of the two-sided test of Kolmogorov and Smirnov, asymptotic with Stephens' correction."""
    moments = sorted(one + two)
    share = [sum(x <= moment for x in one) / len(one) - sum(x <= moment for x in two) / len(two) for moment in moments]
    far = max(map(abs, share))
    n = math.sqrt(len(one) * len(two) / (len(one) + len(two)))
    x = (n + 0.12 + 0.11 / n) * far
    if x < 0.2:
        return 1.0
    return min(1.0, 2 * sum((-1) ** (k - 1) * math.exp(-2 * k * k * x * x) for k in range(1, 101)))


def interleaved(app: Flask, tries: int) -> dict[str, list[float]]:
    """Seconds of each wrong sign-in, by address, in a random order of each pair."""
    client, took = app.test_client(), {address: [] for address in ADDRESSES}
    for number in range(-3, tries):  # the first ones warm up
        for address in random.sample(ADDRESSES, 2):
            spent = seconds(lambda address=address: client.post("/sign-in", data={"email": address, "password": WRONG}))
            if number >= 0:
                took[address].append(spent)
    return took


def together(many: int) -> tuple[int, float]:
    """Of so many passwords at the same moment: how many are looked at, and seconds until the last one is."""

    def look(_: int) -> bool:
        try:
            passwords.verify_password("", WRONG)
        except Busy:
            return False
        return True

    began = time.perf_counter()
    with ThreadPoolExecutor(many) as pool:
        seen = sum(pool.map(look, range(many)))
    return seen, time.perf_counter() - began


def main() -> None:
    """Measure, and print ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tries", type=int, default=200)
    tries = parser.parse_args().tries
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(instance=folder, mode="test", public_url="http://localhost"))
        app.config["WTF_CSRF_ENABLED"], limiter.enabled = False, False
        with app.app_context():
            db.create_all()
            operations.create_person(
                actor=SYSTEM, name="Ada", email=ADDRESSES[0], password_hash=passwords.hash_password(RIGHT),
                category="individual", is_verified=True,
            )  # fmt: skip
        took = interleaved(app, tries)
    known, unknown = (took[address] for address in ADDRESSES)
    one, two = statistics.median(known), statistics.median(unknown)
    print(f"known {one * 1000:.1f} ms, unknown {two * 1000:.1f} ms; ratio {one / two:.3f}, {tries} each in turns")
    print(f"Kolmogorov and Smirnov: p = {likelihood(known, unknown):.3f} (the time tells below 0.01)")
    cost = statistics.median(seconds(lambda: passwords.verify_password("", WRONG)) for _ in range(20))
    hasher = passwords._hasher
    print(
        f"one password {cost * 1000:.1f} ms: argon2id, m = {hasher.memory_cost} KiB, t = {hasher.time_cost}, p = {hasher.parallelism}; {cost / one:.2f} of a sign-in"
    )
    seen, spent = together(40)
    print(
        f"40 at once: {seen} looked at, {passwords.AT_ONCE} at a time, in {spent / cost:.1f} times one; the others are asked to wait"
    )


if __name__ == "__main__":
    main()
