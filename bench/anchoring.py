"""What becomes of comments on words when the draft changes: `python bench/anchoring.py [anchors per pair]`.

Puts anchors on random words of real drafts, carries each to the next version, and judges where it landed by what
is known for certain: the ids of the authors, and words that stand once in both versions. Prints a table, then
ratios of time. `wrong` are anchors that claim a place (exact, shifted, moved) and have another; every one is a
comment that would silently stand at the wrong words.
"""

from __future__ import annotations

import random
import sys
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from consult.documents import redline
from consult.documents.alignment import Block, align
from consult.documents.anchoring import EXACT, MOVED, ORPHAN, REVIEW, SHIFTED, Anchor, Carried, Carrier, anchor_at
from tests.documents import mutation
from tests.documents import real_drafts as real

SEED = 18974
CLAIMS = (EXACT, SHIFTED, MOVED)
WINDOWS = (128, 64, 32)  # characters around the words; fewer could be the same by chance


@dataclass(frozen=True)
class Result:
    """What became of the anchors of one pair of versions."""

    name: str
    statuses: Counter[str]
    wrong: list[tuple[Anchor, Carried]]
    judged: int  # claims whose truth is known

    @property
    def total(self) -> int:
        return self.statuses.total()

    def share(self, count: int) -> float:
        return 100 * count / self.total


def anchors(blocks: Sequence[Block], count: int, chance: random.Random) -> list[Anchor]:
    """Anchors on one to thirty words in a row, in random clauses."""
    places = [place for place, block in enumerate(blocks) if len(block.text.split()) > 1]
    found = []
    for _ in range(count):
        place = chance.choice(places)
        text = blocks[place].text
        starts = [n for n, c in enumerate(text) if not c.isspace() and (n == 0 or text[n - 1].isspace())]
        first = chance.randrange(len(starts))
        last = min(len(starts) - 1, first + chance.choice((0, 1, 2, 4, 8, 15, 29)))
        end = starts[last] + len(text[starts[last] :].split()[0])
        found.append(anchor_at(text, place, starts[first], end))
    return found


class Truth:
    """What is known of where words of an old version are in the new one."""

    def __init__(self, old: Sequence[Block], new: Sequence[Block], same: dict[int, int], gone: set[int]) -> None:
        self.old_text, self.old_starts = _joined(old)
        self.new_text, self.new_starts = _joined(new)
        self.same, self.gone = same, gone

    def at(self, anchor: Anchor) -> tuple[int, int] | None:
        """The new place and offset, if the words with some before or after them stand once in both versions.

        What is around may be in the clauses beside: that tells apart what is said in many places. Where words
        before and words after point to different places, nothing is known.
        """
        start = self.old_starts[anchor.place] + anchor.start
        end = start + len(anchor.exact)
        found = {self._once(start, end, *sides) for sides in ((1, 1), (1, 0), (0, 1))} - {None}
        if len(found) != 1:
            return None
        there = found.pop()
        assert there is not None
        place = bisect_right(self.new_starts, there) - 1
        return place, there - self.new_starts[place]

    def _once(self, start: int, end: int, before: int, after: int) -> int | None:
        """Where the words are in the new text, by as much around them as is there once in both."""
        for window in WINDOWS:
            first = max(0, start - before * window)
            words = self.old_text[first : end + after * window]
            if self.old_text.count(words) == self.new_text.count(words) == 1:
                return self.new_text.index(words) + start - first
        return None

    def judge(self, anchor: Anchor, carried: Carried) -> bool | None:
        """Whether a claim is right; None where nothing is known for certain."""
        known = self.at(anchor)
        if known is not None:
            return (carried.place, carried.start) == known
        if anchor.place in self.same:
            return carried.place == self.same[anchor.place]
        if anchor.place in self.gone:
            return carried.status == MOVED
        return None


def _joined(blocks: Sequence[Block]) -> tuple[str, list[int]]:
    """The whole text without capitals, and where each block begins in it."""
    starts, place = [], 0
    for block in blocks:
        starts.append(place)
        place += len(block.text) + 1
    text = "\n".join(block.text for block in blocks)
    assert len(text.lower()) == len(text)  # offsets stay
    return text.lower(), starts


def truth_of(name: str, old: Sequence[Block], new: Sequence[Block]) -> Truth:
    """Ids for the draft that has them; words for all."""
    same, gone = dict[int, int](), set[int]()
    if name.startswith("CSAF"):
        same, named = real.csaf_truth()
        gone = named - same.keys()
    return Truth(old, new, same, gone)


