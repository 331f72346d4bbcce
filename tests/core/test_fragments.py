"""What a page has hundreds of is rendered once for the same values, and depends on nothing else."""

from __future__ import annotations

import pytest
from flask import Flask
from jinja2 import TemplateSyntaxError

from consult.core.fragments import LEAST, MOST


def rendered(app: Flask, source: str, **context: object) -> str:
    with app.test_request_context("/"):
        return app.jinja_env.from_string(source).render(**context)


COUNTED = "{% for value in values %}{% once value %}{{ value.told() }}{% endonce %}{% endfor %}"


class Teller:
    """Counts how often it is asked; equal to every other of its kind with that number."""

    asked = 0

    def __init__(self, number: int) -> None:
        self.number = number

    def __hash__(self) -> int:
        return hash(self.number)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Teller) and other.number == self.number

    def told(self) -> str:
        Teller.asked += 1
        return f"<{self.number}>"


def test_equal_values_are_rendered_once_and_other_values_again(app: Flask) -> None:
    Teller.asked = 0
    said = rendered(app, COUNTED, values=[Teller(1), Teller(2), Teller(1)])
    assert (said, Teller.asked) == ("&lt;1&gt;&lt;2&gt;&lt;1&gt;", 2)


def test_what_is_kept_ends_somewhere(app: Flask) -> None:
    Teller.asked = 0
    template = app.jinja_env.from_string(COUNTED)
    with app.test_request_context("/"):
        template.render(values=[Teller(0), *map(Teller, range(1, MOST // LEAST + 1)), Teller(0)])
    assert Teller.asked == MOST // LEAST + 2  # the first was forgotten


def test_long_fragments_are_fewer(app: Flask) -> None:
    Teller.asked = 0
    template = app.jinja_env.from_string(
        "{% for value in values %}{% once value %}{{ value.told() }}{{ 'x' * 100_000 }}{% endonce %}{% endfor %}"
    )
    with app.test_request_context("/"):
        template.render(values=[*map(Teller, range(2 * MOST // 100_000)), Teller(0)])
    assert Teller.asked == 2 * MOST // 100_000 + 1


def test_a_page_below_another_root_has_its_own_addresses(app: Flask) -> None:
    template = app.jinja_env.from_string(
        '{% once slug %}{{ url_for("lobby.home") }}{% endonce %} {{ url_for("lobby.home") }}'
    )
    for root in ("", "/below", ""):
        with app.test_request_context("/", base_url=f"http://localhost{root}/"):
            assert template.render(slug="x") == f"{root}/ {root}/"


@pytest.mark.parametrize(
    "source",
    [
        "{% once a %}{{ b }}{% endonce %}",
        "{% once a %}{{ now() }}{% endonce %}",
        "{% once a %}{{ me.name }}{% endonce %}",
        "{% once a %}{{ a | ago }}{% endonce %}",
        "{% once a.b %}{{ a.b }}{% endonce %}",
        "{% for a in b %}{% once a %}{{ loop.index }}{% endonce %}{% endfor %}",
        '{% once a %}{% include "debate/_gone.html" %}{% endonce %}',
        "{% macro m() %}{{ b }}{% endmacro %}{% once a %}{{ m() }}{% endonce %}",
    ],
)
def test_a_fragment_that_depends_on_more_than_its_values_does_not_load(app: Flask, source: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="once: "):
        app.jinja_env.from_string(source)


def test_names_of_its_own_are_no_others(app: Flask) -> None:
    source = "{% once a %}{% set b = a + 1 %}{% for c in range(b) %}{{ c }}{{ ',' if not loop.last }}{% endfor %}{% endonce %}"
    assert rendered(app, source, a=2) == "0,1,2"


def test_addresses_are_those_of_flask(app: Flask) -> None:
    values = [("debate.comments", {"slug": "a b", "q": "x&y"}), ("debate.comments", {"slug": "s", "position": ["a", "b"]}),
              ("debate.comment", {"slug": "s", "number": "P1", "_anchor": "replies"}), ("consultations.index", {"state": None})]  # fmt: skip
    ours = app.jinja_env.globals["url_for"]
    with app.test_request_context("/"):
        for endpoint, given in values * 2:
            assert ours(endpoint, **given) == app.url_for(endpoint, **given)  # type: ignore[operator]
        pages = [ours("debate.reading_page", slug="s", version=1, page_key=key) for key in (1, "1", True, "True")]  # type: ignore[operator]
    assert [page.rsplit("/", 1)[1] for page in pages] == ["1", "1", "True", "True"]
