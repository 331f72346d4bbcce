"""Terms found in text of any script, and marked in HTML without changing a word of it."""

from __future__ import annotations

import re
from html import escape
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.core.text import clean, plain
from consult.documents.parsed import words_of as kept_words_of
from consult.learning.definitions import read
from consult.learning.glossary import CLOSED, Entry, Glossary, fold, letter, marked, order, seconds_to_read
from tests.lengths import examples

OPEN, CLOSE = re.compile(r'<a class="term" id="(\d+)">'), "</a>"


def entry(number: int, *forms: str) -> Entry:
    return Entry(number, f"k{number}", forms[0], f"<p>{number}</p>", forms)


def glossary(*forms: str | tuple[str, ...]) -> Glossary:
    return Glossary.of(entry(n, *([one] if isinstance(one, str) else one)) for n, one in enumerate(forms))


def found(text: str, *forms: str | tuple[str, ...]) -> list[str]:
    return [text[one.start : one.end] for one in glossary(*forms).find(text)]


def mark(html: str, known: Glossary) -> str:
    return marked(html, known, lambda one: f'<a class="term" id="{one.id}">')[0]


@pytest.mark.parametrize(
    ("text", "forms", "expected"),
    [
        ("An AI System and the ai  system.", ["AI system"], ["AI System", "ai  system"]),
        ("AI systems are not AI systematic.", ["AI system"], []),
        ("AI systems and an AI system.", [("AI system", "AI systems")], ["AI systems", "AI system"]),
        (
            "a high-risk AI system, an AI system",
            ["AI system", "high-risk AI system"],
            ["high-risk AI system", "AI system"],
        ),
        ("risk, high-risk, risk-free, risk\u2011free, risk", ["risk"], ["risk", "risk"]),
        ("the provider's duty, l’utilisateur", ["provider", "utilisateur"], ["provider", "utilisateur"]),
        ("high\u2011risk and high-RISK", ["high-risk"], ["high\u2011risk", "high-RISK"]),
        ("R&D and R & D", ["R&D"], ["R&D"]),
        ("Straße, STRASSE, strasse", ["Straße"], ["Straße", "STRASSE", "strasse"]),
        ("cafe\u0301 and café and cafe", ["café"], ["cafe\u0301", "café"]),
        ("Ανάλυση ΑΝΆΛΥΣΗ", ["ανάλυση"], ["Ανάλυση", "ΑΝΆΛΥΣΗ"]),
        ("поставщик поставщика Поставщик", ["поставщик"], ["поставщик", "Поставщик"]),
        ("النظام الذكي والنظام", ["النظام الذكي"], ["النظام الذكي"]),
        ("کتاب‌ها و کتاب", ["کتاب"], ["کتاب"]),
        ("किताब और किताबें", ["किताब"], ["किताब"]),
        ("我们的人工智能系统由提供者负责。", ["人工智能系统", "人工智能", "提供者"], ["人工智能系统", "提供者"]),
        ("ผู้ให้บริการระบบ", ["ระบบ"], ["ระบบ"]),
        ("soft\u00adware and software", ["software"], ["soft\u00adware", "software"]),
        ("snake_case and case", ["case"], ["case", "case"]),
        ("10^25, 1025 and 10", ["1025"], ["1025"]),
        ("", ["AI"], []),
        ("… — !", ["AI"], []),
    ],
)
def test_what_is_found(text: str, forms: list[str | tuple[str, ...]], expected: list[str]) -> None:
    assert found(text, *forms) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>A risk &amp; a risk.</p>", "<p>A [risk] &amp; a risk.</p>"),
        ("<p>The AI&nbsp;system.</p>", "<p>The [AI&nbsp;system].</p>"),
        ("<p><code>risk</code> <a href=\"x\">risk</a> <mark>risk</mark> risk</p>", '<p><code>risk</code> <a href="x">risk</a> <mark>risk</mark> [risk]</p>'),
        ("<p>AI <em>system</em>, AI system</p>", "<p>AI <em>system</em>, [AI system]</p>"),
        ("<p>a<em>risk</em> <em>risk</em>y <b>risk</b></p>", "<p>a<em>risk</em> <em>risk</em>y <b>[risk]</b></p>"),
        ("<p>one</p><p>risk</p>", "<p>one</p><p>[risk]</p>"),
        ("<p>risk<sup>1</sup></p>", "<p>[risk]<sup>1</sup></p>"),
        ("<table><tr><td>risk</td><td>risk</td></tr></table>", "<table><tr><td>[risk]</td><td>risk</td></tr></table>"),
        ('<p title="risk">so</p>', '<p title="risk">so</p>'),
        ("<p>&lt;risk&gt;</p>", "<p>&lt;[risk]&gt;</p>"),
        ('<p><a class="spoken" href="?on=1-2"><b>x</b> risk</a>, risk</p>', '<p><a class="spoken" href="?on=1-2"><b>x</b> risk</a>, [risk]</p>'),
    ],
)  # fmt: skip
def test_what_is_marked(html: str, expected: str) -> None:
    made = mark(html, glossary("risk", "AI system"))
    assert re.sub(r'<a class="term" id="\d+">(.*?)</a>', r"[\1]", made) == expected


