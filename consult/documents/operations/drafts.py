"""Drafts and their versions: looked at, brought in, frozen."""

from __future__ import annotations

import hashlib
import html
import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import defer

from consult.consultations.models import Consultation, Round
from consult.core import clock
from consult.core.errors import Conflict, Invalid
from consult.core.events import emit
from consult.core.operations import operation, session
from consult.core.rules import Actor

from .. import alignment, preview, reshaping, rules
from ..alignment import align
from ..events import DraftImported, VersionFrozen
from ..lineage import block_of, blocks_of, lineages, own_lineage
from ..lines import TOOL, first_lines
from ..matching import likeness
from ..models import Clause, ClausePair, Draft, DraftVersion, Picture, ReadingPage, StagedDraft
from ..pages import spread
from ..parsed import INNER_LINK, PICTURE, ParsedDraft, Unit, from_json, to_json

KINDS = {alignment.SPLIT: "split", alignment.MERGED: "merged"}  # of pairs; any other fate: two units that may be one


@operation(rule=rules.may_import, on="consultation")
def import_version(
    *, actor: Actor, consultation: Consultation, parsed: ParsedDraft, source_name: str, source: bytes,
    name: str = "", change_note: str = "", edits: str = "[]", key: str | None = None,
) -> DraftVersion:  # fmt: skip
    """Make `parsed` the next version of the draft; a version that is not frozen yet is replaced.

    `source` is the file exactly as it arrived; `edits` are the corrections that `parsed` holds beyond it.
    """
    if not parsed.units:
        raise Invalid("There are no words in this text. Choose the file that holds the draft.", field="file")
    draft = _draft_of(consultation, parsed.title)
    latest = _latest(draft)
    version = latest if latest is not None and latest.frozen_at is None else _next_version(draft, latest)
    version.name, version.change_note = name, change_note
    version.source_name, version.source_format, version.source = source_name, parsed.format, source
    version.sha256 = hashlib.sha256(source).hexdigest()
    version.warnings, version.edits = json.dumps(list(parsed.warnings)), edits
    version.created_at = clock.now()
    if latest is None or version.supersedes_id is None:
        draft.title = parsed.title
    session().flush()
    for model in (ClausePair, Clause, ReadingPage, Picture):
        session().execute(delete(model).where(model.version_id == version.id))
    _write_units(version, parsed.units, f"/c/{quote(consultation.slug)}/v{version.number}/")
    session().add_all(
        Picture(version_id=version.id, name=name, media_type=picture.media_type, data=picture.data)
        for name, picture in parsed.pictures.items()
    )
    session().flush()
    emit(DraftImported(version.id))
    return version


def _draft_of(consultation: Consultation, title: str) -> Draft:
    draft = session().scalars(select(Draft).where(Draft.consultation_id == consultation.id)).first()
    if draft is None:
        draft = Draft(consultation=consultation, title=title)
        session().add(draft)
        session().flush()
    draft.consultation = consultation
    return draft


def _latest(draft: Draft) -> DraftVersion | None:
    latest = session().scalars(
        select(DraftVersion).where(DraftVersion.draft_id == draft.id).order_by(DraftVersion.number.desc()).limit(1)
    ).first()  # fmt: skip
    if latest is not None:
        latest.draft = draft
    return latest


def _next_version(draft: Draft, latest: DraftVersion | None) -> DraftVersion:
    version = DraftVersion(
        draft=draft, number=1 if latest is None else latest.number + 1, supersedes_id=latest.id if latest else None
    )
    session().add(version)
    return version


def _write_units(version: DraftVersion, units: Sequence[Unit], address: str) -> None:
    """Insert pages and clauses, parents before what is below them."""
    earlier = _earlier(version)
    found = align([*blocks_of(earlier)], [block_of(unit) for unit in units], use_ids=True)
    own = [own_lineage(version, unit.key) for unit in units]
    lineage_ids = lineages(found, own, [clause.lineage_id for clause in earlier])
    lines = first_lines(units)
    version.lines_tool = TOOL
    stretches = spread(units)
    page_ids = session().scalars(
        insert(ReadingPage).returning(ReadingPage.id, sort_by_parameter_order=True),
        [
            {"version_id": version.id, "key": s.key, "rank": rank, "label": s.label, "title": s.title, "crumbs": s.crumbs}
            for rank, s in enumerate(stretches)
        ],
    ).all()  # fmt: skip
    page_of = [page_id for page_id, s in zip(page_ids, stretches, strict=True) for _ in range(s.start, s.end)]
    levels: dict[int, list[int]] = defaultdict(list)
    for place, unit in enumerate(units):
        levels[unit.depth].append(place)
    ids: dict[int | None, int | None] = {None: None}
    for depth in sorted(levels):
        rows = [
            _row(units[place], place, address)
            | {
                "version_id": version.id, "page_id": page_of[place], "parent_id": ids[units[place].parent],
                "lineage_id": lineage_ids[place], "line": lines[place],
            }
            for place in levels[depth]
        ]  # fmt: skip
        statement = insert(Clause).returning(Clause.id, sort_by_parameter_order=True)
        ids.update(zip(levels[depth], session().scalars(statement, rows), strict=True))
    session().add_all(
        ClausePair(
            version_id=version.id, old_id=earlier[o].id, new_id=ids[n], kind=KINDS.get(row.fate, "pair"),
            similarity=int(100 * (row.similarity or likeness(earlier[o].text, units[n].text))),
        )
        for row in found.rows if not row.is_sure for o in row.old for n in row.new
    )  # fmt: skip


