"""Who may do what with commitments."""

from investors.models import Commitment
from investors.models.commitments import OWNERS
from investors.rules import EDITORS, roles_in_organisations
from portal.models import User
from portal.roles import Role, has_role

MAKERS = (*OWNERS, Role.HEAD)
"""Roles whose holders may make a commitment of the district."""


def makes(user: User | None, commitment: Commitment) -> bool:
    """Whether the user may promise this beneficiary something: an officer or the head with no part in it."""
    return has_role(user, *MAKERS) and not _has_part(user, commitment)


def owns(user: User | None, commitment: Commitment) -> bool:
    """Whether the user answers for it, and may still: nobody else says whether it was kept."""
    is_owner = user is not None and user.pk == commitment.owner_id
    return is_owner and has_role(user, *OWNERS) and not _has_part(user, commitment)


def hands_over(user: User | None, commitment: Commitment) -> bool:
    """Whether the user may give it to another owner: the owner, or the head."""
    return owns(user, commitment) or (has_role(user, Role.HEAD) and not _has_part(user, commitment))


def hears_objections(user: User | None, commitment: Commitment) -> bool:
    """Whether the user answers objections: a head who does not answer for the commitment itself."""
    is_owner = user is not None and user.pk == commitment.owner_id
    return has_role(user, Role.HEAD) and not is_owner and not _has_part(user, commitment)


def benefits(user: User | None, commitment: Commitment) -> bool:
    """Whether the user speaks for the beneficiary: the person, or who writes for the organisation."""
    if user is None:
        return False
    writes = roles_in_organisations(user).get(commitment.organisation_id or 0) in EDITORS
    return writes or user.pk == commitment.person_id


def _has_part(user: User | None, commitment: Commitment) -> bool:
    if user is None or user.pk == commitment.person_id:
        return True
    return commitment.organisation_id in roles_in_organisations(user)
