"""A browser without JavaScript: opens pages, checks them, fills in the forms they show."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import lxml.html
from flask import Flask

from consult.accounts.models import Person, SignIn
from consult.core import clock, ids
from consult.core.db import write_transaction

# html5lib reports these for valid pages that use newer elements or attributes.
HARMLESS = {"unexpected-end-tag-treated-as"}
# What the two parsers read differently: line ends, and characters that are none.
UNUSUAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
ESCAPED, VALUE, TEXT = re.compile("&(?:amp|lt|gt|quot|#34|#39);"), re.compile('="[^"<>&]*"'), re.compile(">[^<>&]+")
_valid: set[str] = set()  # the bones of pages that were valid


def words(element: Element) -> str:
    """All text of an element, blanks collapsed."""
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


@dataclass
class WebForm:
    """A form as served: where it goes, what it holds, its buttons (text, name, value, formaction)."""

    action: str
    method: str
    fields: dict[str, list[str]]
    names: set[str]
    buttons: list[tuple[str, str, str, str]]
    id: str = ""
    kinds: dict[str, str] = field(default_factory=dict)  # field → type of its control, as in HTML
    choices: dict[str, list[str]] = field(default_factory=dict)  # field → what its radio buttons, boxes, options offer


@dataclass
class Page:
    """An answer: status, address, and for HTML its parsed tree."""

    status: int
    url: str
    body: str
    headers: Any
    tree: Element | None
    forms: list[WebForm] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The visible words of the page's main part."""
        assert self.tree is not None
        main = self.tree.find(".//main")
        return words(main if main is not None else self.tree)

    @property
    def heading(self) -> str:
        assert self.tree is not None
        h1 = self.tree.find(".//h1")
        return "" if h1 is None else words(h1)

    def links(self) -> dict[str, str]:
        """Link text → address (first of each text)."""
        assert self.tree is not None
        found: dict[str, str] = {}
        for a in self.tree.iter("a"):
            found.setdefault(words(a), a.get("href", ""))
        return found

    def errors(self) -> list[str]:
        """Sentences marked as errors at fields or in the summary."""
        assert self.tree is not None
        return [words(e) for e in self.tree.iter() if "error" in (e.get("class") or "").split()]

    def form(self, button: str) -> WebForm:
        """The first form with a button of that text."""
        for form in self.forms:
            if any(text == button for text, *_ in form.buttons):
                return form
        raise AssertionError(
            f"no button {button!r} on {self.url}; there are {[b[0] for f in self.forms for b in f.buttons]}"
        )


def _value_of(node: Element) -> list[str]:
    if node.tag == "textarea":
        return ["".join(node.itertext()).removeprefix("\n")]
    if node.tag == "select":
        options = list(node.iter("option"))
        chosen = [o for o in options if o.get("selected") is not None] or options[:1]
        return [o.get("value", words(o)) for o in chosen]
    kind = node.get("type", "text")
    if kind in ("checkbox", "radio"):
        return [node.get("value", "on")] if node.get("checked") is not None else []
    return [] if kind in ("submit", "button", "file", "image", "reset") else [node.get("value", "")]


def _kind_of(node: Element) -> str:
    return node.get("type", "text") if node.tag == "input" else node.tag


def _offered(node: Element) -> list[str]:
    """The values a control offers to choose from."""
    if node.tag == "select":
        return [o.get("value", words(o)) for o in node.iter("option")]
    return [node.get("value", "on")] if _kind_of(node) in ("checkbox", "radio") else []


def forms_of(tree: Element) -> list[WebForm]:
    """The forms of a page as served."""
    forms = []
    owned = {f.get("id"): f for f in tree.iter("form") if f.get("id")}
    for form in tree.iter("form"):
        inside = list(form.iter())
        outside = [n for n in tree.iter() if n.get("form") and owned.get(n.get("form")) is form]
        built = WebForm(form.get("action", ""), form.get("method", "get").lower(), {}, set(), [], form.get("id", ""))
        for node in [*inside, *outside]:
            if node.get("disabled") is not None:
                continue
            if node.tag == "button":
                built.buttons.append(
                    (words(node), node.get("name", ""), node.get("value", ""), node.get("formaction", ""))
                )
            elif node.tag in ("input", "select", "textarea") and node.get("name"):
                name = node.get("name", "")
                built.names.add(name)
                built.fields.setdefault(name, []).extend(_value_of(node))
                built.kinds[name] = _kind_of(node)
                built.choices.setdefault(name, []).extend(_offered(node))
        forms.append(built)
    return forms


