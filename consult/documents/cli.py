"""`consult draft …`: drafts from the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from rich.console import Console

from consult.consultations import operations as consultations
from consult.consultations import queries
from consult.consultations.models import Consultation
from consult.core.errors import DomainError, Missing
from consult.core.rules import SYSTEM

from . import importers, operations, preview, reading
from . import queries as documents
from .models import DraftVersion

console = Console(stderr=True)


@click.group()
def draft() -> None:
    """Bring in the texts people comment on."""


def _address(_context: click.Context, _option: click.Parameter, value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        raise click.BadParameter("use small letters, digits and hyphens, such as ai-act-2026.")
    return value


@draft.command("import")
@click.option(
    "--consultation",
    "slug",
    required=True,
    metavar="SLUG",
    callback=_address,
    help="Its address, as in /c/SLUG. If there is none, one is begun as a draft; only administrators see it.",
)
@click.option("--name", default="", help="What the body calls this version, such as “Committee draft 1”.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for machines.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def import_draft(slug: str, name: str, as_json: bool, file: Path) -> None:
    """Make FILE the draft of a consultation.

    FILE is a Word (.docx) or OpenDocument (.odt) document of at most 15 MB; or Markdown, plain text, or the plain
    text of an EU act from EUR-Lex, in UTF-8, of at most 5 MB. What is in the file decides, not its name;
    docs/data-formats.md says how it is read. Look at the remarks that are printed.

    While the consultation is a draft, the text takes the place of the one before. Once comments are closed, it
    becomes the next version, which an organiser then makes public. In between, nothing can be changed.

    \b
    Example:
      consult draft import --consultation model-cards --name "Committee draft 1" cards.md
    """
    try:
        with console.status(f"Reading {file.name}"):
            taken = importers.take(data=file.read_bytes(), name=file.name)
        with console.status("Writing it to the database"):
            consultation, is_new = _consultation(slug, taken.parsed.title)
            version = operations.import_version(
                actor=SYSTEM, consultation=consultation, parsed=taken.parsed, source_name=file.name,
                source=taken.source, name=name,
            )  # fmt: skip
    except DomainError as error:
        raise click.ClickException(error.sentence) from None
    found = preview.of(taken.parsed)
    if as_json:
        click.echo(json.dumps(_report(consultation, version, taken.parsed.counts, found, is_new), ensure_ascii=False))
        return
    click.echo(f"{taken.parsed.title}: {found.counts}, on {found.pages:,} page{'' if found.pages == 1 else 's'}.")
    for sentence in found.warnings:
        click.echo(f"  Look at this: {sentence}")
    begun = " (begun now, as a draft)" if is_new else ""
    click.echo(f"Version {version.number} of /c/{consultation.slug}{begun}, SHA-256 {version.sha256}.")


@draft.command("export")
@click.option(
    "--consultation", "slug", required=True, metavar="SLUG", callback=_address, help="Its address, as in /c/SLUG."
)
@click.option(
    "--version", "number", type=int, metavar="N", help="Which version; without it, the one put to comment last."
)
@with_appcontext
def export_draft(slug: str, number: int | None) -> None:
    """Print a version of a draft as Markdown.

    Reading what is printed with `consult draft import` gives the same clauses: same numbers, same addresses, same
    words, same pictures. docs/data-formats.md says what stands in braces, and which pictures stay behind.

    \b
    Example:
      consult draft export --consultation model-cards --version 2 > cards.md
    """
    try:
        consultation = queries.find(viewer=SYSTEM, slug=slug)
        version = documents.version(viewer=SYSTEM, consultation_id=consultation.id, number=number)
    except DomainError as error:
        raise click.ClickException(error.sentence) from None
    click.echo(reading.markdown(viewer=SYSTEM, version=version), nl=False)


def _consultation(slug: str, title: str) -> tuple[Consultation, bool]:
    """The consultation at this address, begun if there is none; and whether it was."""
    try:
        return queries.find(viewer=SYSTEM, slug=slug), False
    except Missing:
        return consultations.begin_consultation(actor=SYSTEM, title=title, slug=slug), True


def _report(
    consultation: Consultation, version: DraftVersion, counts: dict[str, int], found: preview.Preview, is_new: bool
) -> dict[str, Any]:
    return {
        "consultation": consultation.slug, "begun": is_new, "version": version.number, "sha256": version.sha256,
        "title": found.title, "format": found.format, "units": found.units, "counts": counts, "pages": found.pages,
        "warnings": list(found.warnings),
    }  # fmt: skip
