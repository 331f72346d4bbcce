"""Talk pages of a wiki, as Parsoid writes them in HTML: sections, and in them what people signed.

A post ends with a link to its author and a moment; everything since the post before belongs to it. How far it is
set in says whom it answers. The rules are those of MediaWiki's DiscussionTools, so that both read the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, urljoin, urlsplit

from consult.core.errors import Invalid
from consult.core.records import Record, replace
from consult.core.text import normalise
from consult.documents.importers.trees import Element, html_tree

from . import talk_signatures, talk_words
from .table import CommentFile, CommentRow, WrongFile, bold, decoded
from .talk_stream import Token, page_name, stream, words_between

LARGEST = 5_000_000  # bytes; the largest of the pages it was tried on has 350 thousand
MOST_POSTS = 10_000
LONGEST = 20_000
NEAR = 100  # characters between the link to an author and the moment
FAR = 500  # openings, closings and runs of words between them
HEADING = re.compile(r"h[1-6]")
UNKNOWN = "Unknown"
ONLY_SIGNED = "(Signed without words.)"
LICENCES = {"wikipedia.org": ", CC BY-SA 4.0"}
USERS = {
    "user", "user talk", "مستخدم", "مستخدمة", "نقاش المستخدم", "نقاش المستخدمة", "بەکارھێنەر", "بەکارهێنەر",
    "لێدوانی بەکارھێنەر", "لێدوانی بەکارهێنەر", "utilisateur", "utilisatrice", "discussion utilisateur",
    "discussion utilisatrice", "wikipedysta", "wikipedystka", "dyskusja wikipedysty", "dyskusja wikipedystki",
}  # fmt: skip
SPECIAL = {
    "special:contributions", "خاص:مساهمات", "تایبەت:بەشدارییەکان", "spécial:contributions", "specjalna:wkład",
}  # fmt: skip


class Post(Record):
    """What somebody signed; `level` from 1, as far as it is set in."""

    author: str
    said_at: datetime
    level: int
    start: int  # of its words in the stream
    end: int
    signed_from: int  # its signature
    signed_to: int
    said_until: int  # where the moment ends in the words there


@dataclass(slots=True)
class Section:
    """A heading (none: the top of the page) and the posts below it; `end` of what the heading rules."""

    title: str
    level: int
    start: int
    opening: int = 0  # of the heading
    anchor: str = ""
    posts: list[Post] = field(default_factory=list)
    end: int = 0


class Page(Record):
    """A page that was read: its stream and its sections."""

    title: str
    address: str
    base: str  # what its links are relative to
    language: str
    changed_at: datetime | None
    tokens: list[Token]
    sections: list[Section]


def read(data: bytes) -> CommentFile:
    """Read a talk page; raises WrongFile with a sentence when it is not one."""
    page = read_page(data)
    if not any(section.posts for section in page.sections):
        raise WrongFile("Nobody signed anything on this page, so there is nothing to bring in.")
    numbered = tuple(replace(row, line=line) for line, row in enumerate(_unique(page), start=1))
    return CommentFile(page.title, page.address or page.title, numbered, "TALK", has_stable_ids=True)


def read_page(data: bytes) -> Page:
    """The sections of a page and who said what in them, when and how far set in."""
    root = _root(data)
    body = root.find("body")
    language = str(body.get("lang", "")).split("-")[0].lower() if body is not None else ""
    if body is None or language not in talk_signatures.LANGUAGES:
        known = ", ".join(talk_signatures.LANGUAGES)
        raise WrongFile(f"This page does not say that it is in a language whose signatures can be read ({known}).")
    tokens = stream(body)
    title = normalise("".join(root.itertext("title"))) or "Talk page"
    page = Page(
        title, _home(root), _base(root), language, _changed_at(root), tokens, _sections(tokens, language, title)
    )
    if sum(len(section.posts) for section in page.sections) > MOST_POSTS:
        raise WrongFile(f"This page has more than {MOST_POSTS:,} posts; that many cannot be read at once.")
    return page


def _rows(page: Page, section: Section) -> Iterator[CommentRow]:
    """The first post of a section as a comment with its title, the others as replies to what they are set in below."""
    url = page.address + (f"#{quote(section.anchor)}" if page.address and section.anchor else "")
    given = _given(page, section)
    over: list[tuple[int, str]] = []  # level and id of what the next post may answer
    for at, (level, row) in enumerate(given):
        row = replace(row, source_url=url, language=page.language)
        if at == 0:
            note = f"{page.title}{LICENCES.get(_wiki(page.address), '')}"
            body = f"{bold(section.title)}\n\n{row.body}".strip()
            yield from _parts(replace(row, body=body, source_note=note), row.external_id)
            over = [(0, "")]
            continue
        while len(over) > 1 and over[-1][0] >= level:
            over.pop()
        top = given[0][1].external_id
        yield from _parts(replace(row, top=top, answers=over[-1][1]), top)
        over.append((level, row.external_id))


def _given(page: Page, section: Section) -> list[tuple[int, CommentRow]]:
    """What was said in a section, with its level; at last what nobody signed."""
    found = [(post.level, _signed(page, post)) for post in section.posts]
    since = section.posts[-1].end if section.posts else section.start
    rest = talk_words.markdown(page.tokens[since : section.end], page.base)
    if not rest or not re.search(r"\w{3}", rest):
        return found
    at = page.changed_at
    remark = "Nobody signed it; it gets the time when the page was changed last."
    if section.posts:
        at, remark = section.posts[-1].said_at, "Nobody signed it; it gets the time of the post before it."
    key = f"{UNKNOWN}, after {found[-1][1].external_id}" if found else f"{UNKNOWN}, in {section.title}"
    return [*found, (1, CommentRow(0, key[:300], UNKNOWN, rest, posted_at=at, remarks=(remark,)))]


def _signed(page: Page, post: Post) -> CommentRow:
    """A post without its signature; what was added behind it in the same line stays."""
    signature = page.tokens[post.signed_to]
    behind = replace(signature, words=signature.words[post.said_until :])
    body = talk_words.before_signature(talk_words.markdown(page.tokens[post.start : post.signed_from], page.base))
    added = talk_words.markdown([behind, *page.tokens[post.signed_to + 1 : post.end]], page.base).strip(" )")
    if re.search(r"\w", added):
        body = f"{body}\n\n{added}"
    return CommentRow(
        0, f"{post.author}, {post.said_at:%Y-%m-%dT%H:%MZ}", post.author, body or ONLY_SIGNED, posted_at=post.said_at
    )


def _parts(row: CommentRow, top: str) -> Iterator[CommentRow]:
    """A post, and what is beyond the longest that fits as its own author's next words under it."""
    body, *rest = _cut(row.body)
    yield _checked(replace(row, body=body))
    for number, words in enumerate(rest, start=2):
        over = row.external_id if row.top else ""
        yield _checked(replace(
            row, external_id=f"{row.external_id}, part {number}", top=top, answers=over, body=words, source_note="",
        ))  # fmt: skip