class Visitor:
    """One person's browser."""

    def __init__(self, app: Flask, person: Person | None = None, acting_for_id: int | None = None) -> None:
        self.app = app
        self.client = app.test_client()
        self.page: Page | None = None
        if person is not None:
            self.sign_in(person, acting_for_id)

    def sign_in(self, person: Person, acting_for_id: int | None = None) -> None:
        """Be signed in as `person`, without the sign-in page."""
        token = ids.new_token()
        with self.app.app_context(), write_transaction() as session:
            session.add(
                SignIn(
                    token_digest=ids.digest(token), person_id=person.id, acting_for_id=acting_for_id,
                    expires_at=clock.now() + timedelta(days=1),
                )
            )  # fmt: skip
        with self.client.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True

    def open(self, url: str, *, status: int | None = 200, follow: bool = True) -> Page:
        """GET a page; checks its status and, for HTML, that it is well made."""
        return self._answer(self.client.get(url, follow_redirects=follow), status)

    def press(
        self, button: str, *, status: int | None = 200, files: Any = None, follow: bool = True, **typed: Any
    ) -> Page:
        """Fill in the form that has this button, as served, and press it. `None` empties a field.

        A field the form does not show is a failure of the page, and so of the test.
        """
        assert self.page is not None, "open a page first"
        form = self.page.form(button)
        values = {name: list(v) for name, v in form.fields.items()}
        for name, value in typed.items():
            assert name in form.names, f"the form with {button!r} has no field {name!r}, only {sorted(form.names)}"
            values[name] = [] if value is None else list(value) if isinstance(value, list | tuple) else [value]
        _text, name, value, formaction = next(b for b in form.buttons if b[0] == button)
        if name:
            values[name] = [value]
        address = formaction or form.action or self.page.url
        return self.send(address, values, method=form.method, files=files, status=status, follow=follow)

    def send(
        self, address: str, values: dict[str, Any], *, method: str = "post", files: Any = None,
        status: int | None = 200, follow: bool = True,
    ) -> Page:  # fmt: skip
        """Send values as a form would."""
        if method == "get":
            return self._answer(self.client.get(address, query_string=values, follow_redirects=follow), status)
        data = {**values, **(files or {})}
        headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
        kind = "multipart/form-data" if files else "application/x-www-form-urlencoded"
        answer = self.client.post(address, data=data, headers=headers, content_type=kind, follow_redirects=follow)
        return self._answer(answer, status)

    def _answer(self, answer: Any, status: int | None) -> Page:
        body = answer.get_data(as_text=True) if "text" in (answer.content_type or "text") else ""
        url = answer.request.full_path.rstrip("?")
        tree = None
        if (answer.content_type or "").startswith("text/html") and body.lstrip().startswith("<!doctype"):
            tree = check_page(body, url)
        if status is not None:
            main = None if tree is None else tree.find(".//main")
            shown = "" if main is None else words(main)[:600]
            assert answer.status_code == status, (
                f"{url}: {answer.status_code}, expected {status}: {shown or body[:600]}"
            )
        self.page = Page(answer.status_code, url, body, answer.headers, tree, [] if tree is None else forms_of(tree))
        return self.page


def _parsed(body: str, url: str) -> Any:
    """The tree of a valid page. Pages of the same tags and attributes are valid or not together, and C reads faster."""
    bones = TEXT.sub(">", VALUE.sub("=", ESCAPED.sub("", body)))
    if bones in _valid and not UNUSUAL.search(body):
        return lxml.html.document_fromstring(body)
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(body)
    problems = [f"{code} at {place}" for place, code, _ in parser.errors if code not in HARMLESS]
    assert not problems, f"{url}: invalid HTML: {problems[:5]}"
    _valid.add(bones)
    return tree


def check_page(body: str, url: str) -> Element:
    """Every page: parses as HTML5, one h1, a title, unique ids, labelled fields, no inline style or script."""
    tree = _parsed(body, url)
    headings = list(tree.iter("h1"))
    assert len(headings) == 1, f"{url}: {len(headings)} h1"
    assert words(tree.find(".//title")), f"{url}: no title"  # type: ignore[arg-type]
    seen = [n.get("id") for n in tree.iter() if n.get("id")]
    twice = {i for i in seen if seen.count(i) > 1}
    assert not twice, f"{url}: ids twice: {twice}"
    labelled = {n.get("for") for n in tree.iter("label")}
    wrapped = {id(n) for label in tree.iter("label") for n in label.iter()}
    for node in tree.iter():
        assert node.get("style") is None, f"{url}: style attribute on <{node.tag}>"
        assert not any(a.startswith("on") for a in node.keys()), f"{url}: inline handler on <{node.tag}>"  # noqa: SIM118
        if node.tag == "script":
            assert node.get("src"), f"{url}: inline script"
        if node.tag in ("input", "select", "textarea") and node.get("type") not in ("hidden", "submit"):
            has_name = node.get("id") in labelled or id(node) in wrapped or node.get("aria-label")
            assert has_name, f"{url}: field {node.get('name')!r} has no label"
        if node.tag == "form" and node.get("method", "").lower() == "post":
            tokens = [n for n in node.iter("input") if n.get("name") == "csrf_token"]
            assert tokens, f"{url}: form {node.get('action')!r} without csrf token"
        if node.tag == "img":
            assert node.get("alt") is not None, f"{url}: image without alt"
    return tree
