"""Groups of nearly identical texts, in four stages: the same words, nearly the same words, the same letter inside, and
letters put together from alternatives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from consult.core.records import Record

from . import letters, slots
from .sketches import Shingles, bands, jaccard, shingles, sketch
from .words import Words, argument, length, shared_edges, words

FEWEST = 5  # words; "See attached" and "I agree" are no campaign, however often they are said
SHORT = 8  # words; shorter texts belong together only when they are the same
ALIKE = 0.6  # share of common runs of three words
LEADERS = 8  # texts of a place that others are compared with; where one letter is sent to all, one is enough

Tell = Callable[[int], None]


class Text(Record):
    """Something that was said, with the number it is known by."""

    id: int
    body: str


class Group(Record):
    """Texts that share their words; `ids` begin with the one to show: what most said word for word, the first of it."""

    ids: tuple[int, ...]
    same: frozenset[int]  # those that have exactly the template's words

    @property
    def template(self) -> int:
        return self.ids[0]


class Found(Record):
    """The groups, the largest first, and the lines that were cut because most texts have them."""

    groups: tuple[Group, ...]
    shared: frozenset[Words]


@dataclass(slots=True)
class Wording:
    """One argument, and the texts that have exactly these words. Of the words it keeps what is compared."""

    length: float
    runs: Shingles[int]
    ids: list[int] = field(default_factory=list)


class _Bodies:
    """The words of texts, as often as they are asked for."""

    def __init__(self, texts: Iterable[Text]) -> None:
        self.texts = texts

    def __iter__(self) -> Iterator[str]:
        return (text.body for text in self.texts)


def find(texts: Iterable[Text], *, known: Collection[str] = (), tell: Tell = lambda _done: None) -> Found:
    """Put texts together that are nearly the same; two are enough. They are gone through three times, and not kept.

    `known`: lines that are not the commenters' words, such as the title of the consultation. `tell` is called with the
    number of texts that were read, again and again. The result is the same in whatever order the texts come.
    """
    shared = shared_edges(_Bodies(texts))
    beside = shared | {words(line) for line in known}
    wordings = _wordings(texts, beside, tell)
    ties = _Ties(len(wordings))
    long = [at for at, wording in enumerate(wordings) if wording.length >= SHORT]
    _join_alike(wordings, long, ties)
    items = [(at, wordings[at].runs, len(wordings[at].ids)) for at in long]
    for stage in (letters.same_letter, slots.same_slots):
        for one, other in stage(items, ties.sets()):
            ties.join(one, other)
    groups = [_group([wordings[at] for at in group]) for group in ties.sets()]
    large = (group for group in groups if len(group.ids) > 1)
    return Found(tuple(sorted(large, key=lambda group: (-len(group.ids), group.ids))), shared)


def _wordings(texts: Iterable[Text], beside: frozenset[Words], tell: Tell) -> list[Wording]:
    """The different arguments that are long enough, in an order that depends on their words alone."""
    found: dict[bytes, Wording] = {}
    for done, text in enumerate(texts):
        if done % 1_000 == 0:
            tell(done)
        said = argument(text.body, beside)
        key = blake2b(" ".join(said).encode(), digest_size=16).digest()
        if key not in found:
            found[key] = Wording(length(said), shingles(said))
        found[key].ids.append(text.id)
    for wording in found.values():
        wording.ids.sort()
    return [found[key] for key in sorted(found) if found[key].length >= FEWEST]


def _join_alike(wordings: Sequence[Wording], long: Sequence[int], ties: _Ties) -> None:
    """Join texts that meet in a band and share enough; in one place each is compared with a few others only."""
    places: dict[tuple[int, int], list[int]] = defaultdict(list)
    for at in long:
        for place in bands(sketch(wordings[at].runs)):
            leaders = places[place]
            if any(_is_tied(wordings, at, leader, ties) for leader in leaders):
                continue
            if len(leaders) < LEADERS:
                leaders.append(at)


def _is_tied(wordings: Sequence[Wording], one: int, other: int, ties: _Ties) -> bool:
    if ties.root(one) == ties.root(other):
        return True
    if jaccard(wordings[one].runs, wordings[other].runs) < ALIKE:
        return False
    ties.join(one, other)
    return True


def _group(of: Sequence[Wording]) -> Group:
    first = min(of, key=lambda wording: (-len(wording.ids), wording.ids[0]))
    rest = sorted(text_id for wording in of for text_id in wording.ids if text_id != first.ids[0])
    return Group((first.ids[0], *rest), frozenset(first.ids))


class _Ties:
    """What belongs together (union and find); the smallest of a set stands for it."""

    def __init__(self, size: int) -> None:
        self.parents = list(range(size))

    def root(self, at: int) -> int:
        while self.parents[at] != at:
            self.parents[at] = self.parents[self.parents[at]]
            at = self.parents[at]
        return at

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.root(one), self.root(other)))
        self.parents[high] = low

    def sets(self) -> list[list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for at in range(len(self.parents)):
            found[self.root(at)].append(at)
        return list(found.values())
