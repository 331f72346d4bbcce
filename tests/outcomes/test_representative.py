"""Which remarks stand for many: chosen in their own words, the same each time, never by how often one was copied."""

from __future__ import annotations

import tomllib
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from consult.outcomes.balance import FEWEST, balance, wilson
from consult.outcomes.representative import Pick, picks, terms
from tests.lengths import examples

COSTS = "Audits cost small providers more than they earn; a threshold for small providers would keep the costs low."
SAME_WAY = (
    "Small providers cannot pay for audits. The costs are too high without a threshold.",
    "A threshold for audits: small providers earn little and audits cost much.",
    "The costs of audits drive small providers out. Set a threshold.",
)
OTHER = "Publish the weights under a free licence so that researchers can study them."
DATA = Path(__file__).parents[2] / "consult" / "demo" / "data" / "eu-ai-act"
remarks = st.lists(st.text(max_size=120), max_size=12).map(lambda texts: list(enumerate(texts, start=1)))


def _ids(found: list[tuple[int, str]], most: int = 3) -> list[int]:
    return [pick.id for pick in picks(found, most=most)]


def test_the_centre_comes_first_and_the_other_view_comes_too() -> None:
    found = list(enumerate([OTHER, *SAME_WAY, COSTS], start=1))
    first, second = picks(found, most=2)
    assert first.id != 1
    assert first.score == 1
    assert first.like >= 2
    assert {"providers", "audits", "threshold", "small", "costs"} >= set(first.words)
    assert second.id == 1 or second.like >= 1
    assert 1 in _ids(found), "variety: the second view is among three picks"


def test_a_hundred_copies_are_one_remark() -> None:
    once = list(enumerate([OTHER, *SAME_WAY], start=1))
    often = [*once, *((n, OTHER.upper()) for n in range(100, 200))]
    assert picks(often) == picks(once)


def test_scripts_without_blanks_have_words_too() -> None:
    found = [(1, "小规模提供者的审计费用太高"), (2, "审计费用对小规模提供者太高了"), (3, "应当公开权重供研究者使用")]
    assert _ids(found, 1)[0] in (1, 2)
    assert terms("审计费用太高")["审计"] == 1


def test_nothing_to_choose_from() -> None:
    assert picks([]) == () == picks([(1, ""), (2, "…!")])
    assert picks([(7, "Alone here.")]) == [Pick(7, 1.0, 0, ["alone", "here"])]


@settings(max_examples=examples(60), deadline=None)
@given(remarks, st.integers(0, 5))
def test_picks_are_some_of_the_remarks_each_once_in_any_order_of_them(found: list[tuple[int, str]], most: int) -> None:
    chosen = picks(found, most=most)
    ids = [pick.id for pick in chosen]
    assert len(ids) == len(set(ids)) <= most
    assert set(ids) <= {remark_id for remark_id, _words in found}
    assert chosen == picks(found[::-1], most=most)
    assert all(0 < pick.score <= 1.0000001 and pick.words for pick in chosen)
    assert len(ids) == min(most, len({tuple(sorted(terms(words).items())) for _id, words in found if terms(words)}))


def test_real_comments_on_a_clause() -> None:
    """The demo's comments: whatever is chosen resembles others more than what is left on average."""
    bodies = [
        entry["body"]
        for file in sorted(DATA.glob("comments-*.toml"))
        for entry in tomllib.loads(file.read_text())["comment"]
    ]
    found = list(enumerate(bodies, start=1))
    assert len(found) > 40
    chosen = picks(found, most=3)
    assert chosen[0].score == 1
    everybody = picks(found, most=len(found))
    likes = sorted(pick.like for pick in everybody)
    assert chosen[0].like >= likes[len(likes) // 2]


def test_balance_tells_raw_and_balanced_shares() -> None:
    found = balance({"industry": (18, 20), "academia": (0, 5), "individual": (0, 0)})
    assert (found.voices, found.of, found.kinds) == (18, 25, 2)
    assert found.raw is not None
    assert found.balanced is not None
    assert (found.raw.value, found.balanced.value) == (0.72, 0.45)
    assert found.raw.percent == "72 %, 52 to 86"
    assert balance({"industry": (3, FEWEST - 1)}).raw is None


def test_wilson_is_as_published() -> None:
    share = wilson(12, 40)  # 0.18 to 0.45: the example of the comparison of methods by Newcombe 1998 has these ends
    assert (round(share.low, 2), round(share.high, 2)) == (0.18, 0.45)


@settings(max_examples=examples(80), deadline=None)
@given(st.dictionaries(st.text(max_size=3), st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=7))
def test_intervals_hold_their_value(counts: dict[str, tuple[int, int]]) -> None:
    found = balance({key: (min(some, all_), all_) for key, (some, all_) in counts.items()})
    for share in (found.raw, found.balanced):
        if share is not None:
            assert 0 <= share.low <= share.value + 1e-9
            assert share.value - 1e-9 <= share.high <= 1
