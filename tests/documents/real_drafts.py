"""Real drafts in their versions, as the blocks that are aligned."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Sequence
from pathlib import Path

from consult.core.paths import PACKAGE
from consult.core.records import replace
from consult.documents.alignment import Block
from consult.documents.importers import read
from consult.documents.lineage import block_of
from consult.documents.parsed import slug

DATA = Path(__file__).parents[1] / "data"
CSAF = PACKAGE / "demo" / "data" / "csaf-2.1"
OPENCHAIN = ("v1.0", "v1.1", "dis-initial", "dis-post-jtc1-edits", "iso-18974-2023")
NIST = (
    ("sec1_2_introduction", "sec3_definitions", "sec4_ial", "sec5_proofing", "sec6_dc", "sec7_security",
     "sec8_privacy", "sec9_usability"),
    ("sec1_purpose", "sec2_introduction", "sec3_definitions", "sec4_proofing", "sec5_ial", "sec6_accounts",
     "sec7_security", "sec8_privacy", "sec9_usability", "sec10_equity"),
)  # fmt: skip
ID = re.compile(r"<a id='([^']+)'")
Version = Sequence[Block]


def blocks(path: Path) -> list[Block]:
    return [block_of(unit) for unit in read(path.read_text("utf-8")).units]


@functools.cache
def csaf(number: int) -> Version:
    return blocks(CSAF / f"csaf-v2.1-csd0{number}.md")


@functools.cache
def csaf_ids(number: int, *, of_headings: bool = False) -> frozenset[str]:
    """The ids its editors gave, as they are written there; they are made from titles and stay when numbers move."""
    text = (CSAF / f"csaf-v2.1-csd0{number}.md").read_text("utf-8")
    return frozenset(ID.findall("\n".join(re.findall("^#.*", text, re.MULTILINE)) if of_headings else text))


def csaf_truth(*, of_headings: bool = False) -> tuple[dict[int, int], set[int]]:
    """The new place of each old one whose id stayed, and all old places with an id.

    77 ids differ only in how a hyphen between blanks is written ("type-names", "type---names"): our keys join these.
    """
    ids = [{slug(name) for name in csaf_ids(number, of_headings=of_headings)} for number in (1, 2)]
    places = [{b.key: i for i, b in enumerate(csaf(n)) if b.key in ids[n - 1]} for n in (1, 2)]
    same = places[0].keys() & places[1].keys()
    return {places[0][key]: places[1][key] for key in same}, set(places[0].values())


@functools.cache
def openchain(stage: str) -> Version:
    return blocks(DATA / "draft-openchain-18974" / f"{stage}.en.md")


@functools.cache
def aipref(number: int) -> Version:
    return blocks(DATA / "draft-ietf-aipref" / f"draft-ietf-aipref-vocab-0{number}.md")


@functools.cache
def nist(revision: int) -> Version:
    """Its sections one after the other."""
    folder = DATA / "draft-nist-sp800-63a" / ("rev3", "rev4-ipd")[revision - 3]
    found: list[Block] = []
    for name in NIST[revision - 3]:
        start = len(found)
        found += [
            replace(b, key=f"{name}-{b.key}", parent=None if b.parent is None else b.parent + start)
            for b in blocks(folder / f"{name}.md")
        ]
    return found


def pairs() -> dict[str, tuple[Version, Version]]:
    """All versions of all drafts with the next one."""
    found = {"CSAF csd01 → csd02": (csaf(1), csaf(2))}
    found |= {f"OpenChain {a} → {b}": (openchain(a), openchain(b)) for a, b in itertools.pairwise(OPENCHAIN)}
    found |= {f"AIPREF {n:02} → {n + 1:02}": (aipref(n), aipref(n + 1)) for n in range(7)}
    found["NIST 800-63A rev 3 → 4"] = (nist(3), nist(4))
    return found
