"""What became of a comment that is answered clause by clause, in words. Knows neither database nor web."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


def listed(names: Sequence[str]) -> str:
    """'6.3', '6.3 and 7.1', '6.3, 7.1 and 8.2'."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def told(answers: Iterable[tuple[str, str]], labels: Mapping[str, str]) -> str:
    """'Accepted for 6.3 and 8.2, not accepted for 7.1': of pairs (name of the clause, code), in their order."""
    names: dict[str, list[str]] = {}
    for name, code in answers:
        names.setdefault(code, []).append(name)
    words = ", ".join(lower_first(f"{labels[code]} for {listed(places)}") for code, places in names.items())
    return words[:1].upper() + words[1:]


def lower_first(words: str) -> str:
    """The same within a sentence; the names in it stay as they are."""
    return words[:1].lower() + words[1:]
