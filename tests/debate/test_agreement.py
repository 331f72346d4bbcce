"""What votes say, as numbers: across categories, and how much one more would tell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.accounts.models import CATEGORIES
from consult.debate import agreement
from consult.debate.agreement import common_ground, worth

COUNT = st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
GROUPS = st.lists(COUNT, max_size=agreement.GROUPS)


def test_every_category_is_a_group() -> None:
    assert len(CATEGORIES) == agreement.GROUPS


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ([], 0),
        ([(100, 0, 0)], 0),  # one kind of people is no common ground
        ([(100, 0, 0), (2, 0, 9)], 0),  # two have agreed, the rest passed
        ([(3, 0, 0), (3, 0, 0)], 572),
        ([(1000, 0, 0), (3, 0, 0)], 590),
        ([(10, 0, 0)] * 4, 707),
        ([(1000, 0, 0), (0, 10, 0)], 427),
        ([(1000, 0, 0)] * 7, 999),
        ([(0, 1000, 0)] * 7, 1),
    ],
)
def test_agreement_across_categories(groups: list[agreement.Count], said: int) -> None:
    assert common_ground(groups) == said


@given(GROUPS)
def test_it_is_a_share_and_silent_categories_may_be_left_out(groups: list[agreement.Count]) -> None:
    ground = common_ground(groups)
    assert 0 <= ground <= 1000
    assert common_ground([count for count in groups if sum(count)]) == ground


@given(GROUPS.filter(bool), st.data())
def test_one_more_agreeing_vote_never_lowers_it_and_one_against_never_raises_it(
    groups: list[agreement.Count], data: st.DataObject
) -> None:
    before = common_ground(groups)
    n = data.draw(st.integers(0, len(groups) - 1))
    agree, disagree, passed = groups[n]
    assert common_ground([*groups[:n], (agree + 1, disagree, passed), *groups[n + 1 :]]) >= before
    if before:
        assert common_ground([*groups[:n], (agree, disagree + 1, passed), *groups[n + 1 :]]) <= before


@given(st.integers(1, 100_000))
def test_one_category_alone_lifts_nothing_to_the_top(crowd: int) -> None:
    assert common_ground([(crowd, 0, 0), (3, 3, 0)]) < common_ground([(9, 1, 0)] * 4)


@given(COUNT)
def test_fewer_votes_and_less_certain_ones_are_worth_more(count: agreement.Count) -> None:
    agree, disagree, passed = count
    assert worth(agree, disagree, passed) <= worth(0, 0, 0)
    assert worth(agree, agree, 0) >= worth(2 * agree, 0, 0)
    assert worth(agree + 50, disagree + 50, passed) <= worth(0, 0, 0)