def _cut(body: str) -> list[str]:
    """The paragraphs of a body in as few parts as fit."""
    parts = [""]
    for paragraph in body.split("\n\n"):
        if parts[-1] and len(parts[-1]) + len(paragraph) + 2 > LONGEST:
            parts.append(paragraph)
        else:
            parts[-1] = f"{parts[-1]}\n\n{paragraph}".strip("\n")
    return parts


def _checked(row: CommentRow) -> CommentRow:
    problem = ""
    if len(row.body) > LONGEST:
        problem = f"{row.external_id} has {len(row.body):,} characters; {LONGEST:,} is the most."
    elif row.posted_at is None:
        problem = f"{row.external_id} does not say when it was written."
    return replace(row, body=normalise(row.body), problem=problem)


def _unique(page: Page) -> Iterator[CommentRow]:
    """All rows of a page; what the same person said in the same minute is told apart by a count."""
    seen: Counter[str] = Counter()
    for section in page.sections:
        names: dict[str, str] = {"": ""}
        for row in _rows(page, section):
            seen[row.external_id] += 1
            count = seen[row.external_id]
            names[row.external_id] = row.external_id + (f" ({count})" if count > 1 else "")
            yield replace(
                row, external_id=names[row.external_id], top=names[row.top], answers=names[row.answers]
            )  # fmt: skip


def _wiki(address: str) -> str:
    return ".".join(urlsplit(address).netloc.split(".")[-2:])


def _root(data: bytes) -> Element:
    text = decoded(data, LARGEST, "Save the page as HTML.")
    if not re.match(r"\s*<(?:!doctype html|html)\b", text, re.IGNORECASE) or "parsoid" not in text:
        raise WrongFile("This is no page as Parsoid writes it. Save it from …/api/rest_v1/page/html/… of the wiki.")
    try:
        return html_tree(text)
    except Invalid as invalid:
        raise WrongFile(invalid.sentence) from None


