"""A long letter cut into comments: its paragraphs, a proposed cut, and what is still missing. No database and no web.

Offsets count code points of the letter's text. Paragraphs cover the whole text, each with the blanks behind it, so
that they put together are the letter; none ends inside of what readers see as one character.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

import msgspec

from consult.consultations import naming
from consult.core.records import Record, field, replace
from consult.documents.graphemes import EXTENDS, widen

from . import references

LONGEST = 200_000  # characters of a letter; about 60 printed pages
MOST_PIECES = 60
LONGEST_CLAUSES = 400  # characters in which clauses are named
LONG = 6_000  # characters, from which a paragraph is cut at its sentences
UNWRAPPED = 160  # characters of a line that no program has wrapped: it is a paragraph
BEGIN, JOIN, LEAVE = "begin", "join", "leave"
CUTS = {BEGIN: "Begins a comment", JOIN: "Joins the one before", LEAVE: "Left out"}

EMPTY_LINES = re.compile(r"\n[^\S\n]*(?:\n\s*)+")
SENTENCE_END = re.compile(r"(?<![.!?…؟۔।])[.!?…؟۔।]+[\"'”’»)\]]*\s+|[。！？｡]+[”’」』）]*")
EXTENDING = re.compile(f"[{EXTENDS}]")
NUMBERED = re.compile(r"\(?(?:[0-9]{1,3}[.):]|[0-9]{1,3}(?:\.[0-9]{1,3}){1,9}[.):]?|[a-zA-Z][.)]|[IVX]{1,5}[.)])\s")
BULLET = re.compile(r"[•◦▪–—*-]\s")
TITLED = re.compile(r"#{1,6}\s")
DOTTED = re.compile(r"(?<![\w.])[0-9]{1,4}(?:\.[0-9]{1,4})+(?![\w]|\.[0-9])")
GREETING = re.compile(
    r"(?:dear|to whom|hello|good (?:morning|day|afternoon)|ladies|sehr geehrte|liebe|madame|monsieur|chers?\b|estimad|"
    r"geachte|gentile|caro|prezad|szanown|bästa)",
    re.IGNORECASE,
)
FAREWELL = re.compile(
    r"(?:sincerely|yours\b|(?:kind|best|warm|with kind)\s+(?:regards|wishes)|regards|respectfully|faithfully|"
    r"mit (?:freundlich|besten)|hochachtung|freundliche gr|cordialement|bien à vous|veuillez agréer|salutations|"
    r"we thank|thanks?[ ,]|atentamente|saludos|met vriendelijke|cordiali|distinti|com os melhores|atenciosamente|thank you[^.]{0,80}[.,]?$)",
    re.IGNORECASE,
)
ENDS = (".", ":", ";", "!", "?", ",", "…", "”", '"')
SHORT_LINE = 50
LONGEST_HEADING = 120
LONGEST_GREETING = 120
EARLY = 120  # characters within which a paragraph says what it is about
SHORT_POINT = 200
LONG_REMARK = 160
HEAD, TAIL = 12, 10  # paragraphs at either end in which greetings and farewells are looked for


class Block(Record):
    """A paragraph of a letter with the blanks behind it."""

    start: int
    end: int

    def words(self, text: str) -> str:
        """What it says, without the blanks around it."""
        return text[self.start : self.end].strip()


class Fields(Record):
    """What the comment made of a piece needs beside its words, as typed and chosen so far."""

    clauses: str = ""
    positions: tuple[str, ...] = ()
    costs: tuple[str, ...] = ()
    stance: str = ""
    type: str = "general"


class Plan(Record):
    """How a letter is to be cut: one word of CUTS for each paragraph, and fields by the paragraph a piece begins with."""

    cuts: tuple[str, ...] = ()
    fields: Mapping[int, Fields] = field(default_factory=dict)

    def to_json(self) -> str:
        """The plan for keeping: the same one in the same letters."""
        return msgspec.json.encode(replace(self, fields=dict(sorted(self.fields.items())))).decode()


class Piece(Record):
    """Paragraphs that become one comment: the first of them, the last, and their words without blanks around."""

    first: int
    last: int
    start: int
    end: int


def plan_of(json: str) -> Plan | None:
    """What `Plan.to_json` wrote; None for nothing."""
    return msgspec.json.decode(json.encode(), type=Plan) if json else None


def blocks(text: str) -> list[Block]:
    """The paragraphs of a letter."""
    places = {match.end() for match in EMPTY_LINES.finditer(text)} | _lines(text)
    found = [0, *sorted(place for place in places if 0 < place < len(text) and _is_between(text, place)), len(text)]
    return [
        Block(start, end) for whole in pairwise(found) for start, end in pairwise(_short(text, *whole))
    ] if text else []  # fmt: skip


def _lines(text: str) -> set[int]:
    """Where lines begin that are paragraphs of their own: a point, a title, or one after a line nobody wrapped."""
    places, at = set[int](), 0
    for line in text.split("\n"):
        after = at + len(line) + 1
        following = text[after : after + 40].lstrip(" \t")
        is_point = NUMBERED.match(following) or BULLET.match(following) or TITLED.match(following)
        is_over = len(line) < SHORT_LINE or line.rstrip().endswith(ENDS)  # else the number stands within a sentence
        if following[:1].strip() and ((is_point and is_over) or len(line) > UNWRAPPED or TITLED.match(line)):
            places.add(after)
        at = after
    return places


def _is_between(text: str, place: int) -> bool:
    """Whether no character, as readers see it, goes across this place, which is behind a blank or a full stop."""
    return EXTENDING.match(text, place) is None


def _short(text: str, start: int, end: int) -> list[int]:
    """The bounds of a paragraph, with some between where it is very long: behind a sentence."""
    bounds = [start]
    if end - start > LONG:
        for match in SENTENCE_END.finditer(text, start, end):
            if (
                match.end() - bounds[-1] > LONG // 2
                and end - match.end() > LONG // 10
                and _is_between(text, match.end())
            ):
                bounds.append(match.end())
    return [*bounds, end]


def settled(cuts: Sequence[str], count: int) -> tuple[str, ...]:
    """A choice for each of `count` paragraphs; what would go with nothing before it begins a comment itself."""
    found: list[str] = []
    for at in range(count):
        cut = cuts[at] if at < len(cuts) and cuts[at] in CUTS else LEAVE
        found.append(BEGIN if cut == JOIN and (not found or found[-1] == LEAVE) else cut)
    return tuple(found)


def pieces(text: str, found: Sequence[Block], cuts: Sequence[str]) -> list[Piece]:
    """What becomes comments, in order; `cuts` as `settled` gives them."""
    firsts = [at for at, cut in enumerate(cuts) if cut == BEGIN]
    made = [_piece(text, found, cuts, first) for first in firsts]
    return [piece for piece in made if piece.end > piece.start]


def _piece(text: str, found: Sequence[Block], cuts: Sequence[str], first: int) -> Piece:
    last = first
    while last + 1 < len(cuts) and cuts[last + 1] == JOIN:
        last += 1
    start = found[first].start
    words = text[start : found[last].end]
    from_, to = widen(words, len(words) - len(words.lstrip()), len(words.rstrip()))  # a mark may sit on a blank
    return Piece(first, last, start + from_, start + to)


def mentions(words: str) -> list[tuple[str, ...]]:
    """The clauses that are named, each by the names it may be known by, best first, in order."""
    found = [(one.start, one.names) for one in references.find(words) if one.kind == "clause"]
    taken = {name for _, names in found for name in names}
    found += [(match.start(), (match[0],)) for match in DOTTED.finditer(words) if match[0] not in taken]
    return list(dict.fromkeys(names for _, names in sorted(found)))


def named(words: str, known: Mapping[str, str]) -> list[str]:
    """The clauses of the draft that are named, each once; `known`: what a clause may be called → as it is printed."""
    printed = (next((known[name] for name in names if name in known), None) for names in mentions(words))
    return list(dict.fromkeys(filter(None, printed)))


def propose(text: str, known: Mapping[str, str]) -> Plan:
    """A cut to start with: at headings, numbered points and where other clauses are named; `known` as for `named`."""
    found = blocks(text)
    words = [block.words(text) for block in found]
    cuts = [LEAVE] * len(found)
    first, last = _body(words)
    about = [named(line, known) for line in words]
    early = [named(line[:EARLY], known) for line in words]
    is_loose = not any(early[at] or _is_heading(words, at) or NUMBERED.match(words[at]) for at in range(first, last))
    here: set[str] = set()
    for at in range(first, last):
        is_new = at == first or _begins(words, at, here, early[at], is_loose)
        cuts[at] = BEGIN if is_new and words[at] else JOIN
        here = set(about[at]) if cuts[at] == BEGIN else here | set(about[at])
    return with_fields(text, Plan(settled(cuts, len(found))), known)


def with_fields(text: str, plan: Plan, known: Mapping[str, str]) -> Plan:
    """The same plan; a piece that nobody has said anything about yet is about the clauses it names."""
    found = blocks(text)
    new = {
        piece.first: Fields(clauses=", ".join(named(text[piece.start : piece.end], known)))
        for piece in pieces(text, found, plan.cuts)
        if piece.first not in plan.fields
    }
    return replace(plan, fields={**new, **plan.fields})


def _body(words: Sequence[str]) -> tuple[int, int]:
    """The first paragraph behind the greeting, and the one the farewell begins with."""
    greeted = [
        at for at, line in enumerate(words[:HEAD]) if GREETING.match(line) and len(line) <= LONGEST_GREETING
    ]  # fmt: skip
    first = greeted[-1] + 1 if greeted else 0
    ends = [at for at in range(max(first, len(words) - TAIL), len(words)) if FAREWELL.match(words[at])]
    last = next((at for at in ends if len("".join(words[at:])) < 600), len(words))
    return (first, last) if first < last else (0, len(words))


def _is_heading(words: Sequence[str], at: int) -> bool:
    """A line of its own that names what comes next."""
    line = words[at]
    if at + 1 >= len(words) or "\n" in line or not 0 < len(line) <= LONGEST_HEADING or BULLET.match(line):
        return False
    if TITLED.match(line) or (line.endswith(":") and bool(mentions(line))):
        return True
    bare = NUMBERED.sub("", line, count=1).rstrip("*_ ")
    is_sentence = bare.endswith(ENDS) or SENTENCE_END.search(bare) is not None
    return not is_sentence and (line[0].isupper() or bare != line)


def _begins(words: Sequence[str], at: int, here: Collection[str], early: Sequence[str], is_loose: bool) -> bool:
    """Whether a paragraph of the body begins a new comment; `here`: what the one before it is about so far."""
    line, before = words[at], words[at - 1]
    if _is_heading(words, at - 1):
        return False
    if _is_heading(words, at):
        return True
    if BULLET.match(line):
        return False
    if NUMBERED.match(line):
        return not before.endswith(":") or len(line) > SHORT_POINT
    if early and not set(early) <= set(here):
        return True
    return is_loose and len(line) >= LONG_REMARK


def body_of(words: str, kind: str) -> str:
    """A piece as the body of a comment: blanks before a line mean nothing outside of Markdown."""
    return words if kind == "md" else "\n".join(line.lstrip(" \t") for line in words.split("\n"))


def clause_names(typed: str) -> list[str]:
    """The clauses as they were typed, each once."""
    return list(dict.fromkeys(name for part in typed.split(",") if (name := part.strip())))


def missing(fields: Fields, body: str, known: Collection[str], longest: int) -> list[str]:
    """What is still missing before a piece can be posted, in sentences. `known`: the names of clauses that are there."""
    told = []
    if not fields.positions:
        told.append("Choose what it argues from: at least one.")
    if set(fields.positions) & set(fields.costs):
        told.append("A comment cannot argue from a position at the cost of the same position.")
    if not fields.stance:
        told.append("Choose where it stands.")
    told += [
        f"This draft has no clause “{name}”. Write its number as printed, such as 5.2."
        for name in clause_names(fields.clauses)
        if name not in known
    ]
    if len(fields.clauses) > LONGEST_CLAUSES:
        told = [sentence for sentence in told if "no clause" not in sentence]
        told.append(f"Name fewer clauses: {LONGEST_CLAUSES} characters are the most. Name the most important ones.")
    if len(body) > longest:
        told.append(
            f"This piece is {len(body):,} characters long; {longest:,} is the most. Let a later paragraph begin a comment."
        )
    return told


def titled(name: str) -> str:
    """What a letter is called to which its author gives no title; `name`: what stands over it."""
    if name == naming.WITHHELD:
        return "Letter, name withheld"
    return f"Letter of {name[0].lower()}{name[1:]}" if name.startswith(("A person", "An ")) else f"Letter of {name}"
