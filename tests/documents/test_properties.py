"""What holds for any Markdown."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from consult.core.errors import Invalid
from consult.documents.importers.markdown import parse
from consult.documents.pages import LARGEST_PAGE, spread, weight
from consult.documents.parsed import ParsedDraft
from tests.lengths import examples

WORD = st.text("abcdefgäßжक字z", min_size=1, max_size=8)
SENTENCE = st.lists(WORD, min_size=1, max_size=12).map(" ".join)
BLOCK = st.one_of(
    st.tuples(st.integers(1, 6), SENTENCE).map(lambda x: f"{'#' * x[0]} {x[1]}"),
    st.tuples(st.integers(1, 4), st.integers(1, 9), SENTENCE).map(lambda x: f"{'#' * x[0]} {x[1]}.{x[1]} {x[2]}"),
    SENTENCE,
    st.lists(SENTENCE, min_size=1, max_size=4).map(lambda x: "\n".join(f"- {s}" for s in x)),
    st.lists(SENTENCE, min_size=1, max_size=4).map(lambda x: "\n".join(f"{n}. {s}" for n, s in enumerate(x, 1))),
    SENTENCE.map(lambda s: f"> {s}"),
    SENTENCE.map(lambda s: f"```\n{s}\n```"),
    SENTENCE.map(lambda s: f"| {s} | b |\n|---|---|\n| c | {s} |"),
    SENTENCE.map(lambda s: f"- {s}\n\n  {s}\n\n  - {s}\n\n  {s}"),
    st.tuples(SENTENCE, WORD).map(lambda x: f"{x[0]} {{#{x[1]}}}"),
)
TEXT = st.lists(BLOCK, min_size=1, max_size=15).map("\n\n".join)
ANYTHING = st.text(
    st.one_of(st.sampled_from(list("#*_`[]()<>!|-+.{}~^&;:\n\n\n \t\\'\"=/a1")), st.characters()), max_size=300
)


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def everything(draft: ParsedDraft) -> str:
    return " ".join(f"{u.own_label} {u.label} {u.text}" for u in draft.units)


@settings(max_examples=examples(120), deadline=None)
@given(TEXT)
def test_every_word_is_kept_and_every_key_is_one(text: str) -> None:
    draft = parse(text)
    assert words(re.sub(r"\{#\w+\}", "", text)) - words(everything(draft)) <= {"_"}
    keys = [u.key for u in draft.units]
    assert len(keys) == len(set(keys))
    assert all(keys)


@settings(max_examples=examples(120), deadline=None)
@given(ANYTHING)
@example("# \n\n# {#}\n\n[^1]: [^1]\n\n- \n  - ")
@example("a\n-\n# 1\n## 1\n# 1.1")
def test_any_text_is_read_the_same_way_twice_or_refused(text: str) -> None:
    try:
        draft = parse(text)
    except Invalid:
        return
    assert draft == parse(text)
    for place, unit in enumerate(draft.units):
        assert unit.parent is None or unit.parent < place
        assert unit.depth == (0 if unit.parent is None else draft.units[unit.parent].depth + 1)
        assert "<script" not in unit.html.lower()
    assert len({u.key for u in draft.units}) == len(draft.units)


@settings(max_examples=examples(60), deadline=None)
@given(TEXT, st.integers(1, 400))
def test_pages_hold_every_unit_once_in_order_and_stay_light(text: str, times: int) -> None:
    units = parse("\n\n".join([text] * min(times, 40))).units
    stretches = spread(units)
    assert [s.start for s in stretches] == [0, *(s.end for s in stretches[:-1])]
    assert stretches[-1].end == len(units)
    assert len({s.key for s in stretches}) == len(stretches)
    for stretch in stretches:
        assert sum(map(weight, units[stretch.start : stretch.end])) <= LARGEST_PAGE
