"""Mails as they really come: character sets, pages, nesting, nonsense. Nothing a mail holds breaks its reader."""

from __future__ import annotations

import time
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.core.errors import Invalid
from consult.moderation import mail_files
from tests.lengths import examples

HEAD = b"From: Grace Hopper <grace@example.org>\nSubject: Hello\nMessage-ID: <1@example.org>\n"


def test_a_plain_mail() -> None:
    mail = mail_files.read(HEAD + b"Date: Mon, 02 Nov 2026 10:00:00 +0100\n\nTwo\nlines.\n")
    assert (mail.sender, mail.address, mail.message_id) == ("Grace Hopper", "grace@example.org", "<1@example.org>")
    assert (mail.text, mail.remarks) == ("Two\nlines.", ())
    assert mail.sent_at is not None
    assert mail.sent_at.isoformat() == "2026-11-02T09:00:00+00:00"
    assert mail.headers.splitlines()[0] == "From: Grace Hopper <grace@example.org>"


def test_words_attachments_and_a_mail_within_come_apart() -> None:
    whole, within = EmailMessage(), EmailMessage()
    within["Subject"], within["From"] = "Earlier", "b@example.org"
    within.set_content("What I wrote before.")
    whole["From"], whole["Subject"] = "Zoë <zoe@example.org>", "Größe ✓"
    whole.set_content("My answer is inside.")
    whole.add_alternative("<p>My <b>answer</b></p>", subtype="html")
    whole.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="خطاب.pdf")
    whole.add_attachment(within)
    mail = mail_files.read(whole.as_bytes())
    assert (mail.sender, mail.subject, mail.text) == ("Zoë", "Größe ✓", "My answer is inside.")
    assert [one.name for one in mail.enclosed] == ["خطاب.pdf", "mail.eml"]
    assert b"What I wrote before." in mail.enclosed[1].data


def test_a_page_becomes_paragraphs_without_its_programs() -> None:
    page = (
        "<html><head><title>No</title><style>p{}</style></head><body><p>First &amp; <b>bold</b>.</p><div>Second<br>line"
        "</div><script>alert(1)</script><ul><li>One</li><li>Two</li></ul><img src=x onerror=alert(1)></body></html>"
    )
    mail = mail_files.read(HEAD + b"Content-Type: text/html; charset=utf-8\n\n" + page.encode())
    assert mail.text == "First & bold.\n\nSecond\nline\n\nOne\nTwo"
    assert "taken out of the page" in mail.remarks[0]


@pytest.mark.parametrize(
    ("charset", "data"),
    [
        ("iso-8859-1", "Käse".encode("latin-1")), ("utf-8", "Käse".encode("latin-1")), ("x-unknown", "Käse".encode()),
        ("punycode", "Käse".encode()), ("unicode_escape", "Käse".encode()), ("zip", "Käse".encode()), ("", "Käse".encode()),
    ],
)  # fmt: skip
def test_words_are_read_whatever_their_character_set_is_called(charset: str, data: bytes) -> None:
    mail = mail_files.read(HEAD + b"Content-Type: text/plain; charset=" + charset.encode() + b"\n\n" + data)
    assert mail.text == "Käse"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Words without any header.",
        b"\x89PNG\r\n\x1a\n",
        b"%PDF-1.7\n",
        b"Only-One: header\n\nWords",
        b"\x00" * 100,
    ],
)
def test_what_is_no_mail_is_told(data: bytes) -> None:
    with pytest.raises(Invalid, match="This is no mail"):
        mail_files.read(data)


def test_deep_nesting_is_told_at_once() -> None:
    deep = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(2_000))
    with pytest.raises(Invalid, match="nested too deep"):
        mail_files.read(HEAD + deep)
    with pytest.raises(Invalid, match="nested too deep"):
        mail_files.read(HEAD + b"Content-Type: message/rfc822\n\n" * 3_000)
    with pytest.raises(Invalid, match="nested too deep"):
        mail_files.read(HEAD + b"Content-Type: text/plain; " + b"a=b; " * 20_000 + b"\n\nWords.")


@pytest.mark.parametrize(
    "hostile",
    [
        HEAD + b"Content-Type: text/html\n\n" + b"<!--" * 500_000,
        HEAD + b"Content-Type: text/html\n\n" + b"<a " * 500_000,
        HEAD + b"Content-Type: text/html\n\n" + b"<div>" * 300_000,
        HEAD + b"Content-Type: text/plain; charset=punycode\n\n" + b"abc" * 500_000,
        b"From: " + b"(" * 50_000 + b"\nSubject: x\n\nWords.",
        b"Subject: x\nFrom: " + b"=?utf-8?q?a?= " * 5_000 + b"\nTo: x\n\nWords.",
        HEAD + b"Content-Type: text/plain; " + b"a=b; " * 1_500 + b"\n\nWords.",
    ],
)
def test_hostile_mails_take_no_long_time(hostile: bytes) -> None:
    began = time.process_time()
    mail_files.read(hostile)
    assert time.process_time() - began < 5


def test_an_mbox_is_cut_at_its_mails() -> None:
    box = b"From a@b Mon Nov  2 10:00:00 2026\n" + HEAD + b"\nOne.\n>From here on.\n"
    mails = mail_files.split(box + b"\nFrom c@d Tue Nov  3 10:00:00 2026\n" + HEAD + b"\nTwo.\n")
    assert [mail_files.read(mail).text for mail in mails] == ["One.\nFrom here on.", "Two."]
    many = b"".join(b"From a@b Mon Nov  2 10:00:00 2026\n" + HEAD + b"\nOne.\n\n" for _ in range(101))
    with pytest.raises(Invalid, match="101 mails"):
        mail_files.split(many)


PARTS = st.sampled_from([
    b"Content-Type: multipart/mixed; boundary=x\n", b"Content-Type: message/rfc822\n", b"Content-Type: text/html; charset=\xff\n",
    b"Content-Transfer-Encoding: base64\n", b"Content-Transfer-Encoding: uuencode\n", b"Content-Disposition: attachment; filename*=utf-8''%ff\n",
    b"Date: Thu, 99 Foo 99999 99:99:99 +9999\n", b"From: =?utf-8?b?////?= <\n", b"From: a@b, c@d\n", b"Message-ID: <<<>>\n", b"\n", b"--x\n", b"--x--\n",
    b"begin 644 a\n", b"=FF=\n", b"\x00\xff\n", "Grüße\n".encode("utf-16"), b" folded\n", b":\n", b"Subject: =?x?q?=ff?=\n",
])  # fmt: skip


@settings(max_examples=examples(300))
@given(pieces=st.lists(st.one_of(PARTS, st.binary(max_size=40)), max_size=30))
def test_any_bytes_are_a_mail_or_a_sentence(pieces: list[bytes]) -> None:
    for data in (b"".join(pieces), HEAD + b"".join(pieces)):
        try:
            mails = [mail_files.read(one) for one in mail_files.split(data)]
        except Invalid:
            continue
        for mail in mails:
            for words in (mail.text, mail.sender, mail.subject, mail.headers, mail.message_id, mail.address):
                words.encode()  # no half characters
                assert "\x00" not in words
            assert all(isinstance(one.data, bytes) for one in mail.enclosed)
