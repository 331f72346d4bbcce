"""What the matrix asks of each address: the values of its arguments, and what a form would send."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

from consult.accounts import factors, links
from consult.accounts.passkeys import ENTER, STEP
from consult.documents.models import StagedDraft
from consult.moderation import receipt_codes
from consult.outcomes.models import (
    mark,
)
from tests.make import PASSWORD

from .world import APP_KEY, NEW_PASSWORD, World


def value_of(world: World, endpoint: str, argument: str) -> object:
    """What stands in an address for `argument`; an argument that is not known here fails the test."""
    special = SPECIAL.get((endpoint, argument))
    return special(world) if special else USUAL[argument](world)


SHA = hashlib.sha256(b"# New draft\n\nOther words.").hexdigest()
MARK = StagedDraft(sha256=SHA, edits="[]").mark
USUAL: dict[str, Callable[[World], object]] = {
    "slug": lambda w: "matrix",
    "number": lambda w: w.comment.number,
    "version": lambda w: 1,
    "key": lambda w: "1-1",
    "page_key": lambda w: "1",
    "reply_id": lambda w: w.reply.id,
    "statement_id": lambda w: w.statements[0],
    "objection": lambda w: 1,
    "stage": lambda w: "words",
    "noun": lambda w: "withdrawal",
    "role": lambda w: "moderator",
    "person_id": lambda w: w.other_moderator.id,
    "membership_id": lambda w: w.asked.id,
    "invitation_id": lambda w: w.invitation.id,
    "grant_id": lambda w: w.grant.id,
    "interest_id": lambda w: w.interest.id,
    "sign_in_id": lambda w: w.second_sign_in.id,
    "passkey_id": lambda w: w.passkey.id,
    "kind": lambda w: "comments",
    "act_id": lambda w: w.act.id,
    "appeal_id": lambda w: w.appeal.id,
    "correction_id": lambda w: w.correction.id,
    "draft_id": lambda w: w.draft.id,
    "carried_id": lambda w: w.carried.id,
    "item_id": lambda w: w.question.id,
    "resource_id": lambda w: w.resources["accepted"].id,
    "notice_id": lambda w: w.notice.id,
    "letter_id": lambda w: w.letter.id,
    "shared_id": lambda w: w.shared["proposed"].id,
    "theme": lambda w: w.theme.number,
    "template_id": lambda w: w.template.id,
    "view_id": lambda w: w.view.id,
    "assignment_id": lambda w: w.assignment.id,
    "entry": lambda w: w.entry.number,
    "file_id": lambda w: w.scans[0],
    "token_id": lambda w: w.token_row.id,
    "machine_id": lambda w: w.machine.id,
}
OF_AN_ORGANISATION = (
    "organisation", "ask_membership", "verify_organisation", "invite_member", "invite_members", "domain", "request_domain", "parent",
    "set_parent", "end_parent",
)  # fmt: skip
OF_A_SHARED_DRAFT = (
    "shared_drafts", "shared_draft", "change_shared", "note_on_shared", "propose_for_signature", "send_back",
    "sign_shared", "post_shared_as_own", "put_away", "take_up",
)  # fmt: skip
OF_A_STANDARD = (
    "standard_version", "standard_text", "standard_file", "standard_pdf", "standard_bibtex", "standard_csl",
)  # fmt: skip
OF_A_PROPOSAL = ("accept", "decide", "decline", "withdraw")
OF_AN_ITEM = (
    "items",
    "new_item",
    "add_item",
    "preview_item",
    "edit_item",
    "save_item",
    "confirm_removal",
    "remove_item",
)
SPECIAL: dict[tuple[str, str], Callable[[World], object]] = {
    ("outcomes.decide_hiding_appeal", "objection"): lambda w: 2,
    ("outcomes.appeal_hiding", "objection"): lambda w: 3,
    **{(f"accounts.{name}", "slug"): lambda w: w.organisation.slug for name in OF_AN_ORGANISATION},
    **{(f"accounts.{name}", "token"): lambda w: w.domain_token() for name in ("domain_proof", "prove_domain")},
    ("accounts.end_membership", "membership_id"): lambda w: w.membership.id,
    ("accounts.start_signing", "membership_id"): lambda w: w.membership.id,
    ("accounts.end_signing", "membership_id"): lambda w: w.signing.id,
    ("accounts.confirmation", "token"): lambda w: w.token(links.CONFIRM, "unverified"),
    ("accounts.confirm", "token"): lambda w: w.token(links.CONFIRM, "unverified"),
    ("accounts.new_password", "token"): lambda w: w.token(links.RESET, "person"),
    ("accounts.set_password", "token"): lambda w: w.token(links.RESET, "person"),
    ("accounts.new_email", "token"): lambda w: w.token(links.CHANGE, "person", "new@example.org"),
    ("accounts.use_new_email", "token"): lambda w: w.token(links.CHANGE, "person", "new@example.org"),
    ("debate.place", "number"): lambda w: w.unplaced.number,
    ("debate.place_comment", "number"): lambda w: w.unplaced.number,
    ("moderation.place", "number"): lambda w: w.unplaced.number,
    ("moderation.campaign", "number"): lambda w: w.campaign.number,
    ("moderation.manage_campaign", "number"): lambda w: w.campaign.number,
    ("moderation.decide_campaign", "number"): lambda w: w.campaign.number,
    ("moderation.claim_campaign", "number"): lambda w: w.campaign.number,
    ("moderation.let_campaign_go", "number"): lambda w: w.campaign.number,
    ("moderation.disown", "number"): lambda w: w.unplaced.number,
    ("moderation.send_disowning", "number"): lambda w: w.unplaced.number,
    **{("moderation." + name, "entry"): lambda w: w.came.number for name in ("intake_receipt", "renew_code")},
    **{
        ("moderation." + name, "number"): lambda w: "MAIL-001" for name in ("claim", "claim_page", "scan", "undo_claim")
    },
    ("moderation.undo_claim", "number"): lambda w: w.unplaced.number,
    ("moderation.scan", "file_id"): lambda w: w.scans[1],
    ("documents.cite", "kind"): lambda w: "bib",
    ("moderation.item", "key"): lambda w: w.comment.number,
    ("moderation.decide", "key"): lambda w: w.comment.number,
    ("moderation.claim_item", "key"): lambda w: w.comment.number,
    ("moderation.let_go", "key"): lambda w: w.comment.number,
    ("moderation.release", "kind"): lambda w: "replies",
    ("moderation.release", "key"): lambda w: w.held.id,
    ("moderation.appeal", "act_id"): lambda w: w.fresh_act.id,
    ("moderation.appeal_page", "act_id"): lambda w: w.fresh_act.id,
    ("moderation.hand_in_again", "act_id"): lambda w: w.fresh_act.id,
    ("documents.alignment_table", "version"): lambda w: 2,
    ("documents.confirm_alike", "version"): lambda w: 2,
    ("documents.decide_pairs", "version"): lambda w: 2,
    ("documents.freeze_version", "version"): lambda w: 2,
    ("documents.link_clause", "clause"): lambda w: w.next_clauses[1],
    ("documents.link_clause", "version"): lambda w: 2,
    ("notices.ending", "token"): lambda w: w.ending,
    ("notices.end_mails", "token"): lambda w: w.ending,
    ("notices.follow_organisation", "slug"): lambda w: w.organisation.slug,
    ("documents.picture", "name"): lambda w: "00ff00ff",
    ("lobby.mail", "number"): lambda w: 1,
    **{(f"outcomes.{name}", "number"): lambda w: 1 for name in OF_A_STANDARD},
    **{(f"debate.{name}", "slug"): lambda w: w.organisation.slug for name in OF_A_SHARED_DRAFT},
    ("debate.propose_for_signature", "shared_id"): lambda w: w.shared["open"].id,
    ("debate.take_up", "shared_id"): lambda w: w.shared["dropped"].id,
    ("debate.read_to_sign", "number"): lambda w: w.unsigned.number,
    ("debate.sign_comment", "number"): lambda w: w.unsigned.number,
    ("learning.put_back", "resource_id"): lambda w: w.resources["removed"].id,
    ("learning.resource_file", "resource_id"): lambda w: w.resources["file"].id,
    **{(f"learning.{name}", "resource_id"): lambda w: w.resources["proposed"].id for name in OF_A_PROPOSAL},
    **{(f"learning.{name}", "kind"): lambda w: "questions" for name in OF_AN_ITEM},
}

COMMENT = {
    "version": 1,
    "clause": "1-1",
    "body": "Say who.",
    "positions": "safety",
    "stance": "object",
    "type": "general",
}
CUT = {"cut-0": "begin", "cut-1": "leave", "p0-given": "1", "p0-positions": "safety", "p0-stance": "object"}
QUESTION = {"question": "Whom does it touch?", "answer": "Everybody.", "seen": 0}
LABEL = {
    "kind": "code", "title": "A program", "url": "https://example.org/code", "licence": "MIT", "language": "en",
    "description": "It counts.", "seen": 0,
}  # fmt: skip
CONTRIBUTION = {
    "source": "paper", "received_on": "2026-01-05", "category": "individual", "consent": "no", "language": "en",
    "body": "On paper.", "stance": "", "type": "general", "seen": 0,
}  # fmt: skip
STATEMENT = {"section": "said", "text": "They said so."}
# What makes each POST succeed for somebody; an address that is not here needs no fields.
BODIES: dict[str, Callable[[World], dict[str, Any]]] = {
    "api.make_token": lambda w: {"name": "Sheet", "scopes": "read", "days": 90},
    "api.make_machine": lambda w: {"name": "Robot", "organisation": w.organisation.slug},
    "api.make_machine_token": lambda w: {"name": "Sheet", "scopes": "read", "days": 90},
    "v1.post_comment": lambda w: {
        "body": "Say who.", "clauses": ["1-1"], "positions": ["safety"], "stance": "object",
    },
    "v1.post_reply": lambda w: {"body": "I agree."},
    "v1.put_vote": lambda w: {"choice": "agree"},
    "accounts.act_for": lambda w: {"organisation": ""},
    "privacy.ask_erasure": lambda w: {"phrase": "erase me", "words": "stay", "current_password": PASSWORD},
    "accounts.change_email": lambda w: {"email": "other@example.org", "current_password": PASSWORD},
    "accounts.change_password": lambda w: {"current_password": PASSWORD, "password": NEW_PASSWORD},
    "accounts.create_account": lambda w: {
        "name": "New", "email": "new@example.org", "password": NEW_PASSWORD, "category": "individual", "country": "",
    },
    "accounts.declare_interest": lambda w: {"interest": "Works for a vendor."},
    "accounts.describe": lambda w: {"name": "Other name", "category": "academia", "country": ""},
    "accounts.finish_session": lambda w: {
        "half_way": w.token(links.HALF_WAY, "author"), "stay": "", "app_code": w.code(w.app_secret),
    },
    "accounts.set_up_authenticator": lambda w: {
        "sealed": factors.seal(w.app.config["SECRET_KEY"], w.people["person"].id, APP_KEY),
        "app_code": w.code(APP_KEY),
    },
    "accounts.found_organisation": lambda w: {
        "name": "Newly founded", "category": "industry", "country": "", "size": "",
    },
    "accounts.invite_member": lambda w: {"email": "new@example.org", "role": "member"},
    "accounts.set_parent": lambda w: {"parent": w.parent.name},
    "accounts.request_domain": lambda w: {"email": "info@library.example.org"},
    "accounts.add_passkey": lambda w: w.new_passkey("person"),
    "accounts.enter_with_passkey": lambda w: w.signed(ENTER),
    "accounts.prove_with_passkey": lambda w: w.signed(STEP),
    "accounts.prove": lambda w: {"password": PASSWORD},
    "accounts.request_reset": lambda w: {"email": w.people["person"].email},
    "accounts.set_password": lambda w: {"password": NEW_PASSWORD},
    "accounts.start_session": lambda w: {"email": w.people["person"].email, "password": PASSWORD},
    "consultations.begin": lambda w: {"title": "Another one"},
    "consultations.invite": lambda w: {"email": w.people["person"].email, "role": "moderator"},
    "consultations.save_settings": lambda w: {
        "edit_number": 0, "title": "Other title", "summary": "In plain words.", "scope": "All of it.",
    },
    "consultations.take_step": lambda w: {"reason": "It is not needed any more."},
    "debate.cast_vote": lambda w: {"choice": "agree"},
    "debate.cast_weight": lambda w: {"choice": "agree"},
    "debate.change_shared": lambda w: COMMENT | {"draft": 1},
    "debate.cosign": lambda w: {"seen": 0},
    "debate.judge": lambda w: {"said": "still_applies"},
    "debate.hand_over_letter": lambda w: {"to": "moderators"},
    "debate.note_on_shared": lambda w: {"body": "Shall we ask the lawyers?"},
    "debate.note_visit": lambda w: {"all_read": "1"},
    "debate.place_comment": lambda w: {"positions": "safety"},
    "debate.post_comment": lambda w: COMMENT,
    "debate.post_shared_as_own": lambda w: {"seen": 1},
    "debate.send_back": lambda w: {"reason": "Say which clause."},
    "debate.share_draft": lambda w: COMMENT,
    "debate.sign_comment": lambda w: {"seen": 0},
    "debate.sign_shared": lambda w: {"seen": 1},
    "debate.post_reply": lambda w: {"to": 0, "body": "I agree."},
    "debate.post_letter": lambda w: CUT,
    "debate.preview": lambda w: COMMENT,
    "debate.send_letter": lambda w: {"body": "One.", "cut_by": "me"},
    "debate.save_draft": lambda w: COMMENT,
    "debate.similar": lambda w: COMMENT,
    "debate.save_reply_wording": lambda w: {"seen": 0, "body": "Other words."},
    "debate.save_wording": lambda w: {"seen": 0, "body": "Other words."},
    "documents.correct_structure": lambda w: {"act": "omit", "unit": "1-p1", "seen": MARK},
    "documents.confirm_alike": lambda w: {"at_least": 90, "count": 1},
    "documents.decide_pairs": lambda w: {"pairs": w.pair, "decision": "same"},
    "documents.link_clause": lambda w: {"name": "1.1"},
    "documents.keep_draft": lambda w: {"sha256": SHA},
    "documents.look_at_draft": lambda w: {"text": "# New draft\n\nOther words."},
    "documents.undo_corrections": lambda w: {"seen": MARK},
    **{f"learning.{name}": lambda w: LABEL for name in ("accept", "add_resource", "propose", "save_resource")},
    "learning.add_file": lambda w: LABEL | {"file": (BytesIO(b"a,b\n3,4\n"), "others.csv")},
    **{f"learning.{name}": lambda w: QUESTION for name in ("add_item", "preview_item", "save_item")},
    **{f"learning.{name}": lambda w: {"reason": "It is old."} for name in ("decline", "take_off")},
    **{f"learning.{name}": lambda w: {"direction": "up"} for name in ("move_question", "move_resource")},
    **{f"learning.{name}": lambda w: {"text": "In plain words.", "seen": 0} for name in ("preview_guide", "save_guide")},
    "learning.take_definition": lambda w: {"clause": "1-3"},
    "lobby.choose_appearance": lambda w: {"theme": "dark"},
    "moderation.appeal": lambda w: {"text": "It is not spam."},
    "moderation.decide": lambda w: {
        "verb": "hide", "rule": "spam", "passage": "Remark", "reason": "It sells things.", "seen_act": 0,
    },
    "moderation.release_many": lambda w: {"things": f"replies {w.held.id}"},
    "moderation.decide_campaign": lambda w: {"verb": "dismiss", "reason": "They differ.", "seen_act": 0},
    "moderation.send_disowning": lambda w: {"name": "Ada", "email": "ada@example.org", "text": "It is not mine."},
    "moderation.hand_in_again": lambda w: {"body": "Better words."},
    "moderation.decide_correction": lambda w: {"outcome": "refused", "reason": "It is still spam.", "seen_act": "9"},
    "moderation.decide_appeal": lambda w: {"outcome": "upheld", "reason": "It is spam."},
    **{f"moderation.{name}": lambda w: CONTRIBUTION for name in ("change_entry", "check_entry", "enter")},
    "moderation.set_aside": lambda w: {"reason": "A newsletter."},
    "moderation.take_in_mails": lambda w: {"mails": (BytesIO(b"From: a@example.org\nSubject: Hello\n\nWords."), "a.eml")},
    "moderation.undo_claim": lambda w: {"reason": "It was her sister."},
    "moderation.claim": lambda w: {"code": receipt_codes.code(w.app.config["SECRET_KEY"], w.came.id, 1)},
    "moderation.place": lambda w: {"positions": "safety"},
    "moderation.send_report": lambda w: {"rule": "spam"},
    "notices.save_settings": lambda w: {
        "replies": "daily", "answers": "now", "followed": "weekly", "changes": "site", "reminders": "now",
        "moderation": "now", "work": "site",
    },
    "outcomes.acknowledge": lambda w: {"said": "not_satisfied", "reason": "It misses the point.", "seen": w.newest_answer()},
    "outcomes.add_statement": lambda w: STATEMENT,
    "outcomes.adopt": lambda w: {"title": "Standard", "bodies": "Alliance", "seen": w.version.id},
    "outcomes.add_template": lambda w: {"name": "Other thanks", "words": "Thank you for {number}."},
    "outcomes.answer_theme": lambda w: {"code": "rejected", "observation": "It stays.", "seen": w.theme_seen()},
    "outcomes.assign": lambda w: {"also": w.comment.number, "person": w.other_moderator.id},
    "outcomes.answer_objection": lambda w: {"decision": "not_followed", "answer": "It is about another draft than this."},
    "outcomes.report_objection": lambda w: {"rule": "spam"},
    "outcomes.judge_objection": lambda w: {"verb": "keep", "reason": "It is fair.", "seen_act": 99},
    "outcomes.appeal_hiding": lambda w: {"text": "It is not spam."},
    "outcomes.decide_hiding_appeal": lambda w: {"outcome": "restored", "reason": "It is fair."},
    "outcomes.approve": lambda w: {"seen": w.digest()},
    "outcomes.begin_correction": lambda w: {"reason": "A number was wrong."},
    "outcomes.implement": lambda w: {"also": w.newest_answer(), "state": "to_do", "note": "It is not there."},
    "outcomes.leave_out": lambda w: {"position": "access", "clause": "", "reason": "It is about another draft."},
    "outcomes.object_to": lambda w: {"text": "It leaves us out."},
    "outcomes.publish_correction": lambda w: {"seen": 0},
    "outcomes.state_immaterial": lambda w: {
        "reason": "They only make clear what was meant.", "seen": w.newest_answer(),
    },
    "outcomes.cite": lambda w: {"number": w.unplaced.number},
    "outcomes.decide": lambda w: {"code": "rejected", "observation": "It stays.", "seen": w.seen()},
    "outcomes.decide_review": lambda w: {"decision": "confirm", "reason": "It is used daily."},
    "outcomes.describe_theme": lambda w: {"name": "Other words"},
    "outcomes.edit_template": lambda w: {"name": "Thanks", "words": "Thank you very much."},
    "outcomes.fill": lambda w: {"template": w.template.id},
    "outcomes.fill_theme": lambda w: {"template": w.template.id},
    "outcomes.gather": lambda w: {"also": w.comment.number, "name": "Another theme"},
    "outcomes.save_view": lambda w: {"name": "Rejected ones", "query": "show=rejected"},
    "outcomes.take_out": lambda w: {"also": w.comment.number},
    "outcomes.undo_theme": lambda w: {"answer": w.newest_answer()},
    "outcomes.edit_statement": lambda w: STATEMENT | {"seen": mark("said  False So.")},
    "outcomes.move_statement": lambda w: {"direction": "down"},
    "outcomes.publish": lambda w: {"seen": 0},
    "outcomes.set_headline": lambda w: {"headline": "Another headline", "seen": mark(w.headline)},
    "outcomes.uncite": lambda w: {"number": w.comment.number},
    "outcomes.undo": lambda w: {"numbers": w.comment.number, "seen": w.seen()},
}  # fmt: skip
