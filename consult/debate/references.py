"""Numbers of clauses and comments, and quotations, in what people write. No database and no web.

`OWF-001`, `clause 6.3.1`, `§ 6.3.1`, `Article 53(2)` become links where they lead somewhere; never in code, never
inside another link. So does `@OWF`, whoever writes the comments with these letters, and `@P-001`, whoever wrote that one, but not in a block quote: what
somebody else wrote calls nobody. A quotation is a block quote whose first paragraph is a link to what it quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from markdown_it.token import Token

from consult.core.records import Record

COMMENT = re.compile(r"(?<![\w@/-])[A-Z][A-Z0-9]{0,15}-\d{3,6}(?![\w-])")
VOICE = re.compile(r"(?<![\w@./-])@[A-Z][A-Z0-9]{0,15}(?:-\d{3,6})?(?![\w-])")
CLAUSE = re.compile(
    r"(?<!\w)(?:§\s?|(?P<word>[Cc]lause|[Ss]ection|[Aa]rticle|[Aa]rt\.|[Rr]ecital|[Aa]nnex|[Aa]ppendix)\s)"
    r"(?P<label>(?:\d{1,4}|[A-Z]{1,6})(?:\.\d{1,4})*(?:\([0-9a-z]{1,4}\))*)(?!\w)"
)
WITH_WORD = {"recital", "annex", "appendix"}  # whose number means nothing without the word
CONTRIBUTION = re.compile(r"/c/(?P<slug>[^/\s]+)/comments/(?P<number>[^/\s]+)(?:/replies/(?P<reply>\d{1,18}))?")
SPECIAL = re.compile(r"([\\`*_\[\]<>~|&!])")
FIRST = re.compile(r"^(\d{1,9})([.)])(?= )|^([-+#=])")
LONGEST = 600  # characters of a quotation
NOTICE = re.compile(r"(?:Words removed by a moderator, |An earlier wording, |Name withheld \()no\. (\d{1,18})")
GONE = "These words are not shown any more."

Target = tuple[str, int]  # number of a comment, id of the reply under it or 0


class Reference(Record):
    """A number in a text: where it stands, and the names it may be known by, best first."""

    start: int
    end: int
    names: tuple[str, ...]
    kind: str  # "comment", "clause", "voice"


def find(text: str) -> list[Reference]:
    """The numbers in a line of text, in order."""
    found = [Reference(m.start(), m.end(), (m[0],), "comment") for m in COMMENT.finditer(text)]
    found += [Reference(m.start(), m.end(), (m[0],), "voice") for m in VOICE.finditer(text)]
    found += [Reference(m.start(), m.end(), _names(m), "clause") for m in CLAUSE.finditer(text)]
    return sorted(found, key=lambda one: one.start)


def _names(match: re.Match[str]) -> tuple[str, ...]:
    word, label = match["word"] or "", match["label"]
    if word.lower() in WITH_WORD:
        return (f"{word.title()} {label}",)
    return (f"Article {label}", label) if word[:3].lower() == "art" else (label,)


def in_tokens(tokens: Sequence[Token]) -> Iterator[Reference]:
    """Every number that could become a link."""
    for token, is_quoted in _with_depth(tokens):
        for _at, piece in _free(token.children or ()):
            yield from (one for one in find(piece.content) if not (is_quoted and one.kind == "voice"))


def _with_depth(tokens: Sequence[Token]) -> Iterator[tuple[Token, bool]]:
    """Each token, and whether it is inside a block quote."""
    depth = 0
    for token in tokens:
        depth += (token.type == "blockquote_open") - (token.type == "blockquote_close")
        yield token, depth > 0


def _free(children: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    """The text that is not inside a link; code is no text."""
    depth = 0
    for at, child in enumerate(children):
        depth += (child.type == "link_open") - (child.type == "link_close")
        if child.type == "text" and not depth:
            yield at, child


def link(tokens: Sequence[Token], addresses: Mapping[str, tuple[str, str]]) -> None:
    """Make links of the names that have an address. `addresses`: name → address, words ("": as they were typed)."""
    for token, is_quoted in _with_depth(tokens):
        children = list(token.children or ())
        for at, piece in reversed(list(_free(children))):
            children[at : at + 1] = _linked(piece, addresses, is_quoted)
        if token.children is not None:
            token.children = children


def _linked(piece: Token, addresses: Mapping[str, tuple[str, str]], is_quoted: bool) -> list[Token]:
    made: list[Token] = []
    done = 0
    for one in find(piece.content):
        there = next((addresses[name] for name in one.names if name in addresses), None)
        if there is not None and not (is_quoted and one.kind == "voice"):
            address, words = there
            made += [
                _text(piece.content[done : one.start]),
                *_link(address, words or piece.content[one.start : one.end]),
            ]
            done = one.end
    return [*made, _text(piece.content[done:])]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _link(address: str, words: str) -> list[Token]:
    return [Token("link_open", "a", 1, attrs={"href": address}), _text(words), Token("link_close", "a", -1)]


class Quotation(Record):
    """Words quoted from a contribution; `start`, `end`: its tokens, `body`: where the words begin."""

    target: Target
    words: str
    start: int
    body: int
    end: int


def quotations(tokens: Sequence[Token], slug: str) -> list[Quotation]:
    """The quotations of contributions to this consultation, in order; those within others are not looked at."""
    found, at = [], 0
    while at < len(tokens):
        end = _closing(tokens, at) if tokens[at].type == "blockquote_open" else at
        target = _target(tokens[at + 1 : at + 3], slug) if end > at + 3 else None
        if target is not None:
            found.append(Quotation(target, _words(tokens[at + 4 : end]), at, at + 4, end))
        at = end + 1
    return found


def _closing(tokens: Sequence[Token], at: int) -> int:
    return next(
        n
        for n in range(at, len(tokens))
        if tokens[n].type == "blockquote_close" and tokens[n].level == tokens[at].level
    )


def _target(opening: Sequence[Token], slug: str) -> Target | None:
    if [token.type for token in opening] != ["paragraph_open", "inline"] or not opening[1].children:
        return None
    first = opening[1].children[0]
    match = CONTRIBUTION.fullmatch(str(first.attrs.get("href", ""))) if first.type == "link_open" else None
    return (match["number"], int(match["reply"] or 0)) if match and match["slug"] == slug else None


def _words(tokens: Sequence[Token]) -> str:
    lines = ("".join(_said(child) for child in token.children or ()) for token in tokens if token.type == "inline")
    code = (token.content for token in tokens if token.type in ("fence", "code_block"))
    return " ".join([*lines, *code])


def _said(child: Token) -> str:
    return child.content if child.type in ("text", "code_inline") else " " if child.type.endswith("break") else ""


def attribute(tokens: list[Token], quoted: Sequence[Quotation], speakers: Mapping[Target, str]) -> None:
    """Put the name of who is quoted into each quotation; of somebody without a name here, the words go, too."""
    for one in reversed(quoted):
        who, number = speakers.get(one.target), one.target[0]
        opening = tokens[one.start + 2]
        address = str((opening.children or [])[0].attrs["href"])
        opening.children = [*_link(address, f"{who}, {number}" if who else number), _text(":")]
        if who is None:
            gone = Token("inline", "", 0, children=[_text(GONE)])
            tokens[one.body : one.end] = [Token("paragraph_open", "p", 1), gone, Token("paragraph_close", "p", -1)]


def lines_of(tokens: Sequence[Token], one: Quotation) -> tuple[int, int] | None:
    """Where the words of a quotation stand: its first line, and the one after its last. None: it has no words."""
    first, all_of_it = tokens[one.body].map if one.body < one.end else None, tokens[one.start].map
    return (first[0], all_of_it[1]) if first and all_of_it else None


def mark(tokens: Sequence[Token], notices: Mapping[str, str]) -> None:
    """Mark the notices of moderators, which nobody else can. `notices`: the notice → where its decision is read."""
    for token in tokens:
        for notice, address in notices.items():
            children = list(token.children or ())
            for at, piece in reversed(list(_free(children))):
                before, found, after = piece.content.partition(notice)
                if found:
                    opening, words, closing = _link(address, notice)
                    inside = Token("mark_open", "mark", 1), words, Token("mark_close", "mark", -1)
                    children[at : at + 1] = [_text(before), opening, *inside, closing, _text(after)]
            if token.children is not None:
                token.children = children


def is_said(words: str, text: str) -> bool:
    """Whether a text holds these words; blanks do not count, and … stands for what is left out."""
    left = _bare(text)
    for part in filter(None, map(_bare, words.split("…"))):
        _before, found, left = left.partition(part)
        if not found:
            return False
    return bool(_bare(words.replace("…", "")))


def _bare(text: str) -> str:
    return "".join(text.split())


def escaped(line: str) -> str:
    """One line as Markdown that shows it as it is."""
    one = " ".join(line.split())
    return FIRST.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[0]}", SPECIAL.sub(r"\\\1", one))


def unescaped(line: str) -> str:
    """What `escaped` was given."""
    return re.sub(r"\\(.)", r"\1", line)


def quote(address: str, name: str, words: str) -> str:
    """Words as a quotation in Markdown, with the way back; long ones are cut at a word."""
    line = " ".join(words.split())
    if len(line) > LONGEST:
        line = line[:LONGEST].rsplit(" ", 1)[0] + " …"
    return f"> [{SPECIAL.sub(chr(92) * 2 + '1', name)}]({address}):\n>\n> {escaped(line)}\n\n"
