"""What each role in a team may do, and the errors about who belongs to it.

Which right an action needs is declared at its verb (`Verb.right`, WORK unless it says otherwise) and checked by
`cases.operations.engine.rights`; pages without a verb name theirs by `cases.web.access.require_right`. What leaves in
bulk (lists, files, dossiers) is checked where it is made, by `cases.operations.export_rights`.
"""

from collections.abc import Mapping
from enum import StrEnum

from cases.domain.errors import CaseError, gettext_noop


class Role(StrEnum):
    MANAGER = "manager"
    AGENT = "agent"
    VIEWER = "viewer"


ROLE_LABELS: dict[str, str] = {
    Role.MANAGER: gettext_noop("Manager"),
    Role.AGENT: gettext_noop("Case worker"),
    Role.VIEWER: gettext_noop("Viewer"),
}


class Right(StrEnum):
    READ = "read"  # see the team's cards, cases and receipts
    WORK = "work"  # record anything: cases, cards, receipts, ticks; look after a case
    EXPORT = "export"  # take out numbers in full by the list or the file, or the receipts of several cases at once
    MANAGE = "manage"  # the team itself: its name, its people, its channels; what is wrong in its register


_RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.MANAGER: frozenset({Right.READ, Right.WORK, Right.EXPORT, Right.MANAGE}),
    Role.AGENT: frozenset({Right.READ, Right.WORK, Right.EXPORT}),
    Role.VIEWER: frozenset({Right.READ}),
}


class Scope(StrEnum):
    """What a token may do, within the rights of its owner."""

    READ = "read"
    WRITE = "write"  # record anything
    NUMBERS = "numbers"  # see numbers in full, which is noted with each card


def has_right(role: str | None, right: Right) -> bool:
    """Whether somebody in this role may; nobody in no role (None) may anything."""
    return role is not None and right in _RIGHTS[Role(role)]


def missing_right(role: str | None, right: Right) -> CaseError | None:
    """The error that says why somebody in this role, or in none (None), may not; None where they may."""
    if has_right(role, right):
        return None
    if role is None:
        return OtherTeam()
    if right is Right.EXPORT:
        return ViewerMasked()
    return ManagerRequired() if right is Right.MANAGE else ViewerReadOnly()


def roles_with(right: Right) -> list[Role]:
    """The roles that have a right."""
    return [role for role in Role if has_right(role, right)]


class OtherTeam(CaseError):
    """Asked for by somebody who does not belong to the team."""

    code = "not_found"
    message = gettext_noop("Not found. It may have been deleted, or belongs to another team.")


class ManagerRequired(CaseError):
    code = "only_managers"
    message = gettext_noop("Only a team manager can do this.")


class ViewerReadOnly(CaseError):
    code = "only_viewer"
    message = gettext_noop(
        "You are a viewer of this team: you can read everything but change nothing. Ask a team manager if you "
        "need to make changes."
    )


class ViewerMasked(ViewerReadOnly):
    """To a program this is what ViewerReadOnly is; a person reads what they can have instead."""

    message = gettext_noop(
        "You are a viewer of this team: you can open every number and receipt one by one, but not export full numbers, "
        "or the receipts of several cases at once. Export without them, or ask a case worker or manager."
    )


class LastManager(CaseError):
    code = "last_manager"
    message = gettext_noop("A team needs at least one manager. Make someone else a manager first.")


class TeamNameMismatch(CaseError):
    code = "wrong_name"
    message = gettext_noop("The name does not match. Nothing was deleted.")


class StillMember(CaseError):
    code = "still_member"
    message = gettext_noop("You are still in a team. Leave it first, so that your cases can be reassigned.")


class AlreadyMember(CaseError):
    code = "already_member"
    message = gettext_noop("You are already in this team. Someone else can still use the invitation.")


class MemberInvited(CaseError):
    code = "member_invited"
    message = gettext_noop("This person is already in the team.")


class InvitationForAnother(CaseError):
    """The invitation names an address, and the account that came has another."""

    code = "invitation_for_another"
    message = gettext_noop("This invitation is for %(email)s. Sign in with that account.")


class InvitationGone(CaseError):
    """It was used, revoked, or is too old; while somebody was looking at it."""

    code = "invitation_gone"
    message = gettext_noop("This invitation is no longer valid. Ask the person who invited you for a new one.")


class AccountTaken(CaseError):
    code = "account_taken"
    message = gettext_noop("This email already has an account. Sign in, then open the link again.")
