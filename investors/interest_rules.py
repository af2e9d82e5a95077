"""Who may do what with an interest: the two parties, each for its own side; staff only where a party invites one."""

from firms.models import Membership, Organisation
from investors.models import Interest
from investors.rules import EDITORS, roles_in_organisations
from portal.models import User
from portal.roles import Role, has_role

SIGNATORY = Membership.Role.SIGNATORY


def writes_for_owner(user: User | None, interest: Interest) -> bool:
    """Whether the user writes for the organisation that owns the opportunity."""
    return user is not None and roles_in_organisations(user).get(interest.opportunity.owner_id) in EDITORS


def speaks_for_person(user: User | None, interest: Interest) -> bool:
    """Whether the user is interested, or writes for the organisation that is; nobody who belongs to the owner."""
    if user is None or interest.opportunity.owner_id in roles_in_organisations(user):
        return False
    if interest.organisation_id is None:
        return user.pk == interest.person_id
    return roles_in_organisations(user).get(interest.organisation_id) in EDITORS


def is_party(user: User | None, interest: Interest) -> bool:
    """Whether the user speaks for one of the two sides."""
    return writes_for_owner(user, interest) or speaks_for_person(user, interest)


def signs_for_person(user: User | None, interest: Interest) -> bool:
    """Whether the user may bind who is interested: the person, or a signatory of the organisation."""
    if user is None or not speaks_for_person(user, interest):
        return False
    return interest.organisation_id is None or roles_in_organisations(user)[interest.organisation_id] == SIGNATORY


def signs_for_owner(user: User | None, interest: Interest) -> bool:
    """Whether the user may bind the owner: a signatory."""
    return user is not None and roles_in_organisations(user).get(interest.opportunity.owner_id) == SIGNATORY


def may_be_invited(user: User, interest: Interest) -> bool:
    """Whether a party may let the user read what is written: an investment officer who belongs to neither."""
    if not has_role(user, Role.INVESTMENT) or user.pk == interest.person_id:
        return False
    acting = roles_in_organisations(user)
    return interest.opportunity.owner_id not in acting and interest.organisation_id not in acting


def named_to_staff(interest: Interest) -> Organisation | None:
    """Return whom the staff, who see progress alone, may read as interested: the organisation, once both have agreed.

    Before both sides have accepted the agreement, that somebody is interested is between the two; a person who speaks
    for themselves is never named.
    """
    return interest.organisation if interest.agreed_at else None
