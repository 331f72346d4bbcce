"""Everything written about people, organisations, sign-ins and roles."""

from .accounts import (
    change_email,
    change_password,
    confirm_email,
    create_person,
    declare_interest,
    describe_person,
    end_interest,
    register,
    request_confirmation,
    request_email_change,
    request_reset,
    reset_password,
)
from .factors import remove_authenticator, renew_recovery_codes, set_up_authenticator, spend_proof
from .organisations import (
    ask_membership,
    choose_signatory,
    decide_membership,
    end_membership,
    found_organisation,
    verify_organisation,
)
from .roles import grant_role, revoke_role, suspend_posting
from .sign_ins import act_for, end_other_sign_ins, end_sign_in, forget_old_sign_ins, note_seen, start_sign_in

__all__ = [
    "act_for",
    "ask_membership",
    "change_email",
    "change_password",
    "choose_signatory",
    "confirm_email",
    "create_person",
    "decide_membership",
    "declare_interest",
    "describe_person",
    "end_interest",
    "end_membership",
    "end_other_sign_ins",
    "end_sign_in",
    "forget_old_sign_ins",
    "found_organisation",
    "grant_role",
    "note_seen",
    "register",
    "remove_authenticator",
    "renew_recovery_codes",
    "request_confirmation",
    "request_email_change",
    "request_reset",
    "reset_password",
    "revoke_role",
    "set_up_authenticator",
    "spend_proof",
    "start_sign_in",
    "suspend_posting",
    "verify_organisation",
]
