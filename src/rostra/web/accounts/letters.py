"""Letters about accounts: jobs that write and send them, each in its reader's language.

Tokens are made when a letter is written, so that none waits in the table of jobs. Every address in
a letter is made of the configured one (SEC-074).
"""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from rostra.forum.members import inviting, joining, recovery
from rostra.kernel.errors import NotFound
from rostra.kernel.jobs import job
from rostra.web.letter import send


@job
def confirm_application(application_id: int, language: str) -> None:
    """Ask whoever would join whether the address is theirs."""
    made = joining.fresh_link(application_id)
    if made is None:
        return
    token, row = made
    with translation.override(language):
        send(
            row.email,
            _("Confirm your address"),
            [
                _("Somebody, probably you, wants to join as “%(name)s”.") % {"name": row.name},
                _("Open the link and enter the password you chose. It holds for 3 days."),
                _("If it was not you, do nothing: no account is made."),
            ],
            (f"/account/join/{token}", _("Join")),
        )


@job
def has_account(to: str, language: str) -> None:
    """Tell the owner of an address that somebody tried to join with it."""
    with translation.override(language):
        send(
            to,
            _("You have an account already"),
            [
                _("Somebody, probably you, wanted to join with this address."),
                _("There is an account with it already: log in, or choose a new password."),
            ],
            ("/account/login", _("Log in")),
        )


@job
def confirm_address(member_id: int, email: str, language: str) -> None:
    """Ask whether an address a member named is theirs."""
    made = recovery.fresh_token(member_id, "email", email=email)
    if made is None:
        return
    with translation.override(language):
        send(
            email,
            _("Confirm your address"),
            [
                _("The member “%(name)s” named this address as theirs.")
                % {"name": made.member.name},
                _("Open the link to confirm it. It holds for a day."),
                _("If that is not you, do nothing."),
            ],
            (f"/account/email/{made.token}", _("Confirm the address")),
        )


@job
def reset_password(member_id: int | None, language: str) -> None:
    """Send a link by which a member chooses a new password; nobody gets none."""
    made = None if member_id is None else recovery.fresh_token(member_id, "reset")
    if made is None:
        return
    with translation.override(language):
        send(
            made.email,
            _("Choose a new password"),
            [
                _("Somebody, probably you, asked for a new password for “%(name)s”.")
                % {"name": made.member.name},
                _("The link holds for 30 minutes and works once."),
                _("If it was not you, do nothing: your password stays as it is."),
            ],
            (f"/account/reset/{made.token}", _("Choose a password")),
        )


@job
def invite(invitation: int, token: str, language: str) -> None:
    """Send an invitation. Its token comes along: the inviter was shown it."""
    try:
        said = inviting.invited_by(token)
    except NotFound:
        return  # taken back, or used meanwhile
    with translation.override(language):
        send(
            said.email,
            _("You are invited"),
            [
                _("“%(name)s” invites you to join the discussion.") % {"name": said.inviter},
                _("The invitation is for this address, works once, and holds for 90 days."),
            ],
            (f"/account/invitation/{token}", _("Look at the invitation")),
        )


@job
def decided(to: str, name: str, is_in: bool, language: str) -> None:
    """Tell an applicant what staff decided."""
    with translation.override(language):
        if is_in:
            send(
                to,
                _("Welcome"),
                [_("You can log in now as “%(name)s”, with the password you chose.")
                 % {"name": name}],
                ("/account/login", _("Log in")),
            )  # fmt: skip
        else:
            send(to, _("Your application"), [_("The staff decided not to let you in.")], None)


@job
def tell_owner(to: str, name: str, what: str, language: str) -> None:
    """Tell a member of a change of their account; nothing where no address is known."""
    if not to:
        return
    with translation.override(language):
        said = {
            "password_changed": _("Your password was changed; all other sessions ended."),
            "email_changed": _("The address of your account was changed to another one."),
            "email_removed": _("This address was removed from your account."),
            "name_changed": _("The name of your account was changed."),
            "app_added": _("An authenticator app was added to your account."),
            "app_removed": _("An authenticator app was removed from your account."),
            "passkey_added": _("A passkey was added to your account."),
            "passkey_removed": _("A passkey was removed from your account."),
            "codes_made": _("New recovery codes were made for your account; the old ones ended."),
            "signed_out": _("All other sessions of your account were ended."),
            "staff_renamed": _("The name of your account was changed by the staff."),
            "staff_signed_out": _("All sessions of your account were ended by the staff."),
            "staff_reset": _(
                "The second factor of your account was taken away by the staff, as somebody asked."
            ),
            "provider_added": _("Another way to log in was added to your account."),
            "erasure_asked": _("Your account is to be erased in 14 days. Log in to keep it."),
            "erasure_taken_back": _("Your account stays: the wish to erase it was taken back."),
            "provider_removed": _("A way to log in was removed from your account."),
        }
        send(
            to,
            _("Your account was changed"),
            [
                _("This is about the account “%(name)s”.") % {"name": name},
                said[what],
                _("If it was not you, choose a new password at once."),
            ],
            ("/account/reset", _("Choose a password")),
        )


@job
def test(to: str, language: str) -> None:
    """Send what staff ask for to see whether mail arrives."""
    with translation.override(language):
        send(to, _("A test"), [_("Mail from this forum arrives.")], None)
