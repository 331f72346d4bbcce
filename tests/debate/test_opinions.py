"""Opinion groups in votes: real conversations, noise, what never changes, and what may be shown."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.debate import opinions
from consult.debate.opinions import Opinions, find
from consult.debate.opinions.cells import Count, against_others, ground, may_show, typical, uniting
from consult.debate.opinions.clusters import agreement_of, clustered
from consult.debate.opinions.grouping import LEAST_VOTES, SMALLEST
from consult.debate.opinions.plane import Row, points

DATA = Path(__file__).parents[1] / "data"
Ballot = dict[int, int]
COUNT = st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))


@cache
def conversation(name: str) -> tuple[Sequence[Ballot], Sequence[str]]:
    """The votes of a conversation held with Polis, without rejected comments, and the group Polis gave each person."""
    with (DATA / f"polis-{name}" / "comments.csv").open(encoding="utf-8") as file:
        rejected = {row["comment-id"] for row in csv.DictReader(file) if row["moderated"] == "-1"}
    with (DATA / f"polis-{name}" / "participants-votes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    comments = [column for column in rows[0] if column.isdigit() and column not in rejected]
    return [{int(c): int(float(row[c])) for c in comments if row[c]} for row in rows], [r["group-id"] for r in rows]


@cache
def found(name: str) -> Opinions:
    return find(conversation(name)[0])


def plane(ballots: Sequence[Ballot]) -> tuple[list[Row], list[complex], list[int]]:
    """Who decided often enough: their votes, points, and places among the ballots."""
    who = [n for n, ballot in enumerate(ballots) if sum(vote != 0 for vote in ballot.values()) >= LEAST_VOTES]
    place = {c: n for n, c in enumerate(sorted({c for n in who for c, vote in ballots[n].items() if vote}))}
    rows = [tuple(sorted((place[c], vote) for c, vote in ballots[n].items() if vote)) for n in who]
    return rows, points(rows, len(place)), who


@pytest.mark.parametrize(("name", "gain"), [("15-per-hour-seattle", 0.126), ("scoop-biodiversity", 0.102)])
def test_two_real_conversations_have_two_groups_that_tell_what_was_measured_elsewhere(name: str, gain: float) -> None:
    assert len(found(name).sizes) == 2
    assert abs(found(name).gain - gain) < 0.01


@pytest.mark.parametrize("name", ["15-per-hour-seattle", "scoop-biodiversity"])
def test_people_lie_nearest_to_those_whom_polis_grouped_them_with(name: str) -> None:
    """Not all: Polis counts a rejected comment as one that everybody passed on, and passes as half of a vote."""
    ballots, labels = conversation(name)
    _rows, at, who = plane(ballots)
    known = [(point, labels[n]) for point, n in zip(at, who, strict=True) if labels[n]]
    middles = {
        label: sum(point for point, mine in known if mine == label) / sum(mine == label for _p, mine in known)
        for label in {label for _point, label in known}
    }
    nearest = [min(middles, key=lambda label: abs(point - middles[label])) for point, _label in known]
    order = sorted(middles)
    assert agreement_of([order.index(n) for n in nearest], [order.index(label) for _p, label in known]) >= 0.8


def test_polis_groups_are_found_again() -> None:
    ballots, labels = conversation("scoop-biodiversity")
    _rows, at, who = plane(ballots)
    both = [(mine, int(labels[n])) for mine, n in zip(clustered(at, 2), who, strict=True) if labels[n]]
    assert agreement_of(*zip(*both, strict=True)) >= 0.7


def test_a_conversation_in_which_groups_tell_nothing_has_none() -> None:
    assert found("london-youth-policing") == Opinions(26, 24)


def test_groups_in_noise_are_not_shown() -> None:
    ballots, _labels = conversation("15-per-hour-seattle")
    for seed in range(5):
        assert find(shuffled(ballots, Random(seed))).sizes == ()


def shuffled(ballots: Sequence[Ballot], lot: Random) -> list[Ballot]:
    """The same people on the same comments, with the votes of each comment among them by lot."""
    cast: dict[int, list[int]] = {}
    for ballot in ballots:
        for comment, vote in ballot.items():
            cast.setdefault(comment, []).append(vote)
    for votes in cast.values():
        lot.shuffle(votes)
    return [{comment: cast[comment].pop() for comment in ballot} for ballot in ballots]


def camps(lot: Random, sizes: Sequence[int] = (18, 12), comments: int = 12, faithful: float = 0.95) -> list[Ballot]:
    """People of two minds: on each comment one camp mostly agrees and the other mostly does not."""
    side = [lot.choice((1, -1)) for _ in range(comments)]
    return [
        {c: (side[c] if lot.random() < faithful else -side[c]) * (1 if camp == 0 else -1) for c in range(comments)}
        for camp, size in enumerate(sizes)
        for _ in range(size)
    ]


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000))
def test_two_camps_are_found_whoever_comes_first(seed: int) -> None:
    lot = Random(seed)
    ballots = camps(lot)
    once = find(ballots)
    assert once.sizes == (18, 12)
    lot.shuffle(ballots)
    assert find(ballots) == once


def test_passes_make_no_groups_but_are_counted() -> None:
    ballots = [ballot | {100: 0} for ballot in camps(Random(1))]
    assert find(ballots).cells[100] == ((0, 0, 18), (0, 0, 12))
    assert find(dict.fromkeys(range(20), 0) for _ in range(50)) == Opinions(50, 0)


@pytest.mark.parametrize("sizes", [(30, SMALLEST - 1), (9, 9), (0, 0), (1, 0)])
def test_a_group_of_fewer_than_ten_is_no_group(sizes: Sequence[int]) -> None:
    assert find(camps(Random(2), sizes, faithful=1)).sizes == ()


def test_people_who_agree_on_everything_are_no_groups() -> None:
    assert find(dict.fromkeys(range(10), 1) for _ in range(40)) == Opinions(40, 40)


@given(st.lists(COUNT, min_size=1, max_size=5), COUNT)
def test_nobody_can_be_told_from_the_counts_that_are_shown(cells: Sequence[Count], rest: Count) -> None:
    everybody = tuple(sum(cell[n] for cell in cells) + rest[n] for n in range(3))
    if may_show(cells, everybody):
        assert min(map(sum, cells)) >= 5
        assert all(sum(cell) >= 20 or max(cell) < sum(cell) for cell in cells)
        assert sum(rest) == 0 or sum(rest) >= 5


@pytest.mark.parametrize(
    ("cells", "rest", "shown"),
    [
        ([(4, 1, 0), (3, 3, 0)], 0, True),
        ([(4, 0, 0), (3, 3, 0)], 0, False),  # four voters
        ([(5, 0, 0), (3, 3, 0)], 0, False),  # of one mind
        ([(20, 0, 0), (3, 3, 0)], 0, True),
        ([(4, 1, 0), (3, 3, 0)], 1, False),  # one more, who can be told by taking away
        ([(4, 1, 0), (3, 3, 0)], 5, True),
    ],
)
def test_what_may_be_shown(cells: Sequence[Count], rest: int, shown: bool) -> None:
    agree, disagree, passed = (sum(cell[n] for cell in cells) for n in range(3))
    assert may_show(cells, (agree + rest, disagree, passed)) is shown


def test_the_numbers_are_those_of_polis() -> None:
    assert ground([(8, 2, 0), (3, 5, 2)]) == 500  # sqrt(9/12 · 4/12)
    assert ground([]) == 0
    assert against_others(8, 10, 3, 10) == pytest.approx(2.1681, abs=1e-4)  # (9/11 − 4/11) / sqrt(13/22 · 9/22 · 2/11)
    assert against_others(9, 9, 9, 9) == 0.0


@given(st.lists(COUNT, min_size=2, max_size=5), st.data())
def test_one_more_who_agrees_never_lowers_the_ground(cells: list[Count], data: st.DataObject) -> None:
    n = data.draw(st.integers(0, len(cells) - 1))
    agree, disagree, passed = cells[n]
    assert ground([*cells[:n], (agree + 1, disagree, passed), *cells[n + 1 :]]) >= ground(cells)
    assert ground(cells[::-1]) == ground(cells)


def test_what_is_typical_and_what_unites() -> None:
    shown: Mapping[int, Sequence[Count]] = {
        1: [(38, 2, 0), (3, 37, 0)],
        2: [(30, 9, 1), (32, 7, 1)],
        3: [(6, 30, 4), (29, 8, 3)],
        4: [(5, 1, 0), (1, 5, 0)],  # too few to say
        5: [(20, 18, 2), (19, 18, 3)],
    }
    first, second = typical(shown, 2)
    assert first == [(1, "agree"), (3, "disagree")]
    assert second == [(1, "disagree"), (3, "agree")]
    assert uniting(shown) == [2]


def test_chance_is_not_called_typical() -> None:
    lot = Random(5)
    noise = {
        c: [(n := sum(lot.random() < 0.5 for _ in range(30)), 30 - n, 0) for _group in range(2)] for c in range(200)
    }
    assert sum(map(len, typical(noise, 2))) <= 2


def test_a_group_keeps_its_letter_when_it_is_no_longer_the_largest() -> None:
    first = find(camps(Random(3), (18, 12)))
    second = find(camps(Random(3), (12, 18)))
    assert second.sizes == (18, 12)
    assert opinions.as_before(second, first.cells).sizes == (12, 18)
    assert opinions.as_before(second, {}) == second
    assert opinions.as_before(first, first.cells) == first


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=40))
def test_two_groupings_are_compared_whatever_their_labels(pairs: Sequence[tuple[int, int]]) -> None:
    one, other = zip(*pairs, strict=True)
    assert agreement_of(one, one) == pytest.approx(1)
    assert agreement_of(one, [3 - n for n in other]) == pytest.approx(agreement_of(other, one))
