"""How well and how fast shared texts are found: `python bench/campaigns.py [texts]` (100,000).

Makes the same texts each time from the sentences of a real docket: 30 % of their own (a Markov chain over pairs of
words of sentences that are in no letter), 20 % copies of 25 letters with another case, greeting or signature, 20 % edited letters (words changed, a
sentence put in or taken out, sentences in another order, a paragraph quoted within words of one's own), 10 % copies of
five letters word for word, 20 % made from one template with many slots ("mad-lib"). Prints for each kind the share
that is found together with the rest of its letter, the share of found texts that are in the right group, the share
of own texts that are wrongly in a group, and the same for exact hashing in the same run; then seconds of one processor, and memory.
GOALS are told beside each figure. With `--rows COUNT` the same texts are rows of a database (`--database postgresql`:
on a server), and the real job looks through them while others write: see campaign_rows.py.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import campaign_rows
from consult.moderation.resemblance import Text, find
from consult.moderation.resemblance.words import words

SEED = 18974
# What we want, whatever the method: the least recall of each kind, then of all, and for a million texts on two cores
# 90 s and 6 GB (told for one core here).
GOALS = {
    "another order": 0.99, "exact, case, greeting": 0.99, "mad-lib": 0.99, "quoted": 0.75, "sentence in or out": 0.99,
    "word for word": 0.99, "words changed": 0.99, "all": 0.97,
}  # fmt: skip
PRECISION, WRONG, TEXTS_A_SECOND, BYTES_A_TEXT = 0.999, 0.001, 1_000_000 / 180, 6_000
DOCKET = Path(__file__).parents[1] / "tests" / "data" / "comments-usda" / "docket.csv"
TITLE = re.compile(r"\s*Re:\s*Supplemental.*", re.DOTALL)
LETTERS, FIXED, SENTENCES = 25, 5, 5
SLOTS = [
    ("I urge you to", "I ask you to", "Please", "You must", "I want you to"),
    ("repeal", "undo", "reverse", "overturn", "rescind", "roll back"),
    ("the rule", "the regulation", "the scheme", "the plan", "the takeover"),
    ("that the former office", "which the last office", "the previous administration"),
    ("forced on", "imposed on", "put upon", "inflicted on"),
    ("small laboratories", "independent laboratories", "laboratories everywhere", "young firms"),
    ("and the people", "and citizens", "and families", "and users"),
    ("who depend on", "who rely on", "who live by"),
    ("open models.", "free models.", "models they can check."),
    ("It was", "This was", "The plan was"),
    ("a betrayal of", "a distortion of", "a break with", "an insult to"),
    ("open research,", "free inquiry,", "public science,"),
    ("and it ended", "and it stopped", "which ended"),
    ("a light touch", "a hands-off way", "a careful balance"),
    ("that worked", "that functioned", "that served us"),
    ("for decades.", "for many years.", "for a long time.", "since the beginning."),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """A text, what kind it is, and which letter it comes from (none: its own)."""

    body: str
    kind: str
    letter: str = ""


class Maker:
    """Texts by kind, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        with DOCKET.open(encoding="utf-8-sig", newline="") as file:
            said = [TITLE.sub("", row["Text Comment"]) for row in csv.DictReader(file)]
        sentences = [
            s.strip() for text in said for s in re.split(r"(?<=[.!?])\s+|\n+", text) if 6 <= len(s.split()) <= 40
        ]
        sentences = sorted(set(sentences))
        self.chance.shuffle(sentences)
        self.letters = [sentences[n * SENTENCES : (n + 1) * SENTENCES] for n in range(LETTERS)]
        self.fixed = [sentences[-(n + 1) * SENTENCES : -n * SENTENCES or None] for n in range(FIXED)]
        self.next: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.starts = []
        for sentence in sentences[LETTERS * SENTENCES : -FIXED * SENTENCES]:  # what is in no letter
            told = sentence.split()
            self.starts.append((told[0], told[1]))
            for one, two, three in zip(told, told[1:], told[2:], strict=False):
                self.next[one, two].append(three)
        self.all_words = [word for sentence in sentences for word in sentence.split()]

    def texts(self, count: int) -> list[Made]:
        """`count` texts in a random order."""
        shares: list[tuple[float, Callable[[], Made]]] = [
            (0.30, lambda: Made(self.own(70), "own")), (0.20, self.copy), (0.20, self.edited), (0.10, self.sent),
            (0.20, self.mad_lib),
        ]  # fmt: skip
        made = [make() for share, make in shares for _ in range(round(share * count))]
        self.chance.shuffle(made)
        return made

    def own(self, least: int) -> str:
        told: list[str] = []
        while len(told) < least:
            pair = self.chance.choice(self.starts)
            told += pair
            while (after := self.next.get(pair)) and len(told) < least + 20:
                pair = pair[1], self.chance.choice(after)
                told.append(pair[1])
            # A chain over so few sentences would repeat whole ones; a word of somebody's own breaks the run.
            for at in range(max(0, len(told) - 20), len(told), 4):
                told[at] = self.chance.choice(self.all_words)
        return " ".join(told)

    def copy(self) -> Made:
        n = self.chance.randrange(LETTERS)
        body = " ".join(self.letters[n])
        name = f"{self.chance.choice('ABCDEFGH')}. Person {self.chance.randrange(10_000)}"
        ways = (
            body, body.upper(), body.lower(), f"Dear Secretary,\n\n{body}\n\nSincerely,\n{name}", f"{body}\n\nThank you!\n{name}",
        )  # fmt: skip
        return Made(self.chance.choice(ways), "exact, case, greeting", f"letter {n}")

    def sent(self) -> Made:
        n = self.chance.randrange(FIXED)
        return Made(" ".join(self.fixed[n]), "word for word", f"fixed {n}")

    def edited(self) -> Made:
        n = self.chance.randrange(LETTERS)
        said = list(self.letters[n])
        how = self.chance.choice((self.minor, self.block, self.order, self.key))
        return Made(how(said), {"minor": "words changed", "block": "sentence in or out", "order": "another order", "key": "quoted"}[how.__name__], f"letter {n}")  # fmt: skip

    def minor(self, said: list[str]) -> str:
        told = " ".join(said).split()
        for _ in range(max(1, len(told) // 20)):
            told[self.chance.randrange(len(told))] = self.chance.choice(self.all_words)
        return " ".join(told)

    def block(self, said: list[str]) -> str:
        if self.chance.random() < 0.5:
            del said[self.chance.randrange(len(said))]
        else:
            said.insert(self.chance.randrange(len(said) + 1), self.own(14))
        return " ".join(said)

    def order(self, said: list[str]) -> str:
        self.chance.shuffle(said)
        return " ".join(said)

    def key(self, said: list[str]) -> str:
        start = self.chance.randrange(len(said) - 1)
        quoted = " ".join(said[start : start + 2])
        return f"{self.own(35)}\n{quoted}\n{self.own(35)}"

    def mad_lib(self) -> Made:
        return Made(" ".join(self.chance.choice(slot) for slot in SLOTS), "mad-lib", "mad-lib")


def judged(made: Sequence[Made], groups: Iterable[Sequence[int]]) -> tuple[dict[str, float], float, float]:
    """Recall by kind, precision, and the share of own texts in a group."""
    right: dict[str, tuple[int, int]] = {}  # letter → the group that holds most of it
    of: dict[int, int] = {}
    letters: dict[int, Counter[str]] = {}
    for number, group in enumerate(groups):
        of |= dict.fromkeys(group, number)
        letters[number] = Counter(made[at].letter for at in group)
        for letter, count in letters[number].items():
            right[letter] = max(right.get(letter, (0, 0)), (count, number))
    kinds = Counter(text.kind for text in made)
    hits = Counter(t.kind for at, t in enumerate(made) if t.letter and at in of and right[t.letter][1] == of[at])
    pure = sum(max(count for _, count in counted.items()) - (counted[""] if max(counted, key=lambda k: counted[k]) == "" else 0) for counted in letters.values())  # fmt: skip
    wrong = sum(counted[""] for counted in letters.values())
    recall = {kind: hits[kind] / kinds[kind] for kind in kinds if kind != "own"}
    recall["all"] = sum(hits.values()) / (len(made) - kinds["own"])
    return recall, pure / max(1, len(of)), wrong / max(1, kinds["own"])


def exact(made: Sequence[Made]) -> list[list[int]]:
    """Texts with the same words in the same order."""
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, text in enumerate(made):
        found[words(text.body)].append(at)
    return [group for group in found.values() if len(group) > 1]


def judge(made: Sequence[Made], groups: Sequence[Sequence[int]], hashed: Sequence[Sequence[int]]) -> None:
    """Print how good the groups are, beside those of hashing and what we want."""
    ours, theirs = judged(made, groups), judged(made, hashed)
    print(f"{'found together with its letter':34}{'ours':>8}{'hashing':>10}{'goal':>8}")
    for kind in sorted(ours[0], key=lambda kind: (kind == "all", kind)):
        missed = "" if ours[0][kind] >= GOALS[kind] else "   missed"
        print(f"{kind:34}{ours[0][kind]:8.3f}{theirs[0][kind]:10.3f}{GOALS[kind]:8.2f}{missed}")
    missed = "" if ours[1] >= PRECISION else "   missed"
    print(f"{'in the right group (precision)':34}{ours[1]:8.4f}{theirs[1]:10.4f}{PRECISION:8.3f}{missed}")
    missed = "" if ours[2] <= WRONG else "   missed"
    print(f"{'own texts wrongly in a group':34}{ours[2]:8.4f}{theirs[2]:10.4f}{WRONG:8.3f}{missed}")


def main(count: int) -> None:
    made = Maker(SEED).texts(count)
    size = sum(len(text.body) for text in made) / len(made)
    print(f"{len(made):,} texts, {size:.0f} characters each on average")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    found = find([Text(at, text.body) for at, text in enumerate(made)])
    seconds = time.process_time() - began
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    began = time.process_time()
    hashed = exact(made)
    hashing = time.process_time() - began
    judge(made, [group.ids for group in found.groups], hashed)
    print(f"{'seconds of a processor':34}{seconds:8.1f}{hashing:10.1f}   ratio {seconds / hashing:.1f}")
    missed = "" if count / seconds >= TEXTS_A_SECOND else "   missed"
    print(f"{'texts a second':34}{count / seconds:8,.0f}{count / hashing:10,.0f}{TEXTS_A_SECOND:8,.0f}{missed}")
    missed = "" if most * 1024 <= BYTES_A_TEXT * count else "   missed"
    print(f"{'memory for it, bytes a text':34}{most * 1024 / count:8,.0f}{'':10}{BYTES_A_TEXT:8,}{missed}")
    print(f"memory: {before // 1024:,} MB before, {most // 1024:,} MB for it; {len(found.groups)} groups")


def main_rows(count: int, database: str) -> None:
    made = Maker(SEED).texts(count)
    campaign_rows.run(made, database, lambda groups: judge(made, groups, exact(made)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("texts", nargs="?", type=int, default=100_000)
    parser.add_argument("--rows", type=int, metavar="COUNT", help="as rows of a database, by the real job")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    given = parser.parse_args()
    main_rows(given.rows, given.database) if given.rows else main(given.texts)
