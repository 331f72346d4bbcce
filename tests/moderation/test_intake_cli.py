"""`consult intake import`: mails from files, for the staff to complete; safe to run again."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from consult.debate.models import Comment
from consult.moderation.cli import intake
from consult.moderation.models import IntakeEntry, IntakeFile

from .test_intake import MAIL, PNG
from .world import World


def test_mails_come_in_once_and_are_not_public(world: World, app: Flask, tmp_path: Path) -> None:
    mail, other = tmp_path / "hopper.eml", tmp_path / "photo.eml"
    mail.write_bytes(MAIL)
    other.write_bytes(PNG)
    comments, run = world.make.count(Comment), app.test_cli_runner().invoke
    command = ["import", "--consultation", world.slug, str(mail), str(other)]
    first, again = run(intake, command), run(intake, command)
    assert first.exit_code == again.exit_code == 0, first.output
    assert first.output.splitlines()[0] == "hopper.eml: contribution 1."
    assert "photo.eml: left out. This is no mail." in first.output
    assert "hopper.eml: left out. This mail is here already: it is contribution 1." in again.output
    assert (world.make.count(IntakeEntry), world.make.count(IntakeFile)) == (1, 1)
    assert world.make.count(Comment) == comments


def test_where_nothing_can_be_entered_it_says_why(world: World, app: Flask, tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(MAIL)
    draft = world.make.consultation("draft")
    done = app.test_cli_runner().invoke(intake, ["import", "--consultation", draft.slug, str(tmp_path / "a.eml")])
    assert done.exit_code == 1
    assert "Comments are not open yet" in done.output