def run(name: str, old: Sequence[Block], new: Sequence[Block], count: int) -> Result:
    """Carry `count` anchors from one version to the other; the same ones each time."""
    carrier, truth = Carrier(old, new, align(old, new)), truth_of(name, old, new)
    statuses: Counter[str] = Counter()
    wrong, judged = [], 0
    for anchor in anchors(old, count, random.Random(SEED)):
        carried = carrier.carry(anchor)
        statuses[carried.status] += 1
        verdict = truth.judge(anchor, carried) if carried.status in CLAIMS else None
        judged += verdict is not None
        if verdict is False:
            wrong.append((anchor, carried))
    return Result(name, statuses, wrong, judged)


def run_mutated(name: str, old: Sequence[Block], count: int) -> Result:
    """Carry anchors to a version made by random edits, where the truth is known of every word."""
    made = mutation.mutate(old, random.Random(SEED))
    carrier = Carrier(old, made.blocks, align(old, made.blocks))
    statuses: Counter[str] = Counter()
    wrong, judged = [], 0
    for anchor in anchors(old, count, random.Random(SEED)):
        carried = carrier.carry(anchor)
        statuses[carried.status] += 1
        if carried.status not in CLAIMS:
            continue
        first = len(old[anchor.place].text[: anchor.start].split())
        truth = [made.at(anchor.place, word) for word in range(first, first + len(anchor.exact.split()))]
        there = {place for known in truth if known for place in [known[0]]}
        judged += 1
        is_right = there == {carried.place} and (truth[0] is None or truth[0] == (carried.place, carried.start))
        if not is_right and not _is_same_by_words(old, made, anchor, carried):
            wrong.append((anchor, carried))
    return Result(f"{name}, edited at random", statuses, wrong, judged)


def _is_same_by_words(old: Sequence[Block], made: mutation.Mutation, anchor: Anchor, carried: Carried) -> bool:
    """A clause that is there twice, word for word: nobody can say which of the two is meant."""
    return carried.place is not None and old[anchor.place].text == made.blocks[carried.place].text


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """The best of a few runs, in seconds of this process."""
    best = float("inf")
    for _ in range(times):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best


def table(results: Sequence[Result]) -> None:
    """Shares of the anchors of each pair, in per cent."""
    heads = (*CLAIMS, REVIEW, ORPHAN)
    print(f"{'from → to':<46}" + "".join(f"{h:>9}" for h in heads) + f"{'judged':>9}{'wrong':>9}")
    for result in results:
        shares = "".join(f"{result.share(result.statuses[h]):>8.1f}%" for h in heads)
        print(f"{result.name:<46}{shares}{result.share(result.judged):>8.1f}%{result.share(len(result.wrong)):>8.2f}%")


def redline_all(old: Sequence[Block], new: Sequence[Block]) -> None:
    """Align two versions and redline every clause that changed."""
    for row in align(old, new).pairs():
        if row.is_edited:
            redline.pieces(old[row.old[0]].text, new[row.new[0]].text)


def speed() -> None:
    """Ratios, and what they come to here."""
    old, new = real.csaf(1), real.csaf(2)
    small = [list(blocks[:450]) for blocks in (old, new)]
    per_small = seconds(lambda: redline_all(*small))
    per_large = seconds(lambda: redline_all(old, new))
    carrier, some = Carrier(old, new, align(old, new)), anchors(old, 10_000, random.Random(SEED))
    per_anchor = seconds(lambda: [carrier.carry(anchor) for anchor in some], 1)
    print(f"\n450 blocks aligned and redlined {per_small:.2f} s; 10,000 anchors carried {per_anchor:.2f} s")
    print(f"  time per block, {len(old):,} blocks : 450           {per_large / len(old) / (per_small / 450):.2f}")
    print(f"  10,000 anchors : aligning and redlining      {per_anchor / per_large:.2f}")


def results(count: int) -> list[Result]:
    """`count` anchors for each pair of versions, then for drafts edited at random."""
    found = [run(name, old, new, count) for name, (old, new) in real.pairs().items()]
    drafts = {"CSAF csd01": real.csaf(1), "ISO 18974": real.openchain("iso-18974-2023"), "AIPREF 07": real.aipref(7)}
    return found + [run_mutated(name, old, count) for name, old in drafts.items()]


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    table(results(count))
    speed()


if __name__ == "__main__":
    main()