def _home(root: Element) -> str:
    link = next((e for e in root.iter("link") if e.get("rel") == "dc:isVersionOf"), None)
    try:
        found = urljoin("https://localhost/", str(link.get("href", ""))) if link is not None else ""
    except ValueError:
        return ""
    return found if re.match(r"https://[a-z0-9.-]+\.[a-z]+/", found) else ""


def _base(root: Element) -> str:
    base = next(root.iter("base"), None)
    try:
        return urljoin("https:", str(base.get("href", ""))) if base is not None else _home(root)
    except ValueError:
        return ""


def _changed_at(root: Element) -> datetime | None:
    meta = next((e for e in root.iter("meta") if e.get("property") == "dc:modified"), None)
    try:
        found = datetime.fromisoformat(str(meta.get("content", "")) if meta is not None else "")
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _sections(tokens: list[Token], language: str, title: str) -> list[Section]:
    """Go through the page once; what stands before the first heading is a section of its own if somebody signed it."""
    sections: list[Section] = []
    free = at = 0  # nothing before `free` is anybody's any more
    while at < len(tokens):
        token = tokens[at]
        if token.kind == "+" and HEADING.fullmatch(token.tag):
            opening, at = at, _closing(tokens, at)
            words = normalise(" ".join("".join(words_between(tokens, opening, at)).split()))[:300]
            sections.append(Section(words, int(token.tag[1]), at + 1, opening, str(token.element.get("id", ""))))
            free = at + 1
        elif token.kind == "w" and (post := _post(tokens, at, free, language)):
            if not sections:
                sections.append(Section(title, 99, 0))
            sections[-1].posts.append(post)
            at = free = post.end
            continue
        at += 1
    ends = [section.opening for section in sections[1:]] + [len(tokens)]
    for section, end in zip(sections, ends, strict=False):
        section.end = end
    return sections


def _closing(tokens: list[Token], opening: int) -> int:
    element = tokens[opening].element
    return next(
        at for at in range(opening + 1, len(tokens)) if tokens[at].kind == "-" and tokens[at].element is element
    )


def _post(tokens: list[Token], at: int, free: int, language: str) -> Post | None:
    """The post that the moment in these words ends; None when there is none, or nobody's name before it."""
    signed = talk_signatures.find(tokens[at].words, language)
    if signed is None:
        return None
    author, since = _author(tokens, at, free)
    if not author:
        return None
    start = _beginning(tokens, free)
    end = _end_of_line(tokens, at)
    level = min(tokens[start].indent, tokens[at].indent) + 1
    return Post(author, signed.at, level, start, end, since, at, signed.end)


def _author(tokens: list[Token], at: int, free: int) -> tuple[str, int]:
    """Whose page the nearest link before a moment leads to, and where the signature begins."""
    author, since, passed = "", at, 0
    for place in range(at - 1, max(free, at - FAR) - 1, -1):
        token = tokens[place]
        if passed >= NEAR or (token.is_edge and token.tag != "br"):
            break
        if token.kind == "w":
            passed += len(token.words)
        elif token.kind == "+" and token.tag == "a":
            name = user_of(token.element)
            if name and not author:
                author = name
            if name and name == author:
                since = place
    return author, since


def user_of(link: Element) -> str:
    """Whose page, talk page or list of contributions a link leads to; empty: nobody's."""
    name = page_name(link)
    space, _, rest = name.partition(":")
    if space.strip().lower() in USERS:
        return _named(rest.split("/", 1)[0])
    special, _, who = name.partition("/")
    return _named(who) if special.strip().lower() in SPECIAL else ""


def _named(name: str) -> str:
    name = normalise(name)[:120]
    name = name[:1].upper() + name[1:]
    return name.upper() if name.count(":") > 1 and re.fullmatch(r"[0-9a-f:]*", name, re.IGNORECASE) else name


def _beginning(tokens: list[Token], free: int) -> int:
    """The first words that are nobody's yet."""
    at = free
    while at < len(tokens):
        token = tokens[at]
        if token.kind == "w" and token.words.strip():
            return at
        at += 1
    return len(tokens) - 1


def _end_of_line(tokens: list[Token], at: int) -> int:
    """Behind the line in which a post is signed: what is added there later belongs to it."""
    end = at + 1
    while end < len(tokens) and not tokens[end].is_edge:
        end += 1
    return end
