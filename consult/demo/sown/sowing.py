"""Writes a sown debate: some thousand comments at a time with everything that hangs on them, all in one transaction.

Counters are added up while rows are made and written at the end; `consult recount` finds nothing to mend.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from consult.consultations.models import Consultation, Position, Round
from consult.core import clock
from consult.core.db import db
from consult.core.errors import Refused
from consult.core.operations import operation
from consult.core.rules import SYSTEM, Actor, system_only
from consult.debate import ballots, branching
from consult.debate.models import (
    CIRCLE,
    Anchor,
    ArgumentTally,
    BodyTally,
    Comment,
    CommentPosition,
    Numbering,
    Reply,
    ReplyPosition,
    RoundTally,
    VoiceTally,
    Vote,
    VoteTally,
)  # fmt: skip
from consult.documents.models import Clause, ClauseTally, PassageTally, ReadingPage
from consult.search.fulltext import stemmer
from consult.search.models import SearchRow
from consult.search.words import numbered, parted

from . import bulk, crowd, words
from .aside import set_aside
from .ground import DAYS, Ground, Speaker, lay

SEED = 20_261_130
BATCH = 4_000  # comments that are held in memory
SENTENCES = 6_000
EDGE = 64  # characters kept beside quoted words
WRITTEN = Comment, Anchor, CommentPosition, Reply, ReplyPosition, Vote, VoteTally, SearchRow
Tell = Callable[[int], None]


def sow(*, slug: str, comments: int, password_hash: str, tell: Tell) -> None:
    """Make the consultation `slug` with so many comments; `tell` hears how many are there.

    Raises Refused when there is one already. Stopped in the middle, there is nothing of its comments. Nobody else can
    write meanwhile, and on PostgreSQL nobody can read comments.
    """
    if db.session.scalar(select(Consultation.id).where(Consultation.slug == slug)) is not None:
        raise Refused(f"There is a consultation {slug} already. Give another name with --slug.")
    random = Random(SEED)  # noqa: S311  the same each time
    ground = lay(actor=SYSTEM, slug=slug, comments=comments, password_hash=password_hash, random=random)
    sow_all(actor=SYSTEM, ground=ground, random=random, comments=comments, tell=tell)


@operation(rule=system_only)
def sow_all(*, actor: Actor, ground: Ground, random: Random, comments: int, tell: Tell) -> None:
    """Write the comments with what hangs on them."""
    with set_aside(WRITTEN):
        sower = Sower(ground, random, comments)
        for begin in range(0, comments, BATCH):
            many = min(BATCH, comments - begin)
            sower.write(begin, many)
            tell(begin + many)
        sower.count()
    bulk.set_sequences(WRITTEN)


class Sower:
    """Makes rows of comments, remembering what numbers and counters need."""

    def __init__(self, ground: Ground, random: Random, comments: int) -> None:
        self.ground, self.random, self.comments = ground, random, comments
        self.sentences = words.sentences(SENTENCES, random)
        self.stance, self.type = crowd.Draw(random, crowd.STANCES), crowd.Draw(random, crowd.TYPES)
        self.length, self.choice = crowd.Draw(random, crowd.LENGTHS), crowd.Draw(random, crowd.CHOICES)
        self.numbers = Counter[str]()
        self.first = clock.now() - timedelta(days=DAYS)
        self.stemmer = stemmer(ground.consultation.language)
        self.sheets: dict[Any, bulk.Sheet] = {model: bulk.Sheet(model) for model in WRITTEN}
        self.counts: defaultdict[Any, Counter[Any]] = defaultdict(Counter)
        self.voices: set[tuple[bool, int]] = set()  # a person here has one category

    def write(self, begin: int, many: int) -> None:
        """The comments number `begin` to `begin + many`."""
        for n in range(begin, begin + many):
            self._comment(n)
        for sheet in self.sheets.values():
            sheet.store()

    def _new(self, model: Any, **values: Any) -> int:
        return self.sheets[model].add(**values)

    def _say(self) -> tuple[str, str, str]:
        """Some sentences as typed, as shown, and as indexed."""
        said = self.random.choices(self.sentences, k=self.length())
        parts = [said[at : at + 4] for at in range(0, len(said), 4)]
        body = "\n\n".join(" ".join(s.text for s in part) for part in parts)
        html = "\n".join(f"<p>{' '.join(s.text for s in part)}</p>" for part in parts)
        return body, f"{html}\n", " ".join(s.indexed for s in said)

    def _comment(self, n: int) -> None:
        speaker = self.ground.speakers[crowd.few_often(self.random, len(self.ground.speakers))]
        clause = self.ground.clauses[crowd.few_often(self.random, len(self.ground.clauses))]
        body, html, indexed = self._say()
        posted_at = self.first + timedelta(days=DAYS) * (n / self.comments)
        votes = self._votes(speaker)
        replies = crowd.replies_of(self.random)
        self.numbers[speaker.prefix] += 1
        self.counts[Numbering][self.ground.consultation.id, speaker.prefix] += 1
        number = f"{speaker.prefix}-{self.numbers[speaker.prefix]:03d}"
        signed = speaker.organisation
        stance, kind = self.stance(), self.type()
        self.counts[RoundTally][self.ground.round_id, speaker.category, stance, kind, "unresolved"] += 1
        comment_id = self._new(
            Comment, consultation_id=self.ground.consultation.id, round_id=self.ground.round_id, number=number,
            author_id=speaker.id, author_name=speaker.name, category=speaker.category,
            organisation_id=signed[0] if signed else None, signed_by_id=speaker.id if signed else None,
            signed_at=posted_at if signed else None, stance=stance, type=kind, body=body, html=html,
            place=clause.rank, is_placed=True, posted_at=posted_at, active_at=posted_at + timedelta(minutes=replies), reply_count=replies,
            shuffle=self.random.randrange(CIRCLE), **ballots.kept(list(votes.values())),
        )  # fmt: skip
        quote = self._place(comment_id, clause, speaker)
        self._tally(comment_id, votes)
        title = " ".join(parted(f"{number} {speaker.name} {signed[2] if signed else ''}"))
        self._find("comment", clause, number, title, quote, indexed, comment_id=comment_id, reply_id=None)
        self._replies(comment_id, clause, replies, posted_at)

    def _place(self, comment_id: int, clause: Clause, speaker: Speaker) -> str:
        """Its anchor, its positions, and all counters that follow from them; returns the words it quotes."""
        begin = clause.text.find(" ") + 1 if self.random.random() < 0.4 else None
        end = None if begin is None else clause.text.find(",", begin)
        quote = "" if begin is None else clause.text[begin:end]
        self._new(
            Anchor, comment_id=comment_id, clause_id=clause.id, quote=quote, start=begin, end=end,
            prefix="" if begin is None else clause.text[max(0, begin - EDGE) : begin],
            suffix="" if end is None else clause.text[end : end + EDGE],
        )  # fmt: skip
        known = self.ground.positions
        chosen = self.random.sample(known, 2) if self.random.random() < 0.3 else [self.random.choice(known)]
        for position in chosen:
            self._new(CommentPosition, comment_id=comment_id, position_id=position)
            self.counts[ClauseTally][clause.id, position] += 1
            if begin is not None:
                self.counts[PassageTally][clause.id, begin, end, position] += 1
        self.counts[Position].update(chosen)
        self.counts[Clause][clause.id] += 1
        self.counts["total"].update(self.ground.above[clause.id])
        self.counts[ReadingPage][clause.page_id] += 1
        voice = (True, speaker.organisation[0]) if speaker.organisation else (False, speaker.id)
        if voice not in self.voices:
            self.voices.add(voice)
            self.counts["voices"][voice[0]] += 1
            self.counts[VoiceTally][self.ground.consultation.id, speaker.category, voice[0]] += 1
        self.counts[ArgumentTally].update((position, speaker.category) for position in chosen)
        if speaker.organisation:
            self.counts[BodyTally][self.ground.round_id, speaker.organisation[0]] += 1
        return quote

    def _votes(self, author: Speaker) -> dict[str, tuple[int, int, int]]:
        """Votes of others by interest category; kept for `_tally`, which knows the comment."""
        many = min(crowd.votes_of(self.random), len(self.ground.speakers) // 2)
        voters = {v for v in self.random.sample(self.ground.speakers, many) if v.id != author.id} if many else set()
        self.cast = [(voter, self.choice()) for voter in sorted(voters, key=lambda v: v.id)]
        found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for voter, choice in self.cast:
            found[voter.category][list(crowd.CHOICES).index(choice)] += 1
        return {category: (n[0], n[1], n[2]) for category, n in found.items()}

    def _tally(self, comment_id: int, votes: dict[str, tuple[int, int, int]]) -> None:
        for voter, choice in self.cast:
            self._new(
                Vote,
                comment_id=comment_id,
                person_id=voter.id,
                choice=choice,
                category=voter.category,
                voted_at=self.first,
            )
        for category, counts in votes.items():
            kept = dict(zip(ballots.COLUMNS, counts, strict=True))
            self._new(VoteTally, comment_id=comment_id, category=category, **kept)

    def _find(self, kind: str, clause: Clause, number: str, title: str, quote: str, indexed: str, **of: Any) -> None:
        self._new(
            SearchRow, kind=kind, consultation_id=self.ground.consultation.id, place=clause.rank,
            stemmer=self.stemmer, number=numbered(number), title=title,
            quote=" ".join(parted(quote)), words=indexed, **of,
        )  # fmt: skip

    def _replies(self, comment_id: int, clause: Clause, many: int, posted_at: datetime) -> None:
        standing = crowd.paths(self.random, many)
        answers = Counter(places[:-1] for places in standing)
        below = Counter(places[:depth] for places in standing for depth in range(1, len(places)))
        made: dict[Sequence[int], tuple[int, str]] = {(): (0, "")}  # id and path
        for minute, places in enumerate(standing, start=1):
            speaker = self.random.choice(self.ground.speakers)
            body, html, indexed = self._say()
            above, path = made[places[:-1]]
            path = branching.path_of(path, places[-1])
            reply_id = self._new(
                Reply, comment_id=comment_id, parent_id=above or None, path=path, depth=len(places),
                place=places[-1], answer_count=answers[places], below_count=below[places], author_id=speaker.id, author_name=speaker.name,
                organisation_id=speaker.organisation[0] if speaker.organisation else None, category=speaker.category,
                body=body, html=html, posted_at=posted_at + timedelta(minutes=minute),
            )  # fmt: skip
            made[places] = reply_id, path
            self._new(ReplyPosition, reply_id=reply_id, position_id=self.random.choice(self.ground.positions))
            title = " ".join(parted(f"{speaker.name} {speaker.organisation[2] if speaker.organisation else ''}"))
            self._find("reply", clause, "", title, "", indexed, comment_id=comment_id, reply_id=reply_id)

    def count(self) -> None:
        """Write what was counted."""
        voices = self.counts["voices"]
        for model, row_id in ((Consultation, self.ground.consultation.id), (Round, self.ground.round_id)):
            columns = ("comment_count", "organisation_count", "person_count")
            bulk.add(model, columns, {row_id: (self.comments, voices[True], voices[False])})
        for counted in (Position, Clause, ReadingPage):
            bulk.add(counted, ("comment_count",), {row_id: (n,) for row_id, n in self.counts[counted].items()})
        bulk.add(Clause, ("total_count",), {row_id: (n,) for row_id, n in self.counts["total"].items()})
        bulk.count(ClauseTally, ("clause_id", "position_id"), self.counts[ClauseTally])
        bulk.count(PassageTally, ("clause_id", "start", "end", "position_id"), self.counts[PassageTally])
        bulk.count(RoundTally, ("round_id", "category", "stance", "type", "disposition"), self.counts[RoundTally])
        bulk.count(ArgumentTally, ("position_id", "category"), self.counts[ArgumentTally])
        bulk.count(VoiceTally, ("consultation_id", "category", "is_organisation"), self.counts[VoiceTally])
        bulk.count(BodyTally, ("round_id", "organisation_id"), self.counts[BodyTally])
        bulk.count(Numbering, ("consultation_id", "prefix"), self.counts[Numbering], "last")
