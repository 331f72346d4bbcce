"""What a first visit to a page costs: bytes on the wire with everything it loads, requests, statements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from consult.consultations.models import Consultation
from consult.core.db import db
from consult.documents.models import Clause, Draft, DraftVersion, ReadingPage
from tests.listening import listening

IMPORT = re.compile(r"""(?:from|import)\s*["'](\.[^"'`$]+)["']""")  # what import() fetches comes when it is used


@dataclass(frozen=True, slots=True)
class Weight:
    """`size` in bytes, compressed as sent."""

    url: str
    status: int
    size: int
    html: int
    requests: int
    statements: int


def main_pages(app: Flask) -> dict[str, str]:
    """The pages people land on first, by name."""
    return {
        "home": "/",
        "consultations": "/consultations",
        "overview of the EU AI Act": "/c/eu-ai-act",
        "its first reading page": _reading_page(app, "eu-ai-act", None),
        "the page with Article 53": _reading_page(app, "eu-ai-act", "article-53"),
        "Article 53(2) with its comments": "/c/eu-ai-act/v1/clauses/article-53-2",
        "its comments": "/c/eu-ai-act/comments",
        "its guide": "/c/eu-ai-act/guide",
        "its shelf": "/c/eu-ai-act/resources",
        "a reading page of CSAF 2.1": _reading_page(app, "csaf-2-1", "acknowledgments-type"),
        "comments on CSAF 2.1": "/c/csaf-2-1/comments",
        "outcome of CSAF 2.1": "/c/csaf-2-1/outcome",
    }


def _reading_page(app: Flask, slug: str, clause: str | None) -> str:
    """The address of the reading page a clause is on (None: the first page) in version 1."""
    statement = (
        select(ReadingPage.key)
        .join(ReadingPage.version)
        .join(DraftVersion.draft)
        .join(Draft.consultation)
        .where(DraftVersion.number == 1, Consultation.slug == slug)
        .order_by(ReadingPage.rank)
    )
    if clause is not None:
        statement = statement.join(Clause, Clause.page_id == ReadingPage.id).where(Clause.key == clause)
    with app.app_context():
        return f"/c/{slug}/v1/{db.session.scalars(statement).first()}"


def longest_reading_pages(app: Flask, slug: str, how_many: int) -> list[str]:
    """The addresses of the reading pages with the most text, over all versions of a draft."""
    statement = (
        select(DraftVersion.number, ReadingPage.key)
        .join(ReadingPage.version)
        .join(DraftVersion.draft)
        .join(Draft.consultation)
        .join(Clause, Clause.page_id == ReadingPage.id)
        .where(Consultation.slug == slug)
        .group_by(DraftVersion.number, ReadingPage.key)
        .order_by(func.sum(func.length(Clause.html)).desc())
        .limit(how_many)
    )
    with app.app_context():
        return [f"/c/{slug}/v{number}/{key}" for number, key in db.session.execute(statement)]


def weigh(app: Flask, url: str) -> Weight:
    """Fetch a page as a new browser does, and everything it asks for."""
    client = app.test_client()
    with listening(app) as statements:
        answer = client.get(url, headers={"Accept-Encoding": "gzip"})
    html = len(answer.data)
    page = client.get(url).get_data(as_text=True)
    loaded = dict(_loaded(client, page))
    return Weight(url, answer.status_code, html + sum(loaded.values()), html, 1 + len(loaded), len(statements))


def _loaded(client: FlaskClient, page: str) -> Iterator[tuple[str, int]]:
    """Each file the page loads, with its size on the wire: styles, icons, scripts and what scripts import."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    wanted = [link.get("href") for link in tree.iter("link") if link.get("rel") in ("stylesheet", "icon", "preload")]
    wanted += [script.get("src") for script in tree.iter("script") if script.get("src")]
    wanted += [use.get("href", "").split("#")[0] for use in tree.iter("use")]
    main = next((url for url in wanted if url and url.endswith("/js/main.js")), "")
    names = {name for e in tree.iter() for name in (e.get("data-behaviour") or "").split()}
    wanted += [main.replace("main.js", f"behaviours/{'+'.join(sorted(names))}.js")] if names else []
    pending, seen = [url for url in wanted if url and url.startswith("/assets/")], set[str]()
    while pending:
        url = pending.pop(0)
        if url in seen:
            continue
        seen.add(url)
        answer = client.get(url, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200, url
        yield url, len(answer.data)
        if url.endswith(".js"):
            text = client.get(url).get_data(as_text=True)
            folder = url.rpartition("/")[0]
            pending += [_resolve(folder, name) for name in IMPORT.findall(text)]


def _resolve(folder: str, name: str) -> str:
    parts = folder.split("/")
    for step in name.split("/"):
        if step == "..":
            parts.pop()
        elif step != ".":
            parts.append(step)
    return "/".join(parts)
