"""The programme of the demo: who plays whom, with which password, and where to look."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from consult.accounts.models import CATEGORIES

from .material import Material
from .script import DemoPerson

ROLES = {"appeals_panel": "appeals panel"}
WIDTH = 150  # columns


def _role(person: DemoPerson) -> str:
    return ROLES.get(person.does, person.does) or f"stakeholder, {CATEGORIES[person.category].lower()}"


def _let_in(material: Material) -> str:
    """Some of those the private consultation is there for: its organiser and whoever speaks in it."""
    speakers = [said.by for said in material.script.said_inside]
    let_in = {
        person.name for person in material.script.people.person if person.key in speakers or person.does == "organiser"
    }
    return ", ".join(sorted(let_in))


def for_machines(material: Material, public_url: str) -> dict[str, Any]:
    """The same as one object."""
    organisations = {o.key: o.name for o in material.script.people.organisation}
    return {
        "loaded": True,
        "consultations": [f"{public_url}/c/{c.slug}" for c in (material.script.csaf, material.script.act, material.script.rules)],
        "private": f"{public_url}/c/{material.script.terms.slug}",
        "people": [
            {
                "name": person.name, "role": _role(person), "category": person.category, "email": person.email,
                "organisation": organisations.get(person.of, ""), "password": material.passwords[person.key],
            }
            for person in material.script.people.person
        ],
    }  # fmt: skip


def show(material: Material, public_url: str, console: Console) -> None:
    """Print them for people: names, roles, addresses, passwords, and where to look."""
    organisations = {o.key: o.name.removesuffix(" (demo)") for o in material.script.people.organisation}
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for name in ("Name", "Role", "Speaks for"):
        table.add_column(name, overflow="fold")
    for name in ("E-mail", "Password"):
        table.add_column(name, no_wrap=True)
    for person in material.script.people.person:
        speaks_for = organisations.get(person.of, "themselves")
        table.add_row(person.name, _role(person), speaks_for, person.email, material.passwords[person.key])
    if not console.is_terminal:  # a file or a pipe: nothing is cut
        console.width = max(console.width, WIDTH)
    console.print("\nThe demo is loaded. These people are invented; their passwords are shown only now:\n")
    console.print(table)
    console.print(
        f"\nStart with [bold]consult serve[/], then look at {public_url}/\n"
        f"  {public_url}/c/{material.script.act.slug}: open; read the draft and comment\n"
        f"  {public_url}/c/{material.script.csaf.slug}: published; see what became of 43 real comments\n"
        f"  {public_url}/standards: the library, with one adopted standard\n"
        f"  {public_url}/c/{material.script.terms.slug}: private; it is there for {_let_in(material)}, not for a stranger\n"
        f"Sign in at {public_url}/sign-in",
        highlight=False, soft_wrap=True,
    )  # fmt: skip
