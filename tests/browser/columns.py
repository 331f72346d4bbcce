"""Which columns hold what people write, as the models have them, and which of those stand on a page."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import CheckConstraint, String

from consult.core.db import Base

# Columns of text in which nothing is planted, with what they hold instead. Whatever the database takes from a list
# of words alone (a constraint says which) need not stand here.
NO_WORDS: dict[str, str] = {
    "a key, number or name of the program's own": """
        clause.lineage_id clause.key comment.number comment.external_id consultation.slug follow.lineage_id job.kind
        numbering.prefix organisation.slug organisation.code position.key search_row.number standard.slug
        reading_page.key data_copy.name submission.key submission.operation submission.result_table term.key term.lineage_id reply.path
        comment_draft.place comment_draft.sheet organisation_draft.place worker_sign.machine served_revision.revision merged_value.table
        merged_value.column job.dedupe_key notice.event search_row.stemmer
    """,
    "what programs say, of which a page shows the kind alone (administration/test_work.py)": """
        job.error
    """,
    "a digest, a token or something sealed": """
        api_token.digest api_token.start approval.digest authenticator.sealed comment.fingerprint reply.fingerprint
        draft_version.sha256 import_batch.sha256 letter.sha256 staged_draft.sha256 stored_file.sha256 passkey.credential_id
        passkey.data person.password_hash recovery_code.digest sign_in.token_digest sign_in.previous_digest
        submission.content trail.origin report.reader objection_report.reader
    """,
    "a word from a list that the operations hold": """
        clause.kind comment.language reply.language consultation.language consultation.timezone draft_version.source_format
        intake_entry.country intake_entry.language moderation_act.rule objection_act.rule organisation.country
        person.country reply.category resource.language resource.licence search_row.kind standard_version.language transition.verb
        transition.from_state transition.to_state import_batch.profile api_token.scopes intake_entry.positions
        picture.media_type stored_file.media_type
    """,
    "an address that is looked at before it is taken": """
        comment.source_url reply.source_url resource.url person.email invitation.email organisation.domain
        report.claimant_email provider_identity.issuer
    """,
    "what the program notes in a form of its own: numbers, names of fields, places": """
        comment.answers_apart draft_version.edits intake_entry.corrections job.payload letter.plan opinion_map.sizes
        opinion_map.typical opinion_map.uniting saved_view.query staged_draft.edits staged_draft.preview trail.words
        notice.what transition.detail
    """,
    "words put away, to come back as they were into columns that are planted": """
        merged_value.before merged_value.after quotation.held removal.taken
    """,
}
# What is planted and stands on no page of this world.
UNSEEN: dict[str, str] = {
    "what is made of it stands on the pages, from a column beside it": """
        acknowledgement.reason correction.body disposition.observation objection.answer organisation_note.body
        proposed_change.old_text proposed_change.new_text removal.notice revision.body
    """,
    "kept to look or compare with; for no page": """
        anchor.prefix anchor.suffix campaign_search.beside import_batch.reference import_batch.source_name
        import_row.external_id import_row.sentence intake_entry.message_id picture.name provider_identity.subject
        removal.passage search_row.quote search_row.title search_row.words
    """,
}


def planted() -> dict[str, str]:
    """Every column that holds what people write, as the models have it, with the mark its words carry."""
    unfit = {name for names in NO_WORDS.values() for name in names.split()}
    columns = [
        f"{table.name}.{column.name}"
        for table in sorted(Base.metadata.tables.values(), key=lambda table: table.name)
        for column in table.columns
        if isinstance(column.type, String) and column.name not in _listed(table)
    ]
    return {column: f"qz{at}zq" for at, column in enumerate(columns) if column not in unfit}


def _listed(table: Any) -> set[str]:
    """The columns for which the database knows every word they may hold."""
    said = [str(one.sqltext) for one in table.constraints if isinstance(one, CheckConstraint)]
    return {found[1] for one in said if (found := re.fullmatch(r"(\w+) IN \([^()]*\)", one))}
