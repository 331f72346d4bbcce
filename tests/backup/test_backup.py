"""What was backed up is there again after a restore, row by row, whatever was written meanwhile, on either database."""

from __future__ import annotations

import itertools
import json
import stat
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from consult.backup import archive, restoring, rows
from consult.backup.archive import Damaged
from consult.backup.cli import backup, restore
from consult.backup.rows import PASSING
from consult.consultations.models import StoredFile
from consult.core.db import Base, db, write_transaction
from consult.core.store import files
from consult.debate.models import Anchor, Comment
from consult.documents.models import DraftVersion
from consult.search.rebuilding import rebuild
from tests.conftest import IS_POSTGRESQL
from tests.make import Make
from tests.privacy.whole import Whole
from tests.visitor import Visitor

from .conftest import Site, sites

HERE = "postgresql" if IS_POSTGRESQL else "sqlite"
WAYS = [("postgresql", "postgresql"), ("postgresql", "sqlite"), ("sqlite", "postgresql")] if IS_POSTGRESQL else [("sqlite", "sqlite")]  # fmt: skip
WRITERS = 4


def run(app: Flask, command: Any, *words: object) -> Result:
    """A command in an installation, which may refuse but not crash."""
    done: Result = app.test_cli_runner().invoke(command, [str(word) for word in words])
    assert isinstance(done.exception, SystemExit | None), done.output
    return done


def contents(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that is kept."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(table.c.id))]
            for table in Base.metadata.sorted_tables
            if table.name not in PASSING
        }


def furnished(app: Flask) -> Make:
    """Rows nearly everywhere, and a file."""
    make = Make(app)
    Whole(app, make)
    return make


@pytest.mark.parametrize(("before", "after"), WAYS)
def test_everything_is_there_again_row_by_row_and_works(site: Site, tmp_path: Path, before: str, after: str) -> None:
    old, new, file = site("old", before), site("new", after, is_bare=True), tmp_path / "backup.zip"
    _with_a_penguin(furnished(old))
    told = json.loads(run(old, backup, file, "--json").stdout)
    assert run(new, restore, file, "--sha256", told["sha256"]).exit_code == 0
    had, has = contents(old), contents(new)
    assert sum(bool(had[name]) for name in had) > 60, "there is something to lose in most tables"
    assert [name for name in had if had[name] != has[name]] == []
    with old.app_context():
        sent = {sha: files().open(sha).read() for sha in db.session.scalars(select(StoredFile.sha256))}
    with new.app_context():
        assert sent == {sha: files().open(sha).read() for sha in sent}
    assert sent
    assert "penguin" in Visitor(old).open("/search?q=penguins").text
    assert "penguin" in Visitor(new).open("/search?q=penguins").text
    assert _later(new).person().id > len(has["person"]), "numbers go on where they were"
    with new.app_context(), pytest.raises(DatabaseError, match="never changes"), write_transaction() as session:
        session.execute(update(DraftVersion).values(source_name="changed afterwards"))


def _later(app: Flask) -> Make:
    """Builders for where others built before."""
    make = Make(app)
    make.numbers = itertools.count(10_000)
    return make


def _with_a_penguin(make: Make) -> None:
    row = make.consultation("open", slug="kept")
    words = "A penguin said so."
    make.comment(row, make.clauses(make.version(row))[1], body=words, html=f"<p>{words}</p>")
    with make.app.app_context():
        rebuild(row)