def _row(unit: Unit, place: int, address: str) -> dict[str, Any]:
    return {
        "key": unit.key, "kind": unit.kind, "label": unit.label, "own_label": unit.own_label, "title": unit.title,
        "text": unit.text, "html": _with_addresses(unit.html, address), "rank": place, "depth": unit.depth,
        "is_heading": unit.is_heading,
    }  # fmt: skip


def _with_addresses(text: str, address: str) -> str:
    """Links to `#key` become links to that clause's page, pictures get the addresses they are served at."""
    if 'src="picture:' in text:
        text = PICTURE.sub(rf'src="{address}pictures/\1"', text)
    if 'href="#' not in text:
        return text
    return INNER_LINK.sub(lambda m: f'<a href="{address}clauses/{quote(html.unescape(m[1]))}"{m[2]}>{m[3]}</a>', text)


def _earlier(version: DraftVersion) -> Sequence[Clause]:
    """The clauses of the version before."""
    return session().scalars(
        select(Clause)
        .options(defer(Clause.html))
        .where(Clause.version_id == version.supersedes_id)
        .order_by(Clause.rank)
    ).all()  # fmt: skip


@operation(rule=rules.may_freeze, on="version")
def freeze_version(*, actor: Actor, version: DraftVersion, key: str | None = None) -> DraftVersion:
    """Make a version public for good; needs `version.draft.consultation` loaded. Freezing twice changes nothing.

    If the newest round has no version yet, it is about this one.
    """
    if version.round_id is None:
        version.round = _free_round(version.draft.consultation_id)
    if version.frozen_at is None:
        version.frozen_at = clock.now()
        session().flush()
        emit(VersionFrozen(version.id))
    return version


def _free_round(consultation_id: int) -> Round | None:
    """The latest round, if no version belongs to it yet."""
    latest = session().scalars(
        select(Round).where(Round.consultation_id == consultation_id).order_by(Round.number.desc()).limit(1)
    ).first()  # fmt: skip
    if latest is None or session().scalar(select(DraftVersion.id).where(DraftVersion.round_id == latest.id)):
        return None
    return latest


@operation(rule=rules.may_import, on="consultation")
def stage_draft(
    *, actor: Actor, consultation: Consultation, parsed: ParsedDraft, source_name: str, source: bytes,
    key: str | None = None,
) -> StagedDraft:  # fmt: skip
    """Put a file and what was found in it aside to look at before it becomes the draft; takes the place of the one this person put there."""
    assert actor.person_id is not None, "a rule lets only people through"
    mine = (StagedDraft.consultation_id == consultation.id) & (StagedDraft.person_id == actor.person_id)
    session().execute(delete(StagedDraft).where(mine))
    staged = StagedDraft(
        consultation_id=consultation.id, person_id=actor.person_id, source_name=source_name, source=source,
        parsed=to_json(parsed), sha256=hashlib.sha256(source).hexdigest(), preview=preview.of(parsed).to_json(),
    )  # fmt: skip
    session().add(staged)
    session().flush()
    return staged


@operation(rule=rules.may_keep, on=("staged", "consultation"))
def keep_draft(
    *, actor: Actor, staged: StagedDraft, consultation: Consultation, sha256: str, name: str = "",
    change_note: str = "", key: str | None = None,
) -> DraftVersion:  # fmt: skip
    """Make what one has looked at the draft. `sha256` is of the file that was on the page."""
    if sha256 != staged.sha256:
        raise Conflict("You uploaded another text meanwhile, perhaps in a second window. Look at this one first.")
    parsed = reshaping.settled(from_json(staged.parsed), reshaping.from_json(staged.edits))
    version = import_version(
        actor=actor, consultation=consultation, parsed=parsed, source_name=staged.source_name, source=staged.source,
        name=name, change_note=change_note, edits=staged.edits,
    )  # fmt: skip
    session().execute(delete(StagedDraft).where(StagedDraft.id == staged.id))
    return version


@operation(rule=rules.may_keep, on=("staged", "consultation"))
def correct_structure(
    *, actor: Actor, staged: StagedDraft, consultation: Consultation, seen: str, edit: reshaping.Edit,
    key: str | None = None,
) -> StagedDraft:  # fmt: skip
    """Correct what was found in the text one looks at. `seen` is the `StagedDraft.mark` of the page one did it on."""
    _check_seen(staged, seen)
    return _correct(staged, [*reshaping.from_json(staged.edits), edit])


@operation(rule=rules.may_keep, on=("staged", "consultation"))
def undo_corrections(
    *, actor: Actor, staged: StagedDraft, consultation: Consultation, seen: str, is_all: bool = False,
    key: str | None = None,
) -> StagedDraft:  # fmt: skip
    """Take the last correction back, or all of them."""
    _check_seen(staged, seen)
    return _correct(staged, [] if is_all else reshaping.from_json(staged.edits)[:-1])


def _check_seen(staged: StagedDraft, seen: str) -> None:
    if seen != staged.mark:
        raise Conflict(
            "The text was corrected meanwhile, perhaps by you in a second window. This page shows it as it is now:"
            " look at it, then correct it again."
        )


def _correct(staged: StagedDraft, edits: list[reshaping.Edit]) -> StagedDraft:
    corrected = reshaping.replay(from_json(staged.parsed), edits)
    staged.edits = reshaping.to_json(edits)
    staged.preview = preview.of(corrected.draft).to_json()
    return staged


@operation(rule=rules.may_keep, on=("staged", "consultation"))
def discard_draft(*, actor: Actor, staged: StagedDraft, consultation: Consultation) -> None:
    """Put the text one has looked at away; the draft stays as it was."""
    session().execute(delete(StagedDraft).where(StagedDraft.id == staged.id))
