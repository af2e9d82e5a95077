"""Who may do what with complaints: nobody who has a part in one handles or decides it."""

from investors.models import Complaint
from investors.rules import roles_in_organisations
from portal.models import User
from portal.roles import Role, has_role


def has_part(user: User, complaint: Complaint) -> bool:
    """Whether the user complains, belongs to the organisation for which it is made, or is complained of."""
    if user.pk == complaint.complainant_id or user.pk in complaint.staff_complained_of:
        return True
    return complaint.organisation_id is not None and complaint.organisation_id in roles_in_organisations(user)


def is_complainant(user: User | None, complaint: Complaint) -> bool:
    """Whether the user complains."""
    return user is not None and user.pk == complaint.complainant_id


def is_handler(user: User | None, complaint: Complaint) -> bool:
    """Whether the complaint is assigned to the user, who still may handle it."""
    if user is None or user.pk != complaint.handler_id or not has_role(user, Role.INVESTMENT, Role.HEAD):
        return False
    return not has_part(user, complaint)


def leads(user: User | None, complaint: Complaint) -> bool:
    """Whether the user is a head who has no part in it."""
    return user is not None and has_role(user, Role.HEAD) and not has_part(user, complaint)


def handles(user: User | None, complaint: Complaint) -> bool:
    """Whether the user may handle and decide it: who has it, or a head, neither with a part in it."""
    return is_handler(user, complaint) or leads(user, complaint)
