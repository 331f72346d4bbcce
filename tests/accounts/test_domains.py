"""The e-mail domain of an organisation: a link mailed there proves it, once, by a button."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage

from consult.accounts.models import Membership, Organisation
from tests.make import Make
from tests.visitor import Visitor

from .conftest import way_in

Visit = Callable[..., Visitor]
Mails = Callable[[], list[EmailMessage]]
PAGE = "/organisations/acme"


def test_a_domain_is_proved_by_whoever_reads_the_mail_there(make: Make, visit: Visit, mails: Mails) -> None:
    sig, body = make.person("Sig"), make.organisation("ACME", slug="acme")
    make.member(sig, body, is_signatory=True)
    here, stranger = visit(sig), visit()
    here.open(here.open(PAGE).links()["Prove one"])
    assert "Anybody can have an address" in " ".join(
        here.press("Mail the link", email="a@gmail.com", status=422).errors()
    )
    assert mails() == []
    here.press("Mail the link", email="Info@ACME.example.org")
    here.open(PAGE + "/domain")
    here.press("Mail the link", email="info@other.example.org")
    first, second = (way_in(mail) for mail in mails())
    assert mails()[0]["To"] == "info@acme.example.org"
    stranger.open(first)
    assert "None proved" in here.open(PAGE).text, "opening a link changes nothing"
    assert "E-mail domain" not in visit().open(PAGE).text
    assert "acme.example.org, proved on" in stranger.press("Yes, it does").text
    for used in (first, second):
        stranger.open(used, status=404)
    visit(make.person()).open(PAGE + "/domain", status=403)


def test_a_link_dies_with_the_right_to_ask_for_it(make: Make, visit: Visit, mails: Mails) -> None:
    sig, body = make.person("Sig"), make.organisation("ACME", slug="acme")
    signs = make.member(sig, body, is_signatory=True)
    here = visit(sig)
    here.open(PAGE + "/domain")
    here.press("Mail the link", email="info@acme.example.org")
    stranger = visit()
    stranger.open(way_in(mails()[0]))
    with make.writing() as session:
        session.get_one(Membership, signs.id).is_signatory = False
    stranger.press("Yes, it does", status=404)
    assert make.count(Organisation, Organisation.domain != "") == 0
