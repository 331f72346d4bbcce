"""How long opinion groups take, and how well they are found: `python bench/opinions.py [people comments votes_each]`.

Makes conversations of three groups (50, 30 and 20 %), in which each person votes on as many comments drawn by lot, each
with the probability of her group; prints seconds of one processor, the number of groups found, the share of people placed, and
memory. Then the same for the real conversations of the tests, with how much groups tell; and what they tell of the same
votes shuffled within their comments.
"""

from __future__ import annotations

import csv
import random
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from consult.debate.opinions import Opinions, find

DATA = Path(__file__).parents[1] / "tests" / "data"
SIZES = ((200, 60, 20), (1000, 150, 30), (2000, 200, 40), (5000, 300, 60))
SEED = 18974
Ballot = dict[int, int]


def made(people: int, comments: int, votes_each: int) -> list[Ballot]:
    """Three groups whose members agree with a comment by its probability in their group."""
    lot = random.Random(SEED)
    chances = [[lot.betavariate(0.6, 0.6) for _ in range(comments)] for _group in range(3)]
    groups = lot.choices(range(3), (50, 30, 20), k=people)
    return [
        {
            c: 1 if lot.random() < chances[group][c] else -1
            for c in lot.sample(range(comments), min(comments, votes_each))
        }
        for group in groups
    ]


def real(name: str) -> list[Ballot]:
    """The votes of a conversation, without rejected comments."""
    with (DATA / name / "comments.csv").open(encoding="utf-8") as file:
        rejected = {row["comment-id"] for row in csv.DictReader(file) if row["moderated"] == "-1"}
    with (DATA / name / "participants-votes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [
        {int(c): int(float(vote)) for c, vote in row.items() if c.isdigit() and vote and c not in rejected}
        for row in rows
    ]


def shuffled(ballots: Sequence[Ballot]) -> list[Ballot]:
    """The same people on the same comments, with the votes of each comment among them by lot."""
    lot, cast = random.Random(SEED), dict[int, list[int]]()
    for ballot in ballots:
        for comment, vote in ballot.items():
            cast.setdefault(comment, []).append(vote)
    for votes in cast.values():
        lot.shuffle(votes)
    return [{comment: cast[comment].pop() for comment in ballot} for ballot in ballots]


def told(name: str, ballots: Sequence[Ballot]) -> None:
    """Find the groups and print a line."""
    start = time.process_time()
    found: Opinions = find(ballots)
    seconds = time.process_time() - start
    votes = sum(map(len, ballots))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name:32} {len(ballots):6} people {votes:8,} votes  {seconds:6.1f} s  groups {found.sizes or 'none'}"
        f"  of {found.counted}  tell {100 * found.gain:.1f} %  {'stable' if found.is_stable else 'unstable'}"
        f"  {memory:.0f} MB"
    )


def main() -> None:
    sizes = [tuple(map(int, sys.argv[1:4]))] if len(sys.argv) > 3 else SIZES
    for people, comments, votes_each in sizes:
        told(f"made, {comments} comments", made(people, comments, votes_each))
    for folder in sorted(DATA.glob("polis-*")):
        told(folder.name, real(folder.name))
        told("  the same, shuffled", shuffled(real(folder.name)))


if __name__ == "__main__":
    main()
