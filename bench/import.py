"""How the cost of reading a draft grows: `python bench/import.py`. Prints ratios of one run, no verdict."""

from __future__ import annotations

import time
from collections.abc import Callable

from markdown_it import MarkdownIt

from consult.core.paths import PACKAGE
from consult.documents.importers import akn, eu_act, markdown, plain, sts, web
from consult.documents.pages import spread
from consult.documents.parsed import ParsedDraft
from consult.documents.reshaping import Split, replay

DATA = PACKAGE / "demo" / "data"
PAGE = 3_000  # characters of a printed page


def synthetic(pages: int) -> str:
    """About `pages` printed pages: numbered headings, paragraphs, lists, tables, notes."""
    parts, number, size = ["# The standard\n"], 0, 0
    while size < pages * PAGE:
        number += 1
        parts.append(
            f"## {number} Clause {number}\n\n"
            + f"Providers of the system {number} shall keep a record of [each change](#{number}). " * 6
            + "\n\n- a first point of some length\n- a second one\n  1. with an inner point\n\n"
            + "| term | meaning |\n|---|---|\n| model | weights and code |\n\n> NOTE This is not a duty.\n\n"
        )
        size += len(parts[-1])
    return "\n".join(parts)


def _text(clauses: int) -> str:
    return "\n".join(
        f"{n} Clause\n\n{WORDS}\n{WORDS}\n\n(a) first;\n(b) second:\n    (i) inner.\n\nNOTE {WORDS}\n"
        for n in range(1, clauses)
    )


def _page(clauses: int) -> str:
    return "<!DOCTYPE html><body>" + "".join(
        f"<section id=s{n}><h2><span class=secno>{n}</span> Clause</h2><p>{WORDS}<a href=#s1>1</a><ul><li>first<li>second"
        f"<ul><li>inner</ul></ul><div class=note>{WORDS}</div><table><tr><td>a<td>b</table></section>"
        for n in range(1, clauses)
    )


def _standard(clauses: int) -> str:
    return (
        "<standard><body>"
        + "".join(
            f"<sec id='s{n}'><label>{n}</label><title>Clause</title><p>{WORDS}<xref rid='s1'>1</xref></p><list><list-item>"
            f"<p>first</p></list-item></list><non-normative-note><p>{WORDS}</p></non-normative-note></sec>"
            for n in range(1, clauses)
        )
        + "</body></standard>"
    )


def _act(clauses: int) -> str:
    return (
        "<akomaNtoso><act><body>"
        + "".join(
            f"<article eId='a{n}'><num>Article {n}</num><paragraph><num>1.</num><list><intro><p>{WORDS}</p></intro><point>"
            f"<num>(a)</num><content><p>{WORDS}</p></content></point></list></paragraph></article>"
            for n in range(1, clauses)
        )
        + "</body></act></akomaNtoso>"
    )


WORDS = "Providers of the system shall keep a record of each change. " * 3
FORMATS: tuple[tuple[str, Callable[[str], ParsedDraft], Callable[[int], str]], ...] = (
    ("plain text", plain.parse, _text), ("HTML", web.parse, _page), ("NISO STS", sts.parse, _standard),
    ("Akoma Ntoso", akn.parse, _act),
)  # fmt: skip


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """The best of a few runs, in seconds of this process."""
    best = float("inf")
    for _ in range(times):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best


def main() -> None:
    small, large = synthetic(50), synthetic(500)
    per_small = seconds(lambda: markdown.parse(small)) / len(small)
    per_large = seconds(lambda: markdown.parse(large), 2) / len(large)
    plain = seconds(lambda: MarkdownIt("commonmark").enable("table").render(large), 2) / len(large)
    act = (DATA / "eu-ai-act" / "ai_act_full.md").read_text("utf-8")
    csaf = (DATA / "csaf-2.1" / "csaf-v2.1-csd02.md").read_text("utf-8")
    units = markdown.parse(large).units
    print(f"500 pages ({len(large) / 1e6:.1f} MB, {len(units):,} units, {len(spread(units)):,} pages to read)")
    print(f"  time per character, 500 pages : 50 pages      {per_large / per_small:.2f}   (1 = grows with the length)")
    print(f"  parsed into units : rendered by markdown-it   {per_large / plain:.2f}")
    print(
        f"  AI Act : 500 pages, per character             {seconds(lambda: eu_act.parse(act)) / len(act) / per_large:.2f}"
    )
    print(
        f"  CSAF 2.1 csd02 : 500 pages, per character     {seconds(lambda: markdown.parse(csaf)) / len(csaf) / per_large:.2f}"
    )
    print(
        f"  spreading over pages : parsing                {seconds(lambda: spread(units)) / (per_large * len(large)):.3f}"
    )
    found = markdown.parse(csaf)
    edits = [Split(unit.key, 20) for unit in found.units if unit.kind == "paragraph" and len(unit.text) > 40][:200]
    print(
        f"  replaying {len(edits)} corrections : parsing, CSAF       {seconds(lambda: replay(found, edits)) / seconds(lambda: markdown.parse(csaf)):.3f}"
    )
    print("twice the length : once, per format (2 = grows with the length)")
    for name, parse, make in FORMATS:
        print(f"  {name:<12} {seconds(lambda: parse(make(400)), 2) / seconds(lambda: parse(make(200)), 2):.2f}")  # noqa: B023


if __name__ == "__main__":
    main()
