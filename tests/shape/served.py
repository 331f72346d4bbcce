"""Every form the product serves, found by walking through a world as the people who may send them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin, urlsplit

from werkzeug.exceptions import HTTPException

from tests.visitor import Visitor, WebForm

from .furnished import FITTING, World

TYPED = {"text", "textarea", "email", "search", "url", "tel"}
STATES = ("open", "draft", "analysis", "review", "announced", "paused", "published", "adopted", "ready")
ROLES = ("author", "organiser", "moderator", "appealed", "signatory", "administrator", "person", "visitor")
STAFF = ("organiser",)  # who has other forms in another state
IN_REVIEW = (*STAFF, "author")  # who says then what she thinks of the answers
INSIDE, OUTSIDE = {"organiser", "moderator", "appealed"}, {"signatory", "administrator", "person", "visitor"}
BY_NUMBER = {"moderation.claim_page"}  # has another form once it is claimed
Known = set[tuple[str, tuple[str, ...]]]
FORM = re.compile(r'<form[^>]*method="post"[^>]*>.*?</form>', re.DOTALL)
ACTION, NUMBER = re.compile(r'action="([^"?]*)'), re.compile(r"\d+")
NAME = re.compile(r'name="([^"]+)"')
SIFTING = {"q", "sort", "seed", "after", "before", "position", "stance", "type", "answer", "category", "organisation",
           "clause_key", "state", "rule", "verb", "version", "clause", "passage", "otherwise", "on", "back"}  # fmt: skip
# Parts of an address that tell one page from another; what stands under other numbers has the same forms.
TOLD = ("stage", "noun", "number", "kind", "act_id", "shared_id", "entry")
LINK = re.compile(r'href="([/?][^"#]*)')


@dataclass(frozen=True, slots=True)
class Where:
    """A page as `role` sees it in a consultation of that state."""

    state: str
    role: str
    page: str


@dataclass(frozen=True, slots=True)
class Served:
    """One button of one form of a page, and the door it knocks at."""

    where: Where
    button: int
    nth: int
    endpoint: str
    typed: int  # how many fields one types into

    def __str__(self) -> str:
        return f"{self.endpoint} ({self.where.state}, {self.where.role}, {self.where.page})"


def walk(world: World, known: Known) -> Iterator[Served]:
    """Every form any page shows to anybody, once for each door and set of fields; not what is `known` already."""
    is_first = not known
    for role in ROLES if is_first else IN_REVIEW if world.stage == "review" else STAFF:
        visitor = world.enter(role)
        queue, seen = world.doors(), set[tuple[str, ...]]()
        while queue:
            address = queue.pop(0)
            kind = _kind(world, address)
            if kind is None or kind in seen or not _concerns(role, "served" in kind, is_first):
                continue
            seen.add(kind)
            answer = visitor.client.get(address, follow_redirects=True)
            data = answer.get_data()  # a stream must be read to its end
            if not (answer.content_type or "").startswith("text/html"):
                continue
            body = data.decode()
            queue += [urljoin(answer.request.full_path, unescape(link)) for link in LINK.findall(body)]
            signatures = {
                (
                    kind[0],
                    *(NUMBER.sub("", action) for action in ACTION.findall(form)),
                    *sorted(set(NAME.findall(form))),
                )
                for form in FORM.findall(body)
            }
            if signatures <= seen:
                continue
            seen |= signatures
            yield from _served(visitor, Where(world.stage, role, address), known)


def _concerns(role: str, is_inside: bool, is_first: bool) -> bool:
    """Whether `role` may find a form there that others do not: inside the consultation, or outside of it."""
    return role not in OUTSIDE if is_inside else is_first and role not in INSIDE


def _kind(world: World, address: str) -> tuple[str, ...] | None:
    """Pages of one kind have the same forms: the endpoint, what is in its address beside ids, what is asked."""
    parts = urlsplit(address)
    try:
        endpoint, values = world.app.url_map.bind("localhost").match(parts.path)
    except HTTPException:
        return None
    if endpoint == "asset":
        return None
    pairs = [part for part in parts.query.split("&") if part.partition("=")[0] not in SIFTING]
    asked = tuple(
        sorted(
            pair if pair.startswith(("list=", "show=", "shown=", "stage=")) else pair.partition("=")[0]
            for pair in pairs
        )
    )
    told = tuple(
        f"{k}={v}"
        for k, v in values.items()
        if k in TOLD or endpoint in BY_NUMBER or (k == "key" and str(endpoint).startswith("moderation."))
    )
    return (str(endpoint), *told, *asked, str(values.get("slug", "")))


def _served(visitor: Visitor, where: Where, known: Known) -> Iterator[Served]:
    page = visitor.open(where.page, status=None)
    for nth, form in enumerate(page.forms):
        if form.method != "post":
            continue
        for button, (_text, name, value, formaction) in enumerate(form.buttons):
            path = urlsplit(formaction or form.action or page.url).path
            endpoint, values = visitor.app.url_map.bind("localhost").match(path, method="POST")
            told = [f"{k}={v}" for k, v in values.items() if k in ("stage", "noun", "kind")]
            names = (*sorted(form.names), *told, f"{name}={value}")
            if (endpoint, names) not in known:
                known.add((endpoint, names))
                yield Served(where, button, nth, endpoint, sum(kind in TYPED for kind in form.kinds.values()))


def fill(form: WebForm, *, is_full: bool = True) -> dict[str, list[str]]:
    """What a sensible person fills in; not `is_full`: what may be left empty is left empty."""
    fitting = {
        "email": "somebody@example.org", "password": "correct horse battery staple", "number": "14",
        "date": "2030-01-07", "datetime-local": "2030-01-07T10:00", "url": "https://example.org", "file": "",
    }  # fmt: skip
    values = {}
    for name, served in form.fields.items():
        kind = form.kinds[name]
        values[name] = list(served)
        if kind == "file":
            del values[name]
        elif form.choices[name] and not any(served):
            values[name] = [next((choice for choice in form.choices[name] if choice), "")]
        elif not form.choices[name] and kind != "hidden" and not any(served) and is_full:
            values[name] = [fitting.get(kind, FITTING)]
    return values