def test_each_term_is_marked_once_and_told() -> None:
    html, entries = marked(
        "<p>risk AI risk</p><p>AI x</p>", glossary("AI", "risk", "x", "y"), lambda one: f"<a {one.id}>"
    )
    assert html == "<p><a 1>risk</a> <a 0>AI</a> risk</p><p>AI <a 2>x</a></p>"
    assert [one.name for one in entries] == ["risk", "AI", "x"]


def test_a_longer_term_hides_a_shorter_one_also_where_it_is_not_marked_again() -> None:
    assert mark("<p>AI system, AI system, AI</p>", glossary("AI", "AI system")).count("<a") == 2
    assert mark("<p>AI system, AI system, AI</p>", glossary("AI", "AI system")).endswith(
        '<a class="term" id="0">AI</a></p>'
    )


WORDS = st.sampled_from(
    ["AI", "system", "systems", "risk", "high", "Straße", "人工", "智能", "کتاب", "é", "é", "x", "R&D", "a1", "-", ""]
)
TERMS = st.lists(st.lists(WORDS, min_size=1, max_size=3).map(" ".join), min_size=1, max_size=6)
LETTERS = st.text(alphabet="AIarisk -’'&;<>\u00ad\u200c\u00a0\u0301人工ไทยא1\n", max_size=60)


@st.composite
def written(draw: st.DrawFn) -> str:
    """HTML as an importer keeps it: words between tags, some of them links, code and marks."""
    inner = st.one_of(WORDS, LETTERS).map(escape)
    parts = []
    for _ in range(draw(st.integers(0, 8))):
        tag = draw(st.sampled_from(["", "em", "code", "a", "mark", "strong", "sup", "li", "del"]))
        words = " ".join(draw(st.lists(inner, max_size=5)))
        parts.append(f"<{tag}>{words}</{tag}>" if tag else words)
    return clean(f"<p>{draw(st.sampled_from(['', ' '])).join(parts)}</p>")


@settings(max_examples=examples(400), deadline=None)
@given(written(), TERMS)
def test_marks_change_no_word_and_stand_in_nothing_closed(html: str, terms: list[str]) -> None:
    made = mark(html, glossary(*terms))
    assert re.sub(OPEN, "", made).count("<") == html.count("<") + len(OPEN.findall(made))
    assert _without_marks(made) == html, "only tags are added"
    assert kept_words_of(made) == kept_words_of(html)
    assert plain(made) == plain(html)
    ids = OPEN.findall(made)
    assert len(ids) == len(set(ids)), "each term once"
    for place in OPEN.finditer(made):
        before = made[: place.start()]
        for tag in CLOSED:
            opened = len(re.findall(rf"<{tag}[ >]", before)) - before.count(f"</{tag}>")
            assert opened == 0, f"inside of <{tag}>"
        assert "<" not in made[place.end() : made.index(CLOSE, place.end())], "no tag inside of a term"


def _without_marks(made: str) -> str:
    """The HTML with every mark taken out again."""
    while (place := OPEN.search(made)) is not None:
        end = made.index(CLOSE, place.end())
        made = made[: place.start()] + made[place.end() : end] + made[end + len(CLOSE) :]
    return made


@settings(max_examples=examples(400), deadline=None)
@given(st.one_of(LETTERS, st.lists(WORDS).map(" ".join)), TERMS)
def test_what_is_found_is_apart_in_order_and_says_a_term(text: str, terms: list[str]) -> None:
    known = glossary(*terms)
    places = list(known.find(text))
    for one, following in pairwise(places):
        assert one.end <= following.start
    for one in places:
        assert fold(text[one.start : one.end]) in {fold(form) for form in one.entry.forms}


@settings(max_examples=examples(200), deadline=None)
@given(LETTERS)
def test_a_term_is_found_where_it_stands_alone(name: str) -> None:
    if fold(name):
        assert [one.entry.forms for one in glossary(name).find(f"So: {name} .")][:1] == [(name,)]


def test_names_stand_under_their_letters_in_every_script() -> None:
    names = sorted(["provider", "Écran", "AI", "بيان", "Übung", "zebra", "7 steps"], key=order)
    assert [letter(name) for name in names] == ["7", "A", "E", "P", "U", "Z", "ب"]


def test_how_long_reading_takes() -> None:
    assert seconds_to_read("word " * 200) == 60
    assert seconds_to_read("字" * 350) == 60
    assert seconds_to_read("") == 0


@pytest.mark.parametrize(
    ("kind", "text", "html", "expected"),
    [
        ("point", "‘risk’ means the combination of harm;", "", ("risk", "The combination of harm")),
        ("paragraph", "„KI-System“ ein maschinengestütztes System;", "", ("KI-System", "Ein maschinengestütztes System")),
        ("point", "«système d’IA», un système automatisé", "", ("système d’IA", "Un système automatisé")),
        ("point", "« risque » : la combinaison", "", ("risque", "La combinaison")),
        ("term", "x", "<dl><dt>artifact</dt>\n <dd>sequence of <em>bytes</em> &amp; more</dd></dl>", ("artifact", "Sequence of bytes & more")),
        ("paragraph", "Providers shall ‘act’.", "", None),
        ("table", "‘risk’ means the combination", "", None),
        ("paragraph", "‘risk’", "", None),
        ("paragraph", "‘" + "x" * 90 + "’ means that it is too long", "", None),
    ],
)  # fmt: skip
def test_definitions_of_a_draft(kind: str, text: str, html: str, expected: tuple[str, str] | None) -> None:
    assert read(kind, text, html) == expected
