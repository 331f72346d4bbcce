"""Files in S3-compatible storage: what one machine keeps another reads; backup, restore, copies and erasure as in a folder.

Runs where `consult[s3]` is installed and there is a server: `moto_server` (PyPI: moto[server]) on the path, or one that is
named by CONSULT_TEST_S3='s3://key:secret@bucket?endpoint=http://host:port', whose bucket is there.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from consult.app import create_app
from consult.backup.cli import backup, restore
from consult.consultations import jobs
from consult.consultations.models import StoredFile
from consult.core import clock
from consult.core.bucket import BucketStore
from consult.core.db import db
from consult.core.errors import Busy, Missing
from consult.core.ids import new_key
from consult.core.jobs import run_due, sweep
from consult.core.limits import limiter
from consult.core.paths import MIGRATIONS
from consult.core.store import files
from consult.privacy import operations
from consult.settings import Settings
from tests.browser.conftest import free_port
from tests.cluster import until
from tests.conftest import IS_POSTGRESQL
from tests.make import HASH, Make
from tests.visitor import Visitor

GIVEN = os.environ.get("CONSULT_TEST_S3", "")
pytestmark = [
    pytest.mark.skipif(IS_POSTGRESQL, reason="where files lie does not depend on the database"),
    pytest.mark.skipif(find_spec("obstore") is None, reason="consult[s3] is not installed"),
    pytest.mark.skipif(not (GIVEN or shutil.which("moto_server")), reason="no S3-compatible server to ask"),
]
PNG, PDF = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20, b"%PDF-1.7\n1 0 obj\n"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a bucket, with `{}` for where in it."""
    if GIVEN:
        bucket, _, question = GIVEN.partition("?")
        yield f"{bucket}/{{}}?{question}"
        return
    port = free_port()
    quiet: dict[str, Any] = dict.fromkeys(("stdout", "stderr"), subprocess.DEVNULL)
    process = subprocess.Popen(["moto_server", "-H", "127.0.0.1", "-p", str(port)], **quiet)
    try:
        until(lambda: not socket.create_connection(("127.0.0.1", port), 1).close(), "moto_server does not start")
        make = urllib.request.Request(f"http://127.0.0.1:{port}/consult", method="PUT")
        urllib.request.urlopen(make).close()  # noqa: S310 (our own address)
        yield f"s3://key:secret@consult/{{}}?endpoint=http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def bucket(server: str) -> Callable[[], str]:
    """Addresses of new, empty places."""
    return lambda: server.format(new_key()[:12])


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Installations, each with a folder of its own."""
    before, apps = dict(vars(limiter)), []

    def made(name: str, files_url: str, database: Path | None = None, *, is_bare: bool = False) -> Flask:
        app = create_app(
            Settings(
                instance=str(tmp_path / name), mode="test", public_url="http://localhost", files_url=files_url,
                database_url=f"sqlite:///{database}" if database else "", secret_key="k" * 40,
            )
        )  # fmt: skip
        apps.append(app)
        if not is_bare:
            with app.app_context():
                upgrade(directory=str(MIGRATIONS))
        return app

    yield made
    for app in apps:
        with app.app_context():
            app.extensions["consult.edition"].close()
            db.session.remove()
            db.engine.dispose()
    vars(limiter).update(before)


def run(app: Flask, command: Any, *words: object) -> Result:
    done: Result = app.test_cli_runner().invoke(command, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done


def test_what_one_machine_keeps_another_reads_and_lets_go(
    tmp_path: Path, bucket: Callable[[], str], machine: Callable[..., Flask]
) -> None:
    url = bucket()
    one, other = machine("one", url, tmp_path / "db"), machine("other", url, tmp_path / "db")
    make = Make(one)
    consultation = make.consultation()
    with one.app_context():
        kept, again, left = files().put(PDF, "scan.pdf"), files().put(PDF, "same.pdf"), files().put(PNG, "b.png")
        assert (kept.sha256, kept.size) == (again.sha256, len(PDF))
    make.row(StoredFile(consultation_id=consultation.id, **kept._asdict()))
    with other.app_context():
        with files().open(kept.sha256) as file:
            assert file.read() == PDF
        assert files().size(kept.sha256) == len(PDF)
        assert set(files().names()) == {kept.sha256, left.sha256}
        jobs.forget_files()
        assert files().size(left.sha256) is not None, "perhaps its row is being written at this moment"
        with clock.shifted(timedelta(hours=2)):
            jobs.forget_files()
        assert set(files().names()) == {kept.sha256}
        files().delete(left.sha256)
        with pytest.raises(Missing):
            files().open(left.sha256)
        with pytest.raises(Missing):
            files().open("../secret_key")
    assert not list((tmp_path / "one").glob("files/**/*")), "nothing lies in the folder"


def test_a_backup_is_restored_into_another_bucket(
    tmp_path: Path, bucket: Callable[[], str], machine: Callable[..., Flask]
) -> None:
    old, new = machine("old", bucket()), machine("new", bucket(), is_bare=True)
    make, large = Make(old), PNG + os.urandom(6_000_000)
    consultation = make.consultation()
    with old.app_context():
        kept = [files().put(PDF, "a.pdf"), files().put(large, "b.png")]
    for one in kept:
        make.row(StoredFile(consultation_id=consultation.id, **one._asdict()))
    run(old, backup, tmp_path / "backup.zip")
    run(new, restore, tmp_path / "backup.zip")
    with new.app_context():
        for one, data in zip(kept, (PDF, large), strict=True):
            with files().open(one.sha256) as file:
                assert file.read() == data
        assert set(db.session.scalars(select(StoredFile.sha256))) == {one.sha256 for one in kept}
        files().put(PNG, "strange.png")
    another = machine("another", new.extensions["consult.settings"].files_url, is_bare=True)
    refused = another.test_cli_runner().invoke(restore, [str(tmp_path / "backup.zip")])
    assert "1 files that are not in the backup" in refused.output


def test_a_copy_made_on_one_machine_is_given_by_another_and_goes(
    tmp_path: Path, bucket: Callable[[], str], machine: Callable[..., Flask]
) -> None:
    url = bucket()
    worker, web = machine("worker", url, tmp_path / "db"), machine("web", url, tmp_path / "db")
    make = Make(worker)
    person, other = make.person(), make.person()
    for one in (person, other):
        with worker.app_context():
            operations.ask_copy(actor=make.actor(one))
            run_due()
    store = web.extensions["consult.store"]
    assert isinstance(store, BucketStore)
    assert len(list(store.copies.names())) == 2
    assert not list((tmp_path / "worker" / "copies").iterdir())
    answer = Visitor(web, person).client.get("/me/data/copy")
    assert answer.data[:2] == b"PK"
    with worker.app_context():
        operations.ask_erasure(actor=make.actor(person), checked_hash=HASH, words_go=False)
    with clock.shifted(timedelta(days=7, minutes=1)), worker.app_context():
        sweep()
    with clock.shifted(timedelta(days=8, hours=2)), worker.app_context():
        sweep()
    assert list(store.copies.names()) == []


def test_storage_that_is_away_is_told_as_busy(machine: Callable[..., Flask]) -> None:
    app = machine("alone", f"s3://key:secret@nowhere?endpoint=http://127.0.0.1:{free_port()}")
    with app.app_context(), pytest.raises(Busy, match="Try again in a few minutes"):
        files().put(PDF, "a.pdf")
