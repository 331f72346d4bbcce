"""What the people of a sown consultation say: sentences of a standard's debate, some words common and most rare. Pure."""

from __future__ import annotations

from random import Random

from consult.core.records import Record
from consult.search.words import parted

WHO = (
    "providers", "deployers", "small companies", "universities", "public hospitals", "regulators", "hobbyists",
    "people with disabilities", "libraries", "start-ups", "municipalities", "auditors", "downstream users", "teachers",
    "maintainers", "research institutes", "consumers", "insurers", "journalists", "translators",
)  # fmt: skip
DUTIES = (
    "publish", "keep", "explain", "test", "translate", "archive", "withhold", "disclose", "measure", "share", "verify",
    "repeat", "justify", "date", "sign", "withdraw", "update", "compare", "describe", "license",
)  # fmt: skip
THINGS = (
    "a summary of the training data", "the weights", "the evaluation results", "a record of incidents",
    "the licence terms", "the energy figures", "the source code", "the red-team report", "the data sheet",
    "the documentation of changes", "the known limits", "the safety case", "the price list", "a contact address",
    "the benchmark scores", "the list of sources", "the audit trail", "the risk assessment", "an appeal procedure",
    "the accessibility statement",
)  # fmt: skip
WHEN = (
    "before release", "within thirty days", "once a year", "after each change", "on request", "in plain language",
    "free of charge", "under this clause", "for as long as the model is offered", "without delay",
    "in every official language", "in a machine-readable form", "when the number of users passes ten thousand",
    "as the annex says", "unless a court decides otherwise", "during the transition period",
)  # fmt: skip
SHAPES = (
    "We ask that {who} {duty} {thing} {when}.",
    "In our experience {who} cannot {duty} {thing} {when}, because {rare} is missing.",
    "The words “{thing}” are too vague: say that {who} must {duty} it {when}.",
    "Nobody gains when {who} have to {duty} {thing} {when}; see {rare}.",
    "If {who} do not {duty} {thing} {when}, {rare} will carry the cost.",
    "Please delete this, or let {who} {duty} {thing} only {when}.",
    "A survey by {rare} found that most {who} already {duty} {thing} {when}.",
    "Why should {who} {duty} {thing} {when} while {rare} is exempt?",
)
SYLLABLES = (
    "ka", "lo", "mi", "ver", "dan", "sto", "pri", "tel", "nor", "quen", "bas", "ul", "fer", "gra", "hin", "jo", "zet",
)  # fmt: skip


class Sentence(Record):
    """Words as they are read, and as the index keeps them."""

    text: str
    indexed: str


def sentences(how_many: int, random: Random) -> list[Sentence]:
    """So many different sentences. Each has a rare word, which few others have, so that a search can be narrow or wide."""
    made = []
    for _ in range(how_many):
        shape = random.choice(SHAPES)
        text = shape.format(
            who=random.choice(WHO), duty=random.choice(DUTIES), thing=random.choice(THINGS), when=random.choice(WHEN),
            rare="".join(random.choices(SYLLABLES, k=3)).capitalize(),
        )  # fmt: skip
        text = text[0].upper() + text[1:]
        made.append(Sentence(text, " ".join(parted(text))))
    return made


def draft(chapters: int) -> str:
    """A standard in Markdown with so many chapters, of six sections of eight paragraphs each."""
    random = Random(chapters)  # noqa: S311  the same each time
    parts = ["# Open models: what is published with them\n"]
    for chapter in range(1, chapters + 1):
        parts.append(f"# {chapter} {random.choice(THINGS).removeprefix('the ').removeprefix('a ').capitalize()}\n")
        for section in range(1, 7):
            parts.append(f"## {chapter}.{section} Duties of {random.choice(WHO)}\n")
            parts += [
                f"{random.choice(WHO).capitalize()} shall {random.choice(DUTIES)} {random.choice(THINGS)}"
                f" {random.choice(WHEN)}, and {random.choice(DUTIES)} {random.choice(THINGS)} {random.choice(WHEN)}.\n"
                for _paragraph in range(8)
            ]
    return "\n".join(parts)
