"""How the cost of reading a draft grows: `python bench/import.py`. Prints ratios of one run, no verdict."""

from __future__ import annotations

import time
from collections.abc import Callable

from markdown_it import MarkdownIt

from consult.core.paths import PACKAGE
from consult.documents.importers import eu_act, markdown
from consult.documents.pages import spread

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


if __name__ == "__main__":
    main()
