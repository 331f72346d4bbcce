"""Files are read in a process of its own: whatever they do there, here they are a draft or a sentence."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from consult.core.errors import Invalid
from consult.core.paths import PACKAGE
from consult.documents.importers import read, take, taking
from consult.documents.importers.protocol import OUT_OF_MEMORY
from consult.documents.importers.taking import CRASHED, SENTENCES

from .office import docx, docx_parts, drawing, p, packed, picture, relations

ROOT = PACKAGE.parent
DATA = Path(__file__).parent.parent / "data"
WORD = DATA / "draft-openchain-18974" / "v1.0.en.docx"
TEXTS = [
    (PACKAGE / "demo" / "data" / "eu-ai-act" / "ai_act_full.md").read_text("utf-8"),
    (PACKAGE / "demo" / "data" / "csaf-2.1" / "csaf-v2.1-csd02.md").read_text("utf-8"),
    (DATA / "draft-openchain-18974" / "v1.0.en.md").read_text("utf-8"),
    "\n\n".join(e["markdown"] for e in json.loads((DATA / "commonmark-spec" / "spec.json").read_text("utf-8"))),
    "# x\n\n" + "\n\n".join(s.replace("\0", "") for s in json.loads((DATA / "strings-naughty" / "blns.json").read_text("utf-8"))),
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS, ids=["AI Act", "CSAF", "OpenChain", "CommonMark", "naughty"])
def test_what_is_read_outside_is_what_is_read_inside(text: str) -> None:
    """Also that nothing is imported late: the child can open no file after it has begun."""
    data = text.encode("utf-8", "replace")
    assert take(data=data).parsed == read(data.decode())


def test_a_word_file_comes_back_with_its_bytes() -> None:
    data = WORD.read_bytes()
    taken = take(data=data, name="v1.0.en.docx")
    assert taken.source == data
    assert (taken.parsed.format, len(taken.parsed.units)) == ("docx", 159)


def test_every_sort_of_picture_is_read_without_opening_anything() -> None:
    formats = ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"]
    data = docx(
        p("1 Scope", "berschrift1") + "".join(p(drawing(f"rIdP{n}", each)) for n, each in enumerate(formats)),
        rows=tuple((f"rIdP{n}", "image", f"media/{each}") for n, each in enumerate(formats)),
        more={f"word/media/{each}": picture((20 + n, 20), each) for n, each in enumerate(formats)},
    )
    draft = take(data=data).parsed
    assert len(draft.pictures) == len(formats)
    assert draft.warnings == []


@pytest.fixture
def listener() -> Iterator[tuple[int, list[object]]]:
    """A server on this machine that notes who knocks."""
    knocks: list[object] = []
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.1)
    ended = threading.Event()

    def listen() -> None:
        while not ended.is_set():
            try:
                connection, who = server.accept()
            except TimeoutError:
                continue
            knocks.append(who)
            connection.close()

    thread = threading.Thread(target=listen)
    thread.start()
    yield server.getsockname()[1], knocks
    ended.set()
    thread.join()
    server.close()


def test_nothing_is_ever_fetched(listener: tuple[int, list[object]]) -> None:
    port, knocks = listener
    out = f"http://127.0.0.1:{port}/"
    body = p("1 Scope", "berschrift1") + p(drawing("rId5", "Far", "link")) + p("Words.")
    body += '<w:p><w:hyperlink r:id="rId6"><w:r><w:t>link</w:t></w:r></w:hyperlink></w:p>'
    field = f'<w:p><w:fldSimple w:instr="INCLUDEPICTURE {out}a.png"><w:r><w:t>field</w:t></w:r></w:fldSimple></w:p>'
    parts = docx_parts(
        body + field, rows=(("rId5", "image", f"{out}a.png"), ("rId6", "hyperlink", out)), external=("rId5", "rId6")
    )
    documents = [
        packed(parts),
        packed(parts | {"word/document.xml": f'<!DOCTYPE a SYSTEM "{out}a.dtd"><a/>'}),
        packed(parts | {"word/_rels/a.rels": relations(("r1", "attachedTemplate", f"{out}t.dotm"), external=("r1",))}),
        f'# Words\n\n![far]({out}a.png)\n\n<img src="{out}b.png"><link rel="stylesheet" href="{out}c.css">'.encode(),
    ]
    for data in documents:
        try:
            take(data=data)
        except Invalid:
            continue
    with socket.create_connection(("127.0.0.1", port)):
        pass  # the listener works
    for _ in range(50):
        if knocks:
            break
        threading.Event().wait(0.1)
    assert len(knocks) == 1


CONFINED = "import sys; sys.path.insert(0, sys.argv[1]); from consult.documents.importers import child; assert child.confine(); "


def confined(code: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    """Run a line of Python as confined as a parser is."""
    return subprocess.run(
        [sys.executable, "-I", "-B", "-c", CONFINED + code, str(ROOT)], capture_output=True, timeout=60, **options
    )  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("import socket as s; s.socket()", b"Too many open files"), ("open('/etc/passwd')", b"Too many open files"),
        ("import os; os.open('/tmp', os.O_RDONLY)", b"Too many open files"),
        ("import os; os.pipe()", b"Too many open files"), ("bytearray(600 * 1024 * 1024)", b"MemoryError"),
    ],
)  # fmt: skip
def test_a_parser_can_open_and_take_nothing(code: str, error: bytes) -> None:
    done = confined(code)
    assert done.returncode == 1
    assert error in done.stderr


def test_a_parser_that_goes_on_for_ever_is_ended() -> None:
    assert confined("child.resource.setrlimit(child.resource.RLIMIT_CPU, (1, 2))\nwhile True: pass").returncode == 82


def test_the_child_starts_with_neither_settings_nor_the_web(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSULT_SECRET_KEY", "secret")
    assert "CONSULT_SECRET_KEY" not in taking._surroundings()
    code = "print([m for m in sys.modules if m.split('.')[0] in ('flask', 'sqlalchemy', 'werkzeug', 'socket')])"
    assert confined(code).stdout.strip() == b"[]"


def greedy() -> bytes:
    """Within all limits of the guard, yet a tree of more than the memory a child has."""
    paragraph = "".join(f"<w:p a{n % 7}='{n}'><w:r><w:t>{n}</w:t></w:r></w:p>" for n in range(700_000))
    return docx(paragraph)


def test_a_file_that_eats_memory_is_a_sentence() -> None:
    with pytest.raises(Invalid) as caught:
        take(data=greedy())
    assert caught.value.sentence == SENTENCES[OUT_OF_MEMORY]


def test_a_child_that_dies_is_a_sentence_and_a_line_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(taking, "START", "import os; os.write(2, b'it broke'); os.kill(os.getpid(), 11)")
    with pytest.raises(Invalid) as caught:
        take(data=b"# Words", field="text")
    assert (caught.value.sentence, caught.value.field) == (CRASHED, "text")
    assert "it broke" in caplog.text


@pytest.mark.parametrize("answer", ["", "draft", "draft\\n{}", "draft\\nnot JSON", "nonsense\\n"])
def test_an_answer_that_is_none_is_a_sentence(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    monkeypatch.setattr(taking, "START", f"print('{answer}', end='')")
    with pytest.raises(Invalid, match="could not be read to its end"):
        take(data=b"# Words")


def test_one_that_hangs_without_working_is_ended_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "LONGEST", 1)
    monkeypatch.setattr(taking, "START", "import time; time.sleep(60)")
    with pytest.raises(Invalid, match="took too long"):
        take(data=b"# Words")


def test_many_at_once_wait_for_each_other() -> None:
    found: list[object] = []

    def one(number: int) -> None:
        found.append(take(data=f"# {number} Clause\n\nWords.".encode()).parsed.units[0].label)

    threads = [threading.Thread(target=one, args=(n,)) for n in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert taking._places.acquire(blocking=False)  # and their places are free again
    taking._places.release()
