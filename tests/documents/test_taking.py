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
from consult.documents.importers import read, take, take_letter, taking
from consult.documents.importers.protocol import OUT_OF_MEMORY, REACHED_OUT
from consult.documents.importers.taking import CRASHED, SENTENCES

from . import reaching
from .office import docx, docx_parts, drawing, frame, h, odt, p, packed, picture, relations, tp
from .papers import pdf

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


def linked_word(out: str) -> Iterator[bytes]:
    """Word files that name what is at `out`: pictures, links, fields, a template, an external document type."""
    body = p("1 Scope", "berschrift1") + p(drawing("rId5", "Far", "link")) + p("Words.")
    body += '<w:p><w:hyperlink r:id="rId6"><w:r><w:t>link</w:t></w:r></w:hyperlink></w:p>'
    field = f'<w:p><w:fldSimple w:instr="INCLUDEPICTURE {out}a.png"><w:r><w:t>field</w:t></w:r></w:fldSimple></w:p>'
    parts = docx_parts(
        body + field, rows=(("rId5", "image", f"{out}a.png"), ("rId6", "hyperlink", out)), external=("rId5", "rId6")
    )
    yield packed(parts)
    yield packed(parts | {"word/document.xml": f'<!DOCTYPE a SYSTEM "{out}a.dtd"><a/>'})
    for kind in ("attachedTemplate", "oleObject", "frame", "subDocument"):
        yield packed(parts | {"word/_rels/a.rels": relations(("r1", kind, f"{out}t.dotm"), external=("r1",))})


def linked_elsewhere(out: str) -> Iterator[bytes]:
    """OpenDocument texts, web pages, XML and Markdown that do the same."""
    entity = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{out}x.xml"><!ENTITY % y SYSTEM "{out}y.dtd"> %y;]>'
    yield odt(h("1 Scope") + tp(frame(f"{out}a.png", "Far")) + tp(f'<text:a xlink:href="{out}">link</text:a>'))
    yield odt(
        h("1 Scope"),
        styles=f'<style:style style:name="x"><style:background-image xlink:href="{out}b.png"/></style:style>',
    )
    yield odt(h("1 Scope") + f'<text:section><text:section-source xlink:href="{out}s.odt"/></text:section>')
    yield odt(h("1 Scope"), more={"content.xml": f"{entity}<a>&x;</a>"})
    yield (
        f'<!DOCTYPE html SYSTEM "{out}a.dtd"><html><head><base href="{out}"><link rel="stylesheet" href="{out}c.css">'
        f'<style>@import "{out}d.css";</style><script src="{out}e.js"></script></head><body><h1>1 Scope</h1>'
        f'<p>Words <img src="{out}b.png" srcset="{out}b2.png 2x"><iframe src="{out}f.html"></iframe>'
        f'<object data="{out}g.svg"></object></body></html>'
    ).encode()
    for root in ("standard", "akomaNtoso"):
        yield f'<?xml version="1.0"?><?xml-stylesheet href="{out}s.xsl"?>{entity}<{root}><p>Words &x;</p></{root}>'.encode()
        yield (
            f'<{root} xmlns:xi="http://www.w3.org/2001/XInclude" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
            f' xsi:schemaLocation="a {out}a.xsd"><sec><p>Words</p><xi:include href="{out}i.xml"/></sec></{root}>'
        ).encode()
    yield f'# Words\n\n![far]({out}a.png)\n\n<img src="{out}b.png"><link rel="stylesheet" href="{out}c.css">'.encode()


def linked_letters(out: str) -> Iterator[bytes]:
    """Letters, which may also be PDFs: an action when it is opened, a file elsewhere, a form that is sent."""
    yield next(linked_word(out))
    yield odt(tp("Dear all") + tp(frame(f"{out}a.png")))
    for action in (
        f"/S/URI/URI({out})",
        f"/S/GoToR/F<</FS/URL/F({out}a.pdf)>>/D[0/Fit]",
        f"/S/SubmitForm/F<</FS/URL/F({out})>>",
    ):
        yield pdf([(800, "Dear all,")], catalog=f"/OpenAction<<{action}>>")


def test_nothing_is_ever_fetched(listener: tuple[int, list[object]], caplog: pytest.LogCaptureFixture) -> None:
    """Nor is it tried: a reader that tries is ended, which the log says."""
    port, knocks = listener
    out, refused = f"http://127.0.0.1:{port}/", list[str]()
    for reads, documents in ((take, linked_word), (take, linked_elsewhere), (take_letter, linked_letters)):
        for data in documents(out):
            try:
                reads(data=data)
            except Invalid as error:
                refused.append(error.sentence)
    assert 0 < len(refused) < 14
    assert not {SENTENCES[REACHED_OUT], CRASHED} & set(refused)
    assert caplog.text == ""
    with socket.create_connection(("127.0.0.1", port)):
        pass  # the listener works
    for _ in range(50):
        if knocks:
            break
        threading.Event().wait(0.1)
    assert len(knocks) == 1


@pytest.mark.parametrize("way", reaching.TRIES)
def test_a_reader_that_reaches_out_is_ended(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, listener: tuple[int, list[object]], way: str
) -> None:
    """Before the system is asked, and whatever its library would make of an error."""
    port, knocks = listener
    monkeypatch.setattr(taking, "READS_DRAFTS", reaching.__name__)
    with pytest.raises(Invalid) as caught:
        take(data=way.encode(), name=str(port))
    assert caught.value.sentence == SENTENCES[REACHED_OUT]
    assert str(REACHED_OUT) in caplog.text
    assert knocks == []


CONFINED = (
    "import ctypes, os, sys; libc = ctypes.CDLL(None, use_errno=True); sys.path.insert(0, sys.argv[1]);"
    " from consult.documents.importers import child; assert child.confine(); "
)


def confined(code: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    """Run a line of Python as confined as a parser is."""
    return subprocess.run(
        [sys.executable, "-I", "-B", "-c", CONFINED + code, str(ROOT)], capture_output=True, timeout=60, **options
    )  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("assert libc.socket(2, 1, 0) > 0, os.strerror(ctypes.get_errno())", b"Too many open files"), ("open('/etc/passwd')", b"Too many open files"),
        ("os.open('/tmp', os.O_RDONLY)", b"Too many open files"),
        ("os.pipe()", b"Too many open files"), ("bytearray(600 * 1024 * 1024)", b"MemoryError"),
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
