"""A citation is right for any title and any name."""

from __future__ import annotations

import json
import re
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from consult.documents.citation import LATEX, Source, bibtex, csl, latex, sentence

# What normalise() lets into a title: no control characters, no half characters.
words = st.text(
    st.characters(exclude_categories=("C", "Z")) | st.sampled_from(" {}\\%&$#_~^<>|,"), min_size=1, max_size=40
)
shown = words.map(lambda text: " ".join(text.split())).filter(bool)
sources = st.builds(
    Source, key=st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True), title=shown, designation=st.just("") | shown,
    version=st.integers(1, 99), bodies=st.lists(shown, min_size=1, max_size=4), editors=st.lists(shown, max_size=3),
    day=st.dates(date(2020, 1, 1)), url=st.just("https://example.org/standards/a/1"), language=st.sampled_from(("en", "ar")),
    sha256=st.just("0" * 64), accessed=st.none() | st.dates(date(2020, 1, 1)),
)  # fmt: skip
BACK = {written: character for character, written in LATEX.items()}
MARK = re.compile("|".join(re.escape(written) for written in sorted(BACK, key=len, reverse=True)))


def read(entry: str) -> dict[str, str]:
    """The fields of an entry as BibTeX reads them: a value runs until its brace is closed, whatever stands before a brace."""
    fields, place = dict[str, str](), entry.index(",")
    while match := re.compile(r"\s*(\w+) = (?:(\w+),|\{)").search(entry, place):
        place, depth = match.end(), 0 if match[2] else 1
        start = place
        while depth:
            depth += {"{": 1, "}": -1}.get(entry[place], 0)
            place += 1
        fields[match[1]] = match[2] or entry[start : place - 1]
    assert entry[place:].split() in (["}"], [",", "}"]), entry[place:]
    return fields


def printed(value: str) -> str:
    """What LaTeX prints of a value; nothing it would take for a command may be left."""
    rest = MARK.sub("", value)
    assert not set(rest) & set("\\%&$#_~^"), value
    plain = MARK.sub(lambda match: BACK[match[0]], value.replace("{{", "{{")) if "{" not in rest else None
    assert plain is not None, value
    return plain


@given(sources)
def test_bibtex_gives_every_name_and_title_back(source: Source) -> None:
    fields = read(bibtex(source))
    title = fields["title"]
    assert (title[0], title[-1]) == ("{", "}")
    assert printed(title[1:-1]) == source.title
    for name, names in (("author", source.bodies), ("editor", source.editors)):
        found = _people(fields.get(name, ""))
        assert [printed(one) for one in found] == list(names)
    assert fields["year"] == str(source.day.year)
    assert fields["url"] == source.url


def _people(value: str) -> list[str]:
    """The names of a list as BibTeX parts it: at each "and" that stands outside of braces."""
    found, depth, start = list[str](), 0, 0
    for place, character in enumerate(value):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0 and value.startswith(" and ", place):
            found.append(value[start:place])
            start = place + 5
    parts = [*found, value[start:]] if value else []
    assert all((part[0], part[-1]) == ("{", "}") for part in parts)
    return [part[1:-1] for part in parts]


@given(sources)
def test_csl_gives_everything_back(source: Source) -> None:
    (item,) = json.loads(csl(source))
    assert (item["type"], item.get("status")) == (("document", "draft") if source.is_draft else ("standard", None))
    assert ("accessed" in item) == source.is_draft
    assert item["title"] == source.title
    assert [one["literal"] for one in item["author"]] == list(source.bodies)
    assert [one["literal"] for one in item.get("editor", [])] == list(source.editors)
    assert item["issued"]["date-parts"] == [[source.day.year, source.day.month, source.day.day]]
    assert item["version"] == str(source.version)


@given(sources)
def test_the_sentence_says_who_when_what_and_where(source: Source) -> None:
    said = sentence(source)
    assert all(name in said for name in (*source.bodies, *source.editors, source.title, source.url))
    assert "\n" not in said
    assert ("[Draft for public consultation]." in said) == source.is_draft


def test_braces_are_even_whatever_the_title() -> None:
    written = latex("a } b { \\")
    assert written == r"a {\textbraceright} b {\textbraceleft} {\textbackslash}"
    assert written.count("{") == written.count("}")


def test_the_sentence_as_people_read_it() -> None:
    source = Source(
        key="model-cards-2", title="Model cards", designation="AFT 7", version=2, bodies=["Guild", "City", "Land"],
        editors=["Ewa Łoś"], day=date(2026, 11, 29), url="https://example.org/standards/model-cards/2", language="en", sha256="0" * 64,
    )  # fmt: skip
    assert sentence(source) == (
        "Guild, City and Land (2026). AFT 7: Model cards, version 2. Edited by Ewa Łoś. Adopted 2026-11-29."
        " https://example.org/standards/model-cards/2"
    )
