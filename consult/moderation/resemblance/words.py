"""What a text argues, as words to compare: without the lines most texts share, greetings, thanks and signatures."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from hashlib import blake2b

Words = tuple[str, ...]

EDGE = 40  # words; the longest line that can be the title of a docket or the footer of a form
SHARED_BY = 20  # texts; below that a line that most share says nothing
MOST = 0.5  # share of the texts that hold a line at their edge
DIFFERENT = 0.5  # share of them that say something else beside it; where fewer do, the line is a letter itself
GREETING, CLOSING, SIGNATURE = 10, 6, 25  # words; the longest of each
WAYS = 6  # lines before the end in which a closing is looked for

# Words of short lines that open and close letters and say nothing about a draft.
_GREET = """dear hello hi greetings sehr guten hallo liebe madame monsieur mesdames bonjour cher chers chère estimado
estimada estimados señor señora señores hola gentile egregio spettabile buongiorno prezado prezada geachte beste
szanowni уважаемые уважаемый уважаемая عزيزي السادة السلام"""
_CLOSE = """sincerely regards respectfully cordially thank thanks freundlichen freundlichem hochachtungsvoll cordialement
salutations merci atentamente saludos gracias cordiali distinti grazie atenciosamente obrigado obrigada vriendelijke
hoogachtend poważaniem pozdrawiam dziękuję уважением спасибо شكرا"""
_POLITE = "please bitte merci gracias grazie obrigado obrigada danke thanks спасибо"
GREETINGS, CLOSINGS, COURTESY = (frozenset(told.split()) for told in (_GREET, _CLOSE, _POLITE))
THANKS = (("thank", "you", "very", "much"), ("thank", "you"), ("thanks",), ("many", "thanks"), ("danke",), ("merci",))

# Scripts that put no blank between words: each sign is a word of its own, so that shingles are runs of signs.
_SIGN = r"[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]"
_UNSPACED = re.compile(_SIGN)
_APOSTROPHES = re.compile("['\u2019\u02bc]")
_PLAIN = re.compile(r"[a-z0-9]+")
_LINE = re.compile(r"\n+")


def words(text: str) -> Words:
    """The words of a text in one case and form, without signs between them."""
    if text.isascii():
        return tuple(_PLAIN.findall(text.lower().replace("'", "")))
    folded = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(map(_sign, folded))
    return tuple(_UNSPACED.sub(r" \g<0> ", bare).split())


def _sign(c: str) -> str:
    # Vowel signs of Indic scripts are marks, not letters, and belong to their word.
    return c if c.isalnum() or unicodedata.category(c).startswith("M") else " "


def length(said: Words) -> float:
    """How long a text is, in words; two signs of a script without blanks are about one."""
    return len(said) - sum(len(word) == 1 and _UNSPACED.match(word) is not None for word in said) / 2


def lines(text: str) -> list[tuple[str, Words]]:
    """The lines of a text that have words, each with them."""
    pairs = ((line.strip(), words(line)) for line in _LINE.split(text))
    return [(line, said) for line, said in pairs if said]


def shared_edges(texts: Iterable[str]) -> frozenset[Words]:
    """First and last lines that most texts have and that are not what they say: a docket's title, a form's footer.

    A line counts only where the rest of the texts that have it differs; a letter sent by most is no footer. The texts
    are gone through twice at most, so that they need not be kept.
    """
    ends, total = Counter[Words](), 0
    for text in texts:
        total += 1
        said = [line for _, line in lines(text)]
        ends.update({line for line in (said[:1] + said[-1:]) if len(line) <= EDGE})
    least = max(SHARED_BY, MOST * total)
    likely = {line for line, count in ends.items() if count >= least}
    return frozenset(_beside_the_point(likely, texts) if likely else ())


def _beside_the_point(likely: Collection[Words], texts: Iterable[str]) -> Iterator[Words]:
    """Those of the lines beside which the texts that have them say different things."""
    rests: dict[Words, set[bytes]] = {line: set() for line in likely}
    counts = Counter[Words]()
    for text in texts:
        said = [line for _, line in lines(text)]
        for line in rests.keys() & set(said):
            counts[line] += 1
            rest = repr([part for part in said if part != line]) if len(said) > said.count(line) else ""
            rests[line] |= {blake2b(rest.encode(), digest_size=16).digest()} if rest else set()
    return (line for line in likely if len(rests[line]) >= DIFFERENT * counts[line])


def parts(text: str, beside: Collection[Words]) -> list[tuple[str, Words]]:
    """The lines of a text that argue: without those of `beside`, its greeting, and its signature."""
    kept = [(line, said) for line, said in lines(text) if said not in beside]
    if len(kept) > 1 and _is_greeting(kept[0][1]):
        kept = kept[1:]
    for at in range(max(1, len(kept) - WAYS), len(kept)):
        is_closing = len(kept[at][1]) <= CLOSING and not CLOSINGS.isdisjoint(kept[at][1][:2])
        if is_closing and sum(len(said) for _, said in kept[at:]) <= SIGNATURE:
            return kept[:at]
    return kept


def _is_greeting(said: Words) -> bool:
    return said[0] in GREETINGS and len(said) <= GREETING


def argument(text: str, beside: Collection[Words]) -> Words:
    """The words that a text is compared by; those of all its lines where nothing else would be left."""
    said = [word for _, line in parts(text, beside) for word in line] or [w for _, line in lines(text) for w in line]
    return without_courtesy(said) or tuple(said)


def without_courtesy(said: Sequence[str]) -> Words:
    """Words without "please" before and "thank you" after them."""
    start, end = 0, len(said)
    while start < end and said[start] in COURTESY:
        start += 1
    while (cut := next((len(t) for t in THANKS if tuple(said[max(start, end - len(t)) : end]) == t), 0)) > 0:
        end -= cut
    return tuple(said[start:end])
