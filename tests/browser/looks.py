"""Who looks at each page, and with which values; what is no page at all.

`PAGES` holds every endpoint that is a page, `NO_PAGES` every other that answers to GET.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from consult.accounts import links
from consult.accounts.models import Organisation
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.jobs import Job
from consult.debate.models import Comment, CommentDraft, Cosignature, Letter, OrganisationDraft
from consult.documents.models import DraftVersion
from consult.moderation.models import IntakeEntry
from consult.notices import endings

from .demo import ACT, ANSWERED, CHAPTER, CLAUSE, CSAF, NEXT, PREPARED, STANDARD, STRANGER, Demo

STAKEHOLDER, MODERATOR, ORGANISER, ADMINISTRATOR, PANEL = "amara", "miriam", "oskar", "ada", "samir"
NO_PAGES = {
    "asset", "lobby.healthz", "lobby.metrics", "lobby.readyz", "lobby.security_txt", "consultations.dates", "documents.numbered", "documents.source",
    "debate.clause_card", "debate.comment_annotation", "debate.comment_card", "debate.count", "debate.first_new", "debate.reply_card", "debate.reply_count",
    "moderation.intake_file", "moderation.scan", "documents.cite", "documents.picture", "documents.redline_docx", "documents.as_markdown",
    "outcomes.register_csv", "outcomes.register_json", "feeds.consultation_list", "feeds.outcome_list", "feeds.steps",
    "feeds.comments", "feeds.clause_comments", "feeds.answers", "feeds.moderation_log",
    "feeds.consultation_moderation_log", "feeds.dates", "feeds.standards", "learning.resource_file", "moderation.next_item",
    "administration.acts_file", "outcomes.standard_bibtex", "outcomes.standard_csl", "outcomes.standard_file", "outcomes.standard_pdf", "privacy.copy",
    "accounts.leave", "accounts.leave_to_link", "accounts.come_back", "accounts.arrived",  # looked at in test_openid.py
    "v1.clauses", "v1.comment", "v1.comments", "v1.consultation", "v1.consultation_list", "v1.me_and_my_token", "v1.openapi", "v1.outcome", "v1.versions",
}  # fmt: skip


@dataclass(frozen=True)
class Look:
    """Somebody looks at a page."""

    who: str = STRANGER
    values: dict[str, Any] = field(default_factory=dict)
    query: str = ""
    status: int = 200


Looks = list[Look]


def look(who: str = STRANGER, query: str = "", **values: Any) -> Callable[[Demo], Looks]:
    """One look whose values need no row of the demo."""
    return lambda _: [Look(who, values, query)]


def _link(purpose: str, who: str) -> Callable[[Demo], Looks]:
    def of(demo: Demo) -> Looks:
        token = links.token(demo.site.app.config["SECRET_KEY"], purpose, demo.person(who), "new@demo.example.org")
        return [Look(STRANGER, {"token": token})]

    return of


def _domain_proof(demo: Demo) -> Looks:
    row = demo.one(Organisation, Organisation.slug == "open-weights-foundation-demo")
    key, who = demo.site.app.config["SECRET_KEY"], demo.person(STAKEHOLDER).id
    return [Look(STRANGER, {"token": links.domain_token(key, row, who, "info@demo.example.org")})]


def _machine(demo: Demo) -> Looks:
    robot = demo.site.make.person("Robot (machine)", is_machine=True)
    return [Look(ADMINISTRATOR, {"machine_id": robot.id})]


def _unconfirmed(demo: Demo) -> Looks:
    person = demo.site.make.person("Not Confirmed", email_verified_at=None)
    return [Look(STRANGER, {"token": links.token(demo.site.app.config["SECRET_KEY"], links.CONFIRM, person)})]


def _comment(demo: Demo) -> Looks:
    hidden, author = demo.hidden()
    number = demo.one(type(demo.comment()), type(demo.comment()).id == hidden.comment_id).number
    values = {"slug": ACT, "number": demo.comment().number}
    return [
        Look(STRANGER, values), Look("hanna", values), Look(STRANGER, {"slug": CSAF, "number": "LOG-001"}),
        Look(MODERATOR, {"slug": ACT, "number": number}), Look(author, {"slug": ACT, "number": number}),
    ]  # fmt: skip


def _drafts(demo: Demo) -> Looks:
    person = demo.person("hanna")
    version = demo.one(DraftVersion, DraftVersion.frozen_at.is_not(None))
    for place, discarded_at in ((CLAUSE, None), ("", clock.now())):
        fields = json.dumps({"body": "What I began to say. " * 20, "positions": ["safety"]})
        demo.site.make.row(
            CommentDraft(
                person_id=person.id, version_id=version.id, place=place, fields=fields, sheet="0" * 32,
                discarded_at=discarded_at,
            )
        )  # fmt: skip
    return [Look("hanna"), Look(STAKEHOLDER)]


def _letter(*who: str, is_cut: bool) -> Callable[[Demo], Looks]:
    def of(demo: Demo) -> Looks:
        letter = demo.one(Letter, Letter.cut_at.is_not(None) if is_cut else Letter.cut_at.is_(None))
        return [Look(one, {"slug": ACT, "letter_id": letter.id}) for one in who]

    return of


def _signed(demo: Demo) -> Looks:
    signed = demo.one(type(demo.comment()), type(demo.comment()).cosignature_count > 0)
    return [Look(who, {"slug": ACT, "number": signed.number}) for who in (STRANGER, "hanna")]


def _shared(demo: Demo) -> Looks:
    draft = demo.one(OrganisationDraft, OrganisationDraft.stage == "proposed")
    return [Look(who, {"slug": "open-weights-foundation-demo", "shared_id": draft.id}) for who in (STAKEHOLDER, "inga")]


def _to_sign(demo: Demo) -> Looks:
    waits = demo.one(Comment, Comment.unsigned_for_id.is_not(None))
    return [Look(STAKEHOLDER, {"slug": ACT, "number": waits.number})]


def _own_comment(demo: Demo) -> Looks:
    return [Look(demo.key_of(demo.comment().author_id), {"slug": ACT, "number": demo.comment().number})]


def _own_reply(demo: Demo) -> Looks:
    values = {"slug": ACT, "number": demo.comment().number, "reply_id": demo.reply().id}
    return [Look(demo.key_of(demo.reply().author_id), values)]


def _my_name(demo: Demo) -> Looks:
    row = demo.one(Cosignature, Cosignature.organisation_id.is_(None))
    number = demo.one(Comment, Comment.id == row.comment_id).number
    return [Look(demo.key_of(row.person_id), {"slug": ACT, "number": number})]


def _appeal(demo: Demo) -> Looks:
    act, author = demo.hidden()
    return [Look(author, {"slug": ACT, "act_id": act.id})]


def _moderation_item(demo: Demo) -> Looks:
    act, _author = demo.hidden()
    hidden = demo.one(type(demo.comment()), type(demo.comment()).id == act.comment_id).number
    return [
        Look(MODERATOR, {"slug": ACT, "kind": "comments", "key": demo.comment().number}),
        Look(MODERATOR, {"slug": ACT, "kind": "comments", "key": hidden}),
        Look(MODERATOR, {"slug": ACT, "kind": "replies", "key": demo.reply().id}),
    ]


def _came(demo: Demo) -> tuple[int, int, str]:
    """A contribution that waits for Miriam, and one that is in the debate, with the number of its comment."""
    row = demo.one(Consultation, Consultation.slug == ACT)
    known = demo.site.make.count(IntakeEntry) + 1
    came = {
        "consultation_id": row.id, "source": "paper", "received_on": clock.day_in("UTC"), "sender": "Grace Hopper",
        "body": "The clause does not say who publishes the summary. " * 9, "entered_by_id": demo.oskar.id,
    }  # fmt: skip
    comment = demo.site.make.comment(
        row, author_id=None, author_name="Grace Hopper", source="paper", number=f"PAPER-{known:03d}"
    )
    posted = {"comment_id": comment.id, "checked_at": clock.now(), "checked_by_id": demo.miriam.id}
    demo.site.make.row(IntakeEntry(**came, number=known, state="entered"))
    demo.site.make.row(IntakeEntry(**came, number=known + 1, state="posted", **posted))
    return known, known + 1, comment.number


def _intake(demo: Demo) -> Looks:
    entered, posted, _ = _came(demo)
    return [
        Look(who, {"slug": ACT, "entry": n})
        for who, n in ((MODERATOR, entered), (ORGANISER, entered), (MODERATOR, posted))
    ]


def _claim(demo: Demo) -> Looks:
    values = {"slug": ACT, "number": _came(demo)[2]}
    return [Look(STRANGER, values), Look(STAKEHOLDER, values)]


def _mail(demo: Demo) -> Looks:
    letters = sorted(demo.site.folder.glob("mail/*.eml"))
    return [Look(STRANGER, {"number": int(letters[0].stem)})]


def _structure(demo: Demo) -> Looks:
    demo.stage()
    return [Look(ORGANISER, {"slug": PREPARED}, query) for query in ("", "unit=3-1-p1", "unit=3-1")]


def _several(*looks: Callable[[Demo], Looks]) -> Callable[[Demo], Looks]:
    return lambda demo: [one for some in looks for one in some(demo)]


def _job(demo: Demo) -> int:
    """A mail that failed for good."""
    error = "smtplib.SMTPRecipientsRefused: {'ada@example.org': (550, b'5.1.1 <ada@example.org> User unknown')}"
    failed = {"due_at": clock.now(), "is_parked": True, "tries": 7, "error": error}
    payload = json.dumps({"template": "accounts/password_changed", "to": "ada@example.org", "values": {}})
    return demo.site.make.row(Job(kind="mail.send", payload=payload, **failed)).id


def _jobs(demo: Demo) -> Looks:
    return [Look(ADMINISTRATOR, {}, f"show={shown}") for shown in ("failed", "done") if _job(demo)]


PAGES: dict[str, Callable[[Demo], Looks]] = {
    "administration.acts": look(ADMINISTRATOR),
    "administration.consultation": look(ADMINISTRATOR, slug=ACT),
    "administration.consultations": look(ADMINISTRATOR),
    "administration.deed": lambda demo: [
        Look(ADMINISTRATOR, {"person_id": demo.person(STAKEHOLDER).id, "noun": noun}) for noun in ("suspension", "erasure")
    ],
    "administration.description": look(ADMINISTRATOR, slug="open-weights-foundation-demo"),
    "administration.discarding": lambda demo: [Look(ADMINISTRATOR, {"job_id": _job(demo)})],
    "administration.dismissal": lambda demo: [
        Look(ADMINISTRATOR, {"slug": ACT, "person_id": demo.oskar.id, "role": "organiser"})
    ],
    "administration.jobs": _jobs,
    "administration.mail": _jobs,
    "administration.organisation": look(ADMINISTRATOR, slug="open-weights-foundation-demo"),
    "administration.organisations": look(ADMINISTRATOR),
    "administration.people": _several(look(ADMINISTRATOR), look(ADMINISTRATOR, "q=nobody+at+all")),
    "administration.person": lambda demo: [
        Look(ADMINISTRATOR, {"person_id": demo.person(who).id}) for who in (ORGANISER, ADMINISTRATOR)
    ],
    "administration.settings": look(ADMINISTRATOR),
    "administration.start": look(ADMINISTRATOR),
    "accounts.account": _several(look(STAKEHOLDER), look("hanna")),
    "accounts.authenticator": look(STAKEHOLDER),
    "accounts.check_mail": look(),
    "accounts.confirmation": _unconfirmed,
    "accounts.domain": lambda demo: [Look(ADMINISTRATOR, {"slug": "open-weights-foundation-demo"})],
    "accounts.domain_proof": _domain_proof,
    "accounts.email": look(STAKEHOLDER),
    "accounts.forgotten_password": look(),
    "accounts.invitations": lambda demo: [Look(who) for who in (STAKEHOLDER, MODERATOR)],
    "accounts.invite_members": lambda demo: [Look(ADMINISTRATOR, {"slug": "open-weights-foundation-demo"})],
    "accounts.category": lambda demo: [Look(ADMINISTRATOR, {"slug": "open-weights-foundation-demo"})],
    "accounts.duplicates": look(ADMINISTRATOR),
    "accounts.same_as": lambda demo: [Look(ADMINISTRATOR, {"slug": "open-weights-foundation-demo"})],
    "accounts.merge": lambda demo: [
        Look(ADMINISTRATOR, {"slug": "open-weights-foundation-demo", "into": "commons-archive-demo"})
    ],
    "accounts.new_email": _link(links.CHANGE, "hanna"),
    "accounts.new_organisation": look(STAKEHOLDER),
    "accounts.new_passkey": look(STAKEHOLDER),
    "accounts.new_password": _link(links.RESET, "hanna"),
    "accounts.organisation": lambda demo: [Look(who, {"slug": "open-weights-foundation-demo"}) for who in (STRANGER, STAKEHOLDER)],
    "accounts.organisations": look(),
    "accounts.parent": lambda demo: [Look(ADMINISTRATOR, {"slug": "open-weights-foundation-demo"})],
    "accounts.password": look(STAKEHOLDER),
    "accounts.person": lambda demo: [Look(STRANGER, {"person_id": demo.person(STAKEHOLDER).id})],
    "accounts.profile": look(STAKEHOLDER),
    "accounts.proof": look(STAKEHOLDER),
    "accounts.recovery_codes": look(STAKEHOLDER),
    "accounts.register": look(),
    "accounts.sign_in": look(),
    "accounts.voice": look(STAKEHOLDER),
    "api.about": look(),
    "api.closing": _machine,
    "api.machine": _machine,
    "api.machines": _several(look(ADMINISTRATOR), look(STAKEHOLDER)),
    "api.tokens_page": look(STAKEHOLDER),
    "consultations.history": look(slug=ACT),
    "consultations.index": _several(look(), look(query="state=published")),
    "consultations.manage": _several(
        look(ORGANISER, slug=ACT), look(ORGANISER, slug=PREPARED), look(MODERATOR, slug=ANSWERED), look(ADMINISTRATOR, slug=CSAF)
    ),
    "consultations.new": _several(look(STAKEHOLDER), look(ORGANISER)),
    "consultations.overview": _several(
        look(slug=ACT), look(slug=CSAF), look(STAKEHOLDER, slug=ACT), look(ORGANISER, slug=PREPARED)
    ),
    "consultations.preview": look(ORGANISER, slug=PREPARED),
    "consultations.settle": lambda _: [
        Look(ORGANISER, {"slug": PREPARED, "stage": stage})
        for stage in ("words", "bodies", "questions", "draft", "positions", "dates", "access", "people", "check")
    ],
    "consultations.step": _several(*(look(ORGANISER, slug=ACT, noun=noun) for noun in ("extension", "pause"))),
    "debate.carried_comments": _several(look(MODERATOR, slug=NEXT), look(MODERATOR, query="list=all", slug=CSAF)),
    "debate.clause": _several(
        look(slug=NEXT, version=2, key="1-2"),
        look(slug=ACT, version=1, key=CLAUSE), look(STAKEHOLDER, "write=1", slug=ACT, version=1, key=CLAUSE)
    ),
    "debate.comment": _comment,
    "debate.comments": _several(look(slug=ACT), look(slug=CSAF)),
    "search.everything": _several(look(), look(query="q=training+data"), look(query="q=unicorns")),
    "search.consultation": _several(
        look(slug=ACT), look(query="q=summary&kind=comment&position=access", slug=ACT), look(query="q=the", slug=CSAF)
    ),
    "debate.edit": _own_comment,
    "debate.edit_reply": _own_reply,
    "debate.all_letters": _several(look(slug=ACT), look(MODERATOR, slug=ACT), look(slug=CSAF)),
    "debate.cut_letter": _letter("nils", MODERATOR, is_cut=False),
    "debate.discard": _letter("nils", is_cut=False),
    "debate.my_letters": _several(look("nils"), look("tomas"), look("hanna")),
    "debate.new_letter": _several(look(slug=ACT), look(STAKEHOLDER, slug=ACT)),
    "debate.whole_letter": _several(
        _letter(STRANGER, "tomas", is_cut=True), _letter("nils", MODERATOR, is_cut=False)
    ),
    "debate.my_drafts": _drafts,
    "debate.my_carried_comments": look(STAKEHOLDER, query="list=all", slug=NEXT),
    "debate.name": _own_comment,
    "debate.name_letter": _letter("nils", is_cut=False),
    "debate.name_of_mine": _my_name,
    "debate.name_of_reply": _own_reply,
    "debate.names": _several(_signed, look(STAKEHOLDER, slug=CSAF, number="LOG-001")),
    "debate.read_to_sign": _to_sign,
    "debate.shared_draft": _shared,
    "debate.shared_drafts": _several(*(look(who, slug="open-weights-foundation-demo") for who in (STAKEHOLDER, "inga"))),
    "debate.sign": lambda demo: [Look("oskar", {"slug": ACT, "number": demo.comment().number})],
    "debate.passages": look(slug=ACT, version=1, key=CLAUSE),
    "debate.positions": _several(
        look(slug=ACT, version=1, key=CLAUSE), look(STAKEHOLDER, slug=ACT, version=1, key="article-51-2"),
        look(slug=NEXT, version=1, key="1"),
    ),
    "debate.place": look(MODERATOR, slug=CSAF, number="LOG-001"),
    "debate.reading_page": _several(
        look(slug=ACT, version=1, page_key=CHAPTER),
        look(query=f"at={CLAUSE}", slug=ACT, version=1, page_key=CHAPTER),
        look(STAKEHOLDER, f"at={CLAUSE}&write=1", slug=ACT, version=1, page_key=CHAPTER),
    ),
    "debate.reading_room": _several(look(slug=ACT), look(slug=CSAF)),
    "debate.thread": lambda demo: [Look(who, {"slug": ACT, "number": demo.comment().number, "reply_id": demo.reply().id}) for who in (STRANGER, "hanna")],
    "debate.weigh": lambda demo: [Look(who, {"slug": ACT, "number": demo.comment().number}) for who in (STRANGER, "nils", "hanna")],
    "debate.weigh_in": _several(look(slug=ACT), look("hanna", slug=ACT), look(slug=CSAF)),
    "debate.withdraw": _own_comment,
    "debate.withdraw_reply": _own_reply,
    "debate.write": _several(
        look(STAKEHOLDER, f"version=1&clause={CLAUSE}", slug=ACT), look(STAKEHOLDER, slug=ACT)
    ),
    "documents.alignment_table": _several(
        look(ORGANISER, slug=CSAF, version=2), look(ORGANISER, query="show=edited", slug=CSAF, version=2)
    ),
    "documents.compare_versions": _several(
        look(slug=CSAF), look(query="view=side&page=9", slug=CSAF), look(query="show=all&page=2", slug=CSAF), look(slug=ACT)
    ),
    "documents.manage_draft": _several(look(ORGANISER, slug=PREPARED), look(ORGANISER, slug=ACT)),
    "documents.print_changes": _several(look(slug=CSAF, query="show=with-comment"), look(slug=ACT)),
    "documents.print_view": look(slug=PREPARED, version=1, who=ORGANISER),
    "documents.show_structure": _structure,
    "learning.confirm_removal": lambda demo: [Look("edda", {"slug": ACT, "kind": "terms", "item_id": demo.term().id})],
    "learning.confirm_taking_off": lambda demo: [
        Look(MODERATOR, {"slug": ACT, "resource_id": demo.resource("accepted").id})
    ],
    "learning.decide": lambda demo: [
        Look(who, {"slug": ACT, "resource_id": demo.resource("proposed").id}) for who in (MODERATOR, "edda")
    ],
    "learning.desk": _several(look(ORGANISER, slug=ACT), look(MODERATOR, slug=ACT), look(ORGANISER, slug=PREPARED)),
    "learning.edit_guide": _several(look("edda", slug=ACT), look(MODERATOR, slug=ACT)),
    "learning.edit_item": lambda demo: [Look("edda", {"slug": ACT, "kind": "terms", "item_id": demo.term().id})],
    "learning.edit_resource": lambda demo: [
        Look(ORGANISER, {"slug": ACT, "resource_id": demo.resource("accepted").id})
    ],
    "learning.guide": _several(look(slug=ACT), look(slug=CSAF), look(ORGANISER, slug=PREPARED)),
    "learning.items": _several(
        *(look(ORGANISER, slug=slug, kind=kind) for slug in (ACT, PREPARED) for kind in ("questions", "terms"))
    ),
    "learning.keep_shelf": _several(look(MODERATOR, slug=ACT), look(ORGANISER, slug=PREPARED)),
    "learning.new_file": look(ORGANISER, slug=ACT),
    "learning.new_item": _several(*(look(ORGANISER, slug=ACT, kind=kind) for kind in ("questions", "terms"))),
    "learning.new_proposal": _several(look(STAKEHOLDER, slug=ACT)),
    "learning.new_resource": look(ORGANISER, slug=ACT),
    "learning.resources": _several(
        look(slug=ACT), look(slug=CSAF), look("marco", slug=ACT), look(query="kind=model", slug=ACT)
    ),
    "lobby.about": look(),
    "lobby.accessibility": look(),
    "lobby.appearance": look(),
    "lobby.home": look(),
    "lobby.mail": _mail,
    "lobby.mails": look(),
    "lobby.privacy": look(),
    "lobby.style_guide": look(),
    "moderation.appeal_page": _appeal,
    "moderation.all_campaigns": look(slug=ANSWERED),
    "moderation.campaign": look(slug=ANSWERED, number=1),
    "moderation.campaign_list": _several(look(MODERATOR, slug=ANSWERED), look(MODERATOR, slug=ACT)),
    "moderation.consultation_log": look(slug=ACT),
    "moderation.disown": look(slug=CSAF, number="LOG-001"),
    "moderation.claim_page": _claim,
    "moderation.intake_desk": _several(look(MODERATOR, slug=ACT), look(ORGANISER, query="shown=posted", slug=ACT)),
    "moderation.intake_entry": _intake,
    "moderation.intake_receipt": lambda demo: [Look(MODERATOR, {"slug": ACT, "entry": _came(demo)[1]})],
    "moderation.item": _moderation_item,
    "moderation.manage_campaign": look(MODERATOR, slug=ANSWERED, number=1),
    "moderation.new_entry": look(MODERATOR, slug=ACT),
    "moderation.public_log": look(),
    "moderation.queue": _several(look(MODERATOR, slug=ACT), look(PANEL, slug=ACT)),
    "moderation.report": lambda demo: [Look(who, {"slug": ACT, "number": demo.comment().number}) for who in (STRANGER, "hanna")],
    "notices.ending": lambda demo: [
        Look(STRANGER, {"token": endings.token(demo.site.app.config["SECRET_KEY"], demo.person(STAKEHOLDER).id, "daily")})
    ],
    "notices.follows": _several(look(STAKEHOLDER), look(ADMINISTRATOR)),
    "notices.inbox": _several(look(STAKEHOLDER), look(MODERATOR), look(ADMINISTRATOR)),
    "notices.settings": _several(look(STAKEHOLDER), look(MODERATOR)),
    "privacy.data": look(STAKEHOLDER),
    "privacy.erasure": _several(look(STAKEHOLDER), look(ORGANISER)),
    "outcomes.adoption": look(ORGANISER, slug=CSAF),
    "outcomes.confirm_removal": lambda demo: [Look(ORGANISER, {"slug": ANSWERED, "statement_id": demo.statement.id})],
    "outcomes.desk": lambda demo: [
        Look(MODERATOR, {"slug": ANSWERED, "number": demo.unanswered[0].number}),
        Look(MODERATOR, {"slug": CSAF, "number": "LOG-001"}),
    ],
    "outcomes.library": _several(look(), look(query="q=nothing")),
    "outcomes.look_again": look(ORGANISER, slug=STANDARD),
    "outcomes.mine": _several(look(STAKEHOLDER), look(ADMINISTRATOR)),
    "outcomes.material_changes": look(ORGANISER, slug=CSAF),
    "outcomes.objections": _several(look(slug=CSAF), look(STAKEHOLDER, slug=CSAF)),
    "outcomes.preview": look(ORGANISER, slug=ANSWERED),
    "outcomes.show_outcome": _several(look(slug=CSAF), look(slug=ACT)),
    "outcomes.standard": _several(look(slug=STANDARD), look(ORGANISER, slug=STANDARD)),
    "outcomes.standard_text": look(slug=STANDARD, number=1),
    "outcomes.standard_version": look(slug=STANDARD, number=1),
    "outcomes.show_version": look(slug=CSAF, version=1),
    "outcomes.versions": look(slug=CSAF),
    "outcomes.summary": lambda demo: [
        Look(ORGANISER, {"slug": ANSWERED}, f"statement={demo.statement.id}"),
        Look(ORGANISER, {"slug": ANSWERED}, f"edit={demo.statement.id}"),
        Look(ADMINISTRATOR, {"slug": CSAF}),
    ],
    "outcomes.changes": _several(look(MODERATOR, slug=ANSWERED), look(ORGANISER, slug=CSAF)),
    "outcomes.chosen": look(MODERATOR, "all=y", slug=ANSWERED),
    "outcomes.table": _several(look(MODERATOR, slug=ANSWERED), look(MODERATOR, "assigned=mine", slug=ANSWERED)),
    "outcomes.template": lambda demo: [Look(MODERATOR, {"slug": ANSWERED, "template_id": demo.template.id})],
    "outcomes.templates": look(MODERATOR, slug=ANSWERED),
    "outcomes.theme": look(MODERATOR, slug=ANSWERED, theme=1),
    "outcomes.theme_desk": look(MODERATOR, slug=ANSWERED, theme=1),
    "outcomes.themes": look(MODERATOR, slug=ANSWERED),
    "outcomes.workbench": _several(look(MODERATOR, slug=ANSWERED), look(ORGANISER, slug=CSAF)),
}  # fmt: skip
ERRORS = {
    "no such page": Look(STRANGER, {}, "/nowhere", 404),
    "not for you": Look(STAKEHOLDER, {}, f"/c/{ACT}/manage", 403),
    "dead link": Look(STRANGER, {}, "/new-password/forged", 404),
}
