"""Who may do what with opportunities and inquiries."""

from firms.models import Membership
from investors.models import Inquiry, Opportunity
from portal.models import User
from portal.roles import Role, has_role

WORKS_ON_QUEUE = {
    "acknowledge": (Role.INVESTMENT, Role.REGISTRY),
    "hand_over": (Role.INVESTMENT, Role.REGISTRY, Role.HEAD),
    "close": (Role.INVESTMENT, Role.REGISTRY),
}
"""The roles to which the queue offers a step of several inquiries."""

EDITORS = (Membership.Role.SIGNATORY, Membership.Role.EDITOR)


def roles_in_organisations(user: User) -> dict[int, str]:
    """Return the user's active roles by organisation; read once per user object."""
    held: dict[int, str] | None = getattr(user, "_roles_in_organisations", None)
    if held is None:
        held = dict(Membership.objects.active().filter(user=user).values_list("organisation_id", "role"))
        user._roles_in_organisations = held  # type: ignore[attr-defined]
    return held


def edits_for_owner(user: User | None, opportunity: Opportunity) -> bool:
    """Whether the user is a signatory or editor of the organisation that owns it."""
    return user is not None and roles_in_organisations(user).get(opportunity.owner_id) in EDITORS


def moderates(user: User | None, opportunity: Opportunity) -> bool:
    """Whether the user is an investment officer with no part in the organisation that owns it."""
    if user is None or not has_role(user, Role.INVESTMENT):
        return False
    return opportunity.owner_id not in roles_in_organisations(user)


def is_sender(user: User | None, inquiry: Inquiry) -> bool:
    """Whether the user asked."""
    return user is not None and user.pk == inquiry.sender_id


def answers(user: User | None, inquiry: Inquiry) -> bool:
    """Whether the user is an officer for it, and did not ask: colleagues may stand in for each other.

    Nobody answers about an organisation that they act for.
    """
    return has_role(user, inquiry.answered_by) and not _has_part(user, inquiry)


def hands_over(user: User | None, inquiry: Inquiry) -> bool:
    """Whether the user may give the inquiry to another officer: an officer, or the head."""
    return has_role(user, inquiry.answered_by, Role.HEAD) and not _has_part(user, inquiry)


def _has_part(user: User | None, inquiry: Inquiry) -> bool:
    if user is None or is_sender(user, inquiry):
        return True
    about = inquiry.about_organisation_id
    return about is not None and about in roles_in_organisations(user)
