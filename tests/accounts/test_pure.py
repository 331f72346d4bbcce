"""Passwords, links and addresses: no database needed."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.accounts import links, passwords
from consult.accounts.addresses import email_address, local_path
from consult.accounts.models import Person
from consult.core import clock
from consult.core.errors import Invalid
from tests.lengths import examples

SECRET = "k" * 40


def _person(**values: object) -> Person:
    return Person(
        **{"id": 1, "email": "ada@example.org", "password_hash": "h", "password_changed_at": clock.now()} | values
    )


def test_hashes_are_argon2id_and_salted() -> None:
    one, two = (passwords.hash_password("seven quiet otters sing") for _ in range(2))
    assert one.startswith("$argon2id$")
    assert one != two
    assert passwords.verify_password(one, "seven quiet otters sing")
    assert not passwords.verify_password(one, "seven quiet otters sang")
    assert not passwords.is_outdated(one)


@pytest.mark.parametrize("stored", ["", "x", "$argon2id$broken", "$2b$12$abcdefghijklmnopqrstuv", "é\x00"])
def test_what_is_no_hash_is_never_right(stored: str) -> None:
    assert not passwords.verify_password(stored, "an address without an account takes the same time")


def test_the_same_letters_typed_on_another_keyboard_are_the_same_password() -> None:
    stored = passwords.hash_password("caf\u00e9 caf\u00e9 caf\u00e9")
    assert passwords.verify_password(stored, "cafe\u0301 cafe\u0301 cafe\u0301")


@pytest.mark.parametrize(
    "password",
    [
        "seven quiet otters sing",
        "Tr0ub4dor&3xyzw",
        "ключи от дома лежат",
        "パスワードは長いほど良いです",
        "🚀🦊🐙🌍🎈🧭🪐🧊🫖🪁🧵🪵",
    ],
)
def test_good_ones(password: str) -> None:
    assert passwords.weakness(password, "Ada Lovelace", "ada@example.org") == ""


@pytest.mark.parametrize(
    "password",
    [
        "", "short", "elevenchars", "password1234", "PassWord-1234", "correct horse battery staple", "123456789012",
        "qwertyuiopasd", "zyxwvutsrqponm", "aaaaaaaaaaaaaaaa", "abababababab", "abcabcabcabcabc", "adalovelace1",
        "lovelacelovelace", "x" * 600, " " * 40, "lovelace@1815", "unbelievable", "Sonyericsson", "p@ssw0rd!2024",
        "dragondragon", "2024football!", "sup3rman123456",
    ],
)  # fmt: skip
def test_bad_ones(password: str) -> None:
    assert passwords.weakness(password, "Ada Lovelace", "ada.lovelace@example.org").endswith(".")


def test_the_list_is_whole() -> None:
    assert len(passwords.LISTED) == 10_000
    assert sha256(b"dragon").digest()[:5] in passwords.LISTED


@settings(max_examples=examples(150))
@given(st.text(max_size=80), st.text(max_size=30))
def test_any_text_gets_an_answer(password: str, own: str) -> None:
    told = passwords.weakness(password, own)
    assert told == "" or told.endswith(".")


@pytest.mark.parametrize("purpose", [links.CONFIRM, links.RESET, links.CHANGE])
def test_a_link_comes_back_for_its_purpose_and_time_only(purpose: str) -> None:
    person = _person()
    token = links.token(SECRET, purpose, person, "new@example.org")
    link = links.read(SECRET, purpose, token)
    assert link is not None
    assert (link.person_id, link.email) == (1, "new@example.org")
    assert link.fits(person)
    assert not link.fits(_person(id=2, password_changed_at=person.password_changed_at))
    assert links.read("l" * 40, purpose, token) is None
    assert all(links.read(SECRET, other, token) is None for other in links.LIFETIMES if other != purpose)
    with clock.shifted(links.LIFETIMES[purpose] + timedelta(seconds=5)):
        assert links.read(SECRET, purpose, token) is None
    with clock.shifted(links.LIFETIMES[purpose] - timedelta(seconds=5)):
        assert links.read(SECRET, purpose, token) is not None


@pytest.mark.parametrize(
    ("purpose", "change"),
    [
        (links.CONFIRM, {"email_verified_at": clock.now()}), (links.CONFIRM, {"email": "b@example.org"}),
        (links.RESET, {"password_hash": "i"}), (links.RESET, {"email": "b@example.org"}),
        (links.CHANGE, {"email": "b@example.org"}), (links.CHANGE, {"password_changed_at": clock.now()}),
    ],
)  # fmt: skip
def test_a_link_is_dead_once_what_it_changes_has_changed(purpose: str, change: dict[str, object]) -> None:
    person = _person(password_changed_at=clock.now() - timedelta(days=1))
    link = links.read(SECRET, purpose, links.token(SECRET, purpose, person))
    assert link is not None
    for name, value in change.items():
        setattr(person, name, value)
    assert not link.fits(person)


@settings(max_examples=examples(200))
@given(st.text(max_size=120))
def test_no_text_is_a_link(text: str) -> None:
    assert links.read(SECRET, links.RESET, text) is None


@pytest.mark.parametrize(
    "path", ["/", "/c/act/draft", "/c/act/comments?sort=new&after=abc#x", "/a//b", "/%2F%2Fevil", "/é"]
)
def test_paths_of_this_site(path: str) -> None:
    assert local_path(path) == path


@settings(max_examples=examples(400))
@given(st.text(alphabet=st.sampled_from("/\\:@.?#%\t\n\r ev il\x00\u00a0\u2028"), max_size=14) | st.text(max_size=20))
def test_no_path_leads_elsewhere(text: str) -> None:
    path = local_path(text)
    if not path:
        return
    seen_by_browser = path.replace("\\", "/").translate({9: None, 10: None, 13: None}).strip()
    assert urlsplit(urljoin("http://here.example/sign-in", seen_by_browser)).netloc == "here.example"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ada@Example.org", "ada@example.org"),
        ("  a+b@sub.example.org ", "a+b@sub.example.org"),
        ("å@exämple.org", "å@exämple.org"),
    ],
)
def test_addresses_are_kept_in_one_form(typed: str, kept: str) -> None:
    assert email_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "a", "a@", "@b.org", "a b@c.org", "a@b", "a@b.org\nBcc: c@d.org", "x" * 300 + "@b.org", "a@[127.0.0.1]"],
)
def test_what_is_no_address(typed: str) -> None:
    with pytest.raises(Invalid) as told:
        email_address(typed)
    assert told.value.field == "email"


def test_demonstration_people_may_have_addresses_nobody_can_write_to() -> None:
    assert email_address("moderator@demo.example", is_public=False) == "moderator@demo.example"
