"""Nearly identical texts: properties that hold for any texts, and what a real docket says."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.moderation.resemblance import Group, Text, additions, find
from consult.moderation.resemblance.words import argument, length, shared_edges, words

DOCKET = Path(__file__).parents[1] / "data" / "comments-usda" / "docket.csv"
TOLD = """open weights must be published within thirty days of release because small laboratories cannot check what
nobody shows them and the public pays for harm nobody could foresee 模型 必须 公开 แบบจำลอง मॉडल खुला"""
WORDS = TOLD.split()
SENTENCE = st.lists(st.sampled_from(WORDS), min_size=1, max_size=30).map(" ".join)
TEXTS = st.lists(SENTENCE | st.text(max_size=60), max_size=12)
LETTER = """Dear Secretary,

I write to ask you to keep the thirty day period of clause five. Small laboratories need the time to check what a model does before the public pays for the harm.
Large providers have asked for three days, which helps nobody but themselves.

Sincerely,
Jo Miller"""


def together(texts: list[str]) -> list[Group]:
    return list(find([Text(n, body) for n, body in enumerate(texts)]).groups)


@given(TEXTS, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_texts_does_not_matter(texts: list[str], chance: random.Random) -> None:
    numbered = [Text(n, body) for n, body in enumerate(texts)]
    mixed = list(numbered)
    chance.shuffle(mixed)
    assert find(mixed) == find(numbered) == find(numbered)


@given(TEXTS, SENTENCE)
@settings(deadline=None)
def test_copies_are_always_together_whatever_else_is_said(texts: list[str], body: str) -> None:
    groups = together([body, *texts, body.upper()])
    holding = [group for group in groups if 0 in group.ids or len(texts) + 1 in group.ids]
    if length(argument(body, frozenset())) >= 5:
        assert len(holding) == 1
        assert {0, len(texts) + 1} <= set(holding[0].ids)
    else:
        assert holding == []


@given(TEXTS)
@settings(deadline=None)
def test_a_text_is_in_one_group_and_the_template_is_one_of_them(texts: list[str]) -> None:
    groups = together(texts)
    ids = [text_id for group in groups for text_id in group.ids]
    assert len(ids) == len(set(ids))
    assert all(len(group.ids) > 1 and group.template in group.same <= set(group.ids) for group in groups)


@given(
    st.lists(st.sampled_from(["I agree.", "See attached", "No.", "同意", "Please do not", "Thank you!"]), max_size=30)
)
def test_short_words_that_say_little_are_never_a_campaign(texts: list[str]) -> None:
    assert together(texts) == []


def test_short_texts_belong_together_only_when_they_are_the_same() -> None:
    said = ["Work requirements for food stamps help.", "Work requirements for food stamps hurt.",
            "Please, work requirements for food stamps help!"]  # fmt: skip
    assert [group.ids for group in together(said)] == [(0, 2)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("模型发布后三十天内必须公布训练数据的摘要,否则小型实验室无法检查。", "模型发布后三十天内必须公布训练数据的摘要,否则小型的实验室无法检查。"),
        ("ผู้ให้บริการต้องเผยแพร่สรุปภายในสามสิบวันหลังจากเปิดตัวแบบจำลอง", "ผู้ให้บริการต้องเผยแพร่สรุปภายในสามสิบวันหลังจากเปิดตัวแบบจำลองนี้"),
        ("يجب على المزودين نشر ملخص خلال ثلاثين يوما من إطلاق النموذج حتى يتمكن الجميع من فحصه",
         "يجب على المزودين نشر ملخص خلال ثلاثين يوما من إطلاق النموذج حتى يتمكن الجميع من فحصه اليوم"),
        ("प्रदाताओं को मॉडल जारी करने के तीस दिनों के भीतर सारांश प्रकाशित करना चाहिए",
         "प्रदाताओं को मॉडल जारी करने के तीस दिनों के भीतर सारांश प्रकाशित करना ही चाहिए"),
    ],
)  # fmt: skip
def test_every_script_is_compared(one: str, other: str) -> None:
    assert [group.ids for group in together([one, other, "模型应当开放权重,这是完全不同的意见,谢谢大家。"])] == [(0, 1)]


def test_a_letter_within_words_of_ones_own_is_found_again() -> None:
    own = " ".join(f"word{n}" for n in range(60))
    letter = LETTER.split("\n\n")[1]
    copies = [LETTER.replace("Jo Miller", f"Person {n}") for n in range(12)]
    groups = together([*copies, f"{own}\n{letter.splitlines()[0]}\n{own[::-1]}", own[::-1]])
    assert [len(group.ids) for group in groups] == [13]
    assert len(groups[0].same) == 12  # greetings and signatures are nobody's argument


def test_lines_most_texts_have_are_cut_but_never_the_letter_most_sent() -> None:
    footer = "Re: docket 17 on able bodied adults"
    different = [f"Comment {n} says {n * 7} things about {n * 13}.\n{footer}" for n in range(30)]
    assert shared_edges(different) == {words(footer)}
    assert together(different) == []
    assert shared_edges([LETTER] * 30) == frozenset()
    assert [len(group.ids) for group in together([LETTER] * 30)] == [30]


def test_known_lines_are_nobodys_words() -> None:
    quoted = "Providers shall publish a summary within thirty days after the release of a model."
    texts = [
        Text(1, f"{quoted}\nToo long."),
        Text(2, f"{quoted}\nNeedless!"),
    ]
    assert len(find(texts).groups) == 1
    assert find(texts, known=[quoted]).groups == ()


def test_what_somebody_added_or_left_out_is_told_by_the_sentence() -> None:
    mine = LETTER.replace("Large providers have asked", "Large providers have never asked").replace(
        "\n\nSincerely", "\nMy clinic waited two years.\n\nSincerely"
    )
    found = additions.difference(mine, LETTER)
    assert found.added == (
        "Large providers have never asked for three days, which helps nobody but themselves.", "My clinic waited two years.",
    )  # fmt: skip
    assert found.left_out == ("Large providers have asked for three days, which helps nobody but themselves.",)
    assert additions.difference(LETTER.upper().replace("JO MILLER", "Ann"), LETTER).is_none


@given(SENTENCE, SENTENCE, SENTENCE)
def test_nothing_of_an_addition_is_lost(one: str, two: str, three: str) -> None:
    template = f"{one}. {two}."
    if argument(three, frozenset()) in (argument(one, frozenset()), argument(two, frozenset())):
        return
    found = additions.difference(f"{template}\n{three}", template)
    assert any(words(three) == words(line) for line in found.added)


SLOTS = """I urge you to|Please|You must|I want you to; repeal|undo|reverse|overturn; the rule|the regulation|the scheme|the
plan; forced on|put upon|inflicted on; small laboratories|young firms|all laboratories; who depend on|who rely on|who live by;
open models.|free models.|models they can check.; It was|This was|The plan was; a betrayal of|a distortion of|an insult to;
free inquiry,|public science,|open research,; and it ended|which ended|and it stopped; a light touch|a careful balance; that
worked|that functioned|that served us; for decades.|for many years.|since the beginning."""


def test_letters_made_of_alternatives_are_found_and_what_only_shares_a_turn_of_phrase_is_not() -> None:
    """No two of them are alike: hashing and MinHash find none of these."""
    chance = random.Random(5)
    slots = [" ".join(slot.split()).split("|") for slot in SLOTS.split(";")]
    made = [" ".join(chance.choice(slot).strip() for slot in slots) for _ in range(400)]
    own = [
        " ".join(chance.choice(WORDS) for _ in range(20)) + " who depend on open models. It was a betrayal of " +
        " ".join(chance.choice(WORDS) for _ in range(20)) for _ in range(60)
    ]  # fmt: skip
    groups = together([*made, *own])
    assert set(groups[0].ids) <= set(range(400))
    assert len(groups[0].ids) >= 390
    assert sum(len(group.ids) for group in groups[1:]) <= 2
    assert together([*own, *made[:15]]) == [], "too few to be told from chance"


def test_two_letters_that_share_a_sentence_stay_two() -> None:
    chance = random.Random(7)
    common = " ".join(f"common{n}" for n in range(12))
    letters = [[" ".join(f"{name}{part}w{n}" for n in range(12)) for part in range(8)] for name in "ab"]
    copies = []
    for letter in letters:
        for _ in range(30):
            said = [*letter, common]
            del said[chance.randrange(8)]
            copies.append(" ".join(said) + f" word{chance.randrange(9)}")
    assert sorted(len(group.ids) for group in together(copies)) == [30, 30]


@pytest.fixture(scope="module")
def docket() -> dict[int, str]:
    with DOCKET.open(encoding="utf-8-sig", newline="") as file:
        return {n: row["Text Comment"] for n, row in enumerate(csv.DictReader(file))}


def test_a_real_docket(docket: dict[int, str]) -> None:
    """162 of 199 end with the title of the notice; it alone makes nobody alike."""
    found = find([Text(n, body) for n, body in docket.items()])
    assert [len(group.ids) for group in found.groups] == [13, 4, 2]
    assert [" ".join(line)[:25] for line in found.shared] == ["re supplemental nutrition"]
    largest = found.groups[0]
    assert all("waiver reform" in docket[n] for n in largest.ids)
    added = [additions.difference(docket[n], docket[largest.template], found.shared).added for n in largest.ids]
    assert sum(map(bool, added)) == 4
    assert any("ease Write Your Comment Here" in line for lines in added for line in lines)
