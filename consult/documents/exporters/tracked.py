"""The body of a Word file that holds two versions at once: accept all changes for the new one, reject all for the old.

What is simplified: pictures, links and the looks of single words are left out; printed numbers are those of the newer
version and not tracked, as Word's own would not be; a table that moved, and one that became a paragraph, is removed
and added. Where a clause moved and has other words, the words that went stand at the place it moved away from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from consult.core import later
from consult.core.text import plain

from .. import redline
from ..alignment import Alignment, Row
from .merged import ARRIVED, COME, GONE, LEFT, STAYED, Step, merged
from .wordml import CODE, DEL, HEADING, INS, MOVE_FROM, MOVE_TO, NUMBER, TEXT, Tracker

etree = later.module("lxml.etree")
lxml_html = later.module("lxml.html")
LCSseq = later.module("rapidfuzz.distance.LCSseq")
PART = "\0"  # between the parts of a split or a merger; stands in no text
DEEPEST = 9  # Word has nine kinds of headings
HOW = {GONE: DEL, COME: INS, LEFT: MOVE_FROM, ARRIVED: MOVE_TO, STAYED: ""}
Cells = Sequence[Sequence[str]]
Remarks = Callable[[Row, bool], Sequence[str]]  # on a change, and whether it is about a duty or a number


class Text(Protocol):
    """What is written of a clause."""

    @property
    def kind(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def own_label(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def html(self) -> str: ...
    @property
    def depth(self) -> int: ...
    @property
    def is_heading(self) -> bool: ...


@dataclass
class Body:
    """Writes two versions as one, block by block."""

    old: Sequence[Text]
    new: Sequence[Text]
    found: Alignment
    remarks: Remarks
    language: str
    tracker: Tracker

    def blocks(self) -> Iterator[str]:
        """Paragraphs and tables, in the order of both versions."""
        tables = {id(unit): cells for unit in (*self.old, *self.new) if (cells := _cells(unit)) is not None}
        self._tables = tables
        self._level = 0
        for step in merged(self.found, self._is_one, self._may_move):
            yield from self._step(step)

    def _is_one(self, row: Row) -> bool:
        """All of it paragraphs, or one table on either side."""
        units = [*(self.old[o] for o in row.old), *(self.new[n] for n in row.new)]
        tables = sum(id(unit) in self._tables for unit in units)
        return tables == 0 or (tables == 2 == len(units))

    def _may_move(self, row: Row) -> bool:
        return id(self.old[row.old[0]]) not in self._tables

    def _step(self, step: Step) -> Iterator[str]:
        unit = self.new[step.new[0]] if step.how not in (GONE, LEFT) else self.old[step.old[0]]
        if unit.is_heading:
            self._level = unit.depth + 1
        if id(unit) in self._tables:
            yield self._table(step, unit)
        elif step.how == STAYED:
            yield from self._woven(step)
        elif step.how == ARRIVED:
            yield self._arrived(step, unit)
        else:
            yield self._whole(step, unit)

    def _whole(self, step: Step, unit: Text) -> str:
        """A paragraph that came, went or left as a whole."""
        how = HOW[step.how]
        words = self._number(unit, how) + self.tracker.words(how, unit.text)
        if step.how != LEFT:
            words = self.tracker.remarked(words, self.remarks(step.row, False), how)
        paragraph = self._paragraph(words, unit, how)
        return self.tracker.moved(how, f"move{step.old[0]}", paragraph) if step.how == LEFT else paragraph

    def _arrived(self, step: Step, unit: Text) -> str:
        """A paragraph at the place it moved to; words that are new here are inserted, those that went are gone."""
        pieces = redline.pieces(self.old[step.old[0]].text, unit.text, self.language)
        words = self._number(unit, MOVE_TO) + "".join(
            self.tracker.words(MOVE_TO if piece.is_same else INS, piece.come) for piece in pieces
        )
        words = self.tracker.remarked(words, self.remarks(step.row, _is_technical(pieces)), MOVE_TO)
        return self.tracker.moved(MOVE_TO, f"move{step.old[0]}", self._paragraph(words, unit, MOVE_TO))

    def _woven(self, step: Step) -> Iterator[str]:
        """A paragraph with its changes; where it was split or merged, the ends of paragraphs come or go."""
        old = PART.join(self.old[place].text for place in step.old)
        new = PART.join(self.new[place].text for place in step.new)
        pieces = redline.pieces(old, new, self.language)
        remarks = self.remarks(step.row, _is_technical(pieces)) if old != new else ()
        units = iter([self.new[place] for place in step.new])
        unit = next(units)
        words, is_first = self._number(unit, ""), True
        for how, text in _parts(pieces):
            if text != PART:
                words += self.tracker.words(how, text)
                continue
            yield self._paragraph(self.tracker.remarked(words, remarks if is_first else ()), unit, how)
            is_first = False
            unit = next(units) if how == INS else unit
            words = self._number(unit, INS) if how == INS else ""
        yield self._paragraph(self.tracker.remarked(words, remarks if is_first else ()), unit, "")

    def _number(self, unit: Text, how: str) -> str:
        printed = unit.label if unit.is_heading else unit.own_label
        return self.tracker.words(how, f"{printed}\t", NUMBER) if printed else ""

    def _paragraph(self, words: str, unit: Text, mark: str) -> str:
        if unit.is_heading:
            return self.tracker.paragraph(words, f"{HEADING}{min(unit.depth + 1, DEEPEST)}", mark)
        style = CODE if unit.kind == "code" else TEXT
        return self.tracker.paragraph(words, style, mark, max(0, min(unit.depth - self._level, 4)))

    def _table(self, step: Step, unit: Text) -> str:
        """A table; row by row where it stayed, and word by word in rows that have the same cells."""
        ours = self._tables[id(self.old[step.old[0]])] if step.how in (GONE, STAYED) else []
        theirs = self._tables[id(self.new[step.new[0]])] if step.how in (COME, STAYED) else []
        is_changed = ours != theirs
        remarks = list(self.remarks(step.row, False)) if is_changed else []
        rows = [self._row(a, b, remarks) for a, b in _rows(ours, theirs)]
        return self.tracker.table(rows, max(len(cells) for cells in (*ours, *theirs)))

    def _row(self, old: Sequence[str] | None, new: Sequence[str] | None, remarks: list[str]) -> str:
        """One row; the remarks stand on the first that changed."""
        is_here = old != new
        said = remarks[:] if is_here else []
        if is_here:
            remarks.clear()
        how = "" if old is not None and new is not None else DEL if new is None else INS
        cells = []
        for place, (a, b) in enumerate(zip(old or new or (), new or old or (), strict=True)):
            words = (
                self.tracker.words(how, b)
                if how
                else "".join(self.tracker.words(h, text) for h, text in _parts(redline.pieces(a, b, self.language)))
            )
            cells.append(self.tracker.remarked(words, said if place == 0 else [], how))
        return self.tracker.row(cells, how)


def _is_technical(pieces: Sequence[redline.Piece]) -> bool:
    return any(piece.is_technical for piece in pieces)


def _parts(pieces: Sequence[redline.Piece]) -> Iterator[tuple[str, str]]:
    """What happens to words, in order; the ends of paragraphs (PART) by themselves."""
    for piece in pieces:
        changes = [("", piece.come)] if piece.is_same else [(DEL, piece.gone), (INS, piece.come)]
        for how, text in changes:
            for number, part in enumerate(text.split(PART)):
                if number:
                    yield how, PART
                if part:
                    yield how, part


def _rows(ours: Cells, theirs: Cells) -> Iterator[tuple[Sequence[str] | None, Sequence[str] | None]]:
    """Rows of two tables beside each other; those in the same place with as many cells are the same row."""
    old_at = new_at = 0
    for step in [*LCSseq.opcodes([tuple(row) for row in ours], [tuple(row) for row in theirs]), None]:
        if step is not None and step.tag != "equal":
            continue
        old = ours[old_at : step.src_start if step else len(ours)]
        new = theirs[new_at : step.dest_start if step else len(theirs)]
        if [len(row) for row in old] == [len(row) for row in new]:
            yield from zip(old, new, strict=True)
        else:
            yield from ((row, None) for row in old)
            yield from ((None, row) for row in new)
        if step is not None:
            yield from ((row, row) for row in ours[step.src_start : step.src_end])
            old_at, new_at = step.src_end, step.dest_end


def _cells(unit: Text) -> Cells | None:
    """The words in the cells of a table; None for what is no table, or has words outside of its cells."""
    if unit.kind != "table" or "<table" not in unit.html:
        return None
    tree = lxml_html.fragment_fromstring(unit.html, create_parent="div")
    rows = [[_words(cell) for cell in row if cell.tag in ("td", "th", "caption")] for row in _lines(tree)]
    rows = [row for row in rows if row]
    said = " ".join(cell for row in rows for cell in row)
    return rows if rows and said.split() == unit.text.split() else None


def _lines(tree: Any) -> Iterator[Sequence[Any]]:
    for element in tree.iter("caption", "tr"):
        yield [element] if element.tag == "caption" else list(element)


def _words(cell: Any) -> str:
    return plain(etree.tostring(cell, encoding="unicode", with_tail=False))