def test_a_backup_is_of_one_moment_while_others_write(old_site: Flask, site: Site, tmp_path: Path) -> None:
    old, new = old_site, site("new", HERE, is_bare=True)
    make = _later(old)
    row = make.consultation("open", slug="busy")
    clause = make.clauses(make.version(row))[1]
    stop, written = threading.Event(), [0] * WRITERS

    def write(writer: int) -> None:
        while not stop.is_set():
            make.comment(row, clause, number=f"W{writer}-{written[writer]:05d}")
            written[writer] += 1

    threads = [threading.Thread(target=write, args=(n,)) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    while min(written) < 2 and all(thread.is_alive() for thread in threads):
        stop.wait(0.01)
    before = sum(written)
    done = [run(old, backup, tmp_path / f"{n}.zip") for n in range(3)]
    after = sum(written)
    stop.set()
    for thread in threads:
        thread.join()
    assert [one.exit_code for one in done] == [0, 0, 0]
    assert after - before > 3, "they wrote on while it was made"
    assert run(new, restore, tmp_path / "1.zip").exit_code == 0
    with new.app_context():
        numbers = list(db.session.scalars(select(Comment.number).where(Comment.number.like("W%"))))
        bare = db.session.scalars(select(Comment.id).where(~Comment.id.in_(select(Anchor.comment_id)))).all()
    per_writer = [sorted(int(n[3:]) for n in numbers if n.startswith(f"W{writer}")) for writer in range(WRITERS)]
    assert all(of_one == list(range(len(of_one))) for of_one in per_writer), "all up to a moment, none after it"
    assert before <= len(numbers) <= after + WRITERS
    assert not bare, "no transaction was cut in two"
    had, has = contents(old), contents(new)
    assert not set(has["anchor"]) - set(had["anchor"])


@pytest.fixture(scope="module")
def old_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An installation with rows nearly everywhere, and a file."""
    with sites(tmp_path_factory.mktemp("old")) as build:
        app = build("furnished", HERE)
        furnished(app)
        yield app


@pytest.fixture(scope="module")
def made_once(old_site: Flask, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = tmp_path_factory.mktemp("once") / "whole.zip"
    assert run(old_site, backup, file).exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    return file.read_bytes()


@pytest.fixture
def whole_file(made_once: bytes, tmp_path: Path) -> Path:
    """A backup, to be spoilt."""
    file = tmp_path / "whole.zip"
    file.write_bytes(made_once)
    return file


def test_a_file_that_was_changed_or_cut_is_refused(whole_file: Path, tmp_path: Path) -> None:
    whole, chance, broken = whole_file.read_bytes(), Random(7), tmp_path / "broken.zip"
    spoilt = [whole[:n] for n in (0, 1, 100, len(whole) // 2, len(whole) - 1)]
    spoilt += [whole + b"\n", b"a letter", whole[100:], whole[:500] + whole[501:]]
    for place in chance.sample(range(len(whole)), 300):
        spoilt.append(whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :])
    for data in spoilt:
        broken.write_bytes(data)
        with pytest.raises(Damaged), archive.opened(broken):
            pass
    with archive.opened(whole_file) as good:
        assert good.manifest.rows["person"] > 0


def test_a_restore_touches_nothing_when_the_file_is_not_whole(site: Site, whole_file: Path) -> None:
    new = site("new", HERE, is_bare=True)
    whole_file.write_bytes(whole_file.read_bytes()[:-1])
    for done in (run(new, restore, whole_file), run(new, backup, "--check", whole_file)):
        assert done.exit_code == 1
        assert "the sum at its end is missing" in done.stderr
    with new.app_context():
        assert rows.filled() == []
        assert not list(files().folder.glob("*"))


def _rewritten(file: Path, **changes: Any) -> None:
    """The same backup with another manifest, and a sum that fits."""
    with zipfile.ZipFile(file) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    told = json.loads(parts.pop(archive.MANIFEST)) | changes
    file.unlink()
    with file.open("w+b") as into:
        packing = archive.Packing(into, archive.Manifest(**told))
        for name, data in parts.items():
            packing._zip.writestr(name, data)
        packing.close()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"revision": "0007", "version": "9.9"}, "Restore it with Consult 9.9"),
        ({"columns": {"person": ["id"]}}, "have other columns"),
        ({"format": 2}, "reads format 1"),
        ({"sums": {}}, "not those its manifest names"),
        ({"sums": {"tables/person.jsonl": "0" * 64}}, "not those its manifest names"),
        ({"key_mark": "another"}, "another secret key"),
    ],
)
def test_another_backup_than_this_installation_takes_is_explained(
    site: Site, whole_file: Path, changes: dict[str, Any], sentence: str
) -> None:
    new = site("new", HERE, is_bare=True)
    _rewritten(whole_file, **changes)
    done = run(new, restore, whole_file)
    assert done.exit_code == 1
    assert sentence in done.stderr
    with new.app_context():
        assert rows.filled() == []


def test_a_lost_key_is_no_lost_backup(site: Site, whole_file: Path) -> None:
    new = site("new", HERE, is_bare=True, key="another key of thirty-two letters or more")
    assert run(new, restore, whole_file).exit_code == 1
    with new.app_context(), archive.opened(whole_file) as found:
        restoring.check(found, new_key=True)


def test_only_an_empty_installation_is_restored_into(old_site: Flask, whole_file: Path) -> None:
    before = contents(old_site)
    done = run(old_site, restore, whole_file)
    assert done.exit_code == 1
    assert "not empty: it has rows in" in done.stderr
    assert contents(old_site) == before


def test_an_installation_with_files_is_not_empty(site: Site, whole_file: Path) -> None:
    new = site("new", HERE, is_bare=True)
    with new.app_context():
        files().put(b"%PDF-1.4\n%%EOF\n", "scan.pdf")
    done = run(new, restore, whole_file)
    assert "1 files that are not in the backup" in done.stderr
    with new.app_context():
        assert rows.filled() == []


def test_a_backup_is_written_over_nothing(old_site: Flask, whole_file: Path, tmp_path: Path) -> None:
    before = whole_file.read_bytes()
    done = run(old_site, backup, whole_file)
    assert done.exit_code == 1
    assert "is there already" in done.stderr
    assert whole_file.read_bytes() == before
    assert "There is no folder" in run(old_site, backup, tmp_path / "nowhere" / "x.zip").stderr
    assert not list(tmp_path.glob(".*.part"))


def test_no_secret_key_is_in_a_backup(whole_file: Path) -> None:
    with zipfile.ZipFile(whole_file) as parts:
        assert not [name for name in parts.namelist() if b"thirty-two letters" in parts.read(name)]


def test_in_a_folder_the_newest_stay(old_site: Flask, tmp_path: Path) -> None:
    for hour in range(3):
        (tmp_path / f"consult-20250101T0{hour}0000Z.zip").touch()
    (tmp_path / "letter.zip").touch()
    assert run(old_site, backup, tmp_path, "--keep", 2).exit_code == 0
    left = sorted(path.name for path in tmp_path.iterdir())
    assert len(left) == 3
    assert left[0] == "consult-20250101T020000Z.zip"
    assert left[2] == "letter.zip"


def test_a_file_in_the_store_that_changed_is_found(old_site: Flask, tmp_path: Path) -> None:
    with old_site.app_context():
        sha256 = db.session.scalars(select(StoredFile.sha256)).first() or ""
        path = files().folder / sha256[:2] / sha256
    path.write_bytes(path.read_bytes() + b"!")
    done = run(old_site, backup, tmp_path / "x.zip")
    assert done.exit_code == 1
    assert sha256 in done.stderr
    assert not list(tmp_path.glob("*x.zip*"))
    path.unlink()
    assert json.loads(run(old_site, backup, tmp_path / "x.zip", "--json").stdout)["missing"] == [sha256]
