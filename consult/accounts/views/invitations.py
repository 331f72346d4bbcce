"""Doors of invitations: answered by whoever has confirmed the address, given and taken back by signatories."""

from __future__ import annotations

from flask import flash
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.core import ids
from consult.core.doors import me, see_other, show
from consult.core.forms import ActionForm
from consult.core.rules import proven, signed_in
from consult.debate.queries import spoken_for

from .. import operations, queries
from ..forms import MemberInvitationForm
from ..models import Organisation
from .entering import carry_on
from .room import room


@room.get("/me/invitations", permit=signed_in)
def invitations() -> ResponseReturnValue:
    """What one is invited to, and the roles one has."""
    return _show_mine(ActionForm(formdata=None))


@room.post("/invitations/<int:invitation_id>/acceptance", permit=proven)
def accept_invitation(invitation_id: int) -> ResponseReturnValue:
    """Become a member, or take the role."""
    row = queries.invitation(viewer=me(), invitation_id=invitation_id)
    token = ids.new_token()
    operations.accept_invitation(actor=me(), invitation=row, token=token)
    carry_on(token)
    flash("Accepted." + ("" if row.organisation_id else " You have this role from now on."))
    if row.organisation:
        return see_other(".organisation", slug=row.organisation.slug)
    return see_other(".invitations")


@room.post("/invitations/<int:invitation_id>/refusal", permit=signed_in)
def decline_invitation(invitation_id: int) -> ResponseReturnValue:
    """Say no."""
    row = queries.invitation(viewer=me(), invitation_id=invitation_id)
    operations.decline_invitation(actor=me(), invitation=row)
    flash("Declined. Nothing of the invitation is kept.")
    return see_other(".invitations")


@room.post("/roles/<int:grant_id>/leaving", permit=signed_in)
def leave_role(grant_id: int) -> ResponseReturnValue:
    """Give up a role of one's own."""
    grant, form, token = queries.my_role(viewer=me(), grant_id=grant_id), ActionForm(), ids.new_token()
    if not (form.validate() and form.accept(operations.leave_role, actor=me(), grant=grant, token=token)):
        return _show_mine(form, status=422)
    carry_on(token)
    flash("You do not have this role any more.")
    return see_other(".invitations")


@room.post("/invited-organisations/<int:guest_id>/leaving", permit=signed_in)
def leave_as_guest(guest_id: int) -> ResponseReturnValue:
    """Say no to a consultation for an organisation one signs for."""
    row = queries.guest(viewer=me(), guest_id=guest_id)
    operations.leave_as_guest(actor=me(), guest=row)
    flash(f"{row.organisation.name} does not take part any more. What its members wrote stays.")
    return see_other(".invitations")


@room.get("/organisations/<slug>/invitations", permit=signed_in)
def invite_members(slug: str) -> ResponseReturnValue:
    """Who is invited into an organisation, and a form for another one."""
    row = queries.managed_organisation(viewer=me(), slug=slug)
    return _show_invited(row, MemberInvitationForm(formdata=None))


@room.post("/organisations/<slug>/invitations", permit=proven, limit="60 per hour")
def invite_member(slug: str) -> ResponseReturnValue:
    """Invite an address."""
    row, form = queries.managed_organisation(viewer=me(), slug=slug), MemberInvitationForm()
    if not (
        form.validate()
        and form.accept(
            operations.invite_member, actor=me(), organisation=row, email=form.email.data, role=form.role.data,
            key=form.key,
        )
    ):  # fmt: skip
        return _show_invited(row, form, status=422)
    flash(f"Invited {form.email.data}. The mail says how to accept; the invitation is good for 14 days.")
    return see_other(".invite_members", slug=slug)


@room.post("/invitations/<int:invitation_id>/taking-back", permit=signed_in)
def take_back_invitation(invitation_id: int) -> ResponseReturnValue:
    """Take back what was not accepted yet, and be where one was."""
    row = queries.invitation(viewer=me(), invitation_id=invitation_id)
    operations.take_back_invitation(actor=me(), invitation=row)
    flash("Taken back.")
    if row.organisation:
        return see_other(".invite_members", slug=row.organisation.slug)
    slug = consultations.slug_of(viewer=me(), consultation_id=row.consultation_id)
    return see_other("consultations.settle", slug=slug, stage="people")


def _show_invited(row: Organisation, form: MemberInvitationForm, *, status: int = 200) -> ResponseReturnValue:
    invited = queries.invitations_into(viewer=me(), organisation=row)
    return show("accounts/invite_members.html", organisation=row, invited=invited, form=form, status=status)


def _show_mine(form: ActionForm, *, status: int = 200) -> ResponseReturnValue:
    invited, roles = queries.my_invitations(viewer=me()), consultations.my_roles(viewer=me())
    places, ours = consultations.invited_to(viewer=me()), consultations.our_invitations(viewer=me())
    conflicts = spoken_for(viewer=me(), people={me().person_id or 0}, consultations=places)
    return show(
        "accounts/invitations.html", invited=invited, roles=roles, ours=ours, places=places, conflicts=conflicts, form=form,
        status=status,
    )  # fmt: skip
