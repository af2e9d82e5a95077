"""Who may do what with an organisation: predicates over user and object."""

from typing import Any

from firms.models import Membership, Organisation
from portal.models import User
from portal.roles import Role, has_role


def _has(user: Any, organisation: Organisation, *roles: Membership.Role) -> bool:
    if user is None or not user.is_authenticated or not user.is_active:
        return False
    found = Membership.objects.active().filter(user=user, organisation=organisation)
    return (found.filter(role__in=roles) if roles else found).exists()


def is_member(user: Any, organisation: Organisation) -> bool:
    """Whether the user is an active member of the organisation, whatever the role."""
    return _has(user, organisation)


def is_editor(user: Any, organisation: Organisation) -> bool:
    """Whether the user may write for the organisation: its editors and signatories."""
    return _has(user, organisation, Membership.Role.EDITOR, Membership.Role.SIGNATORY)


def is_signatory(user: Any, organisation: Organisation) -> bool:
    """Whether the user may bind the organisation."""
    return _has(user, organisation, Membership.Role.SIGNATORY)


def is_registry_officer(user: Any, obj: object = None) -> bool:
    """Whether the user is a registry officer."""
    return has_role(user, Role.REGISTRY)


def imports_registry(user: User | None, obj: object = None) -> bool:
    """Whether the user applies an import: a registry officer; the system does for who may run commands."""
    return user is None or is_registry_officer(user)


def is_claimant(user: User | None, claim: Any) -> bool:
    """Whether the claim is the user's own."""
    return user is not None and claim.claimant_id == user.pk


def decides_claim(user: User | None, claim: Any) -> bool:
    """Whether the user decides the claim: a registry officer, never about their own, nor for their own organisation."""
    return handles_organisation(user, claim.organisation) and not is_claimant(user, claim)


def lists_organisation(user: User | None, organisation: Organisation) -> bool:
    """Whether the user may list the organisation; the system does when the registry names it.

    An officer verifies an incoming one first.
    """
    if user is None:
        return True
    return organisation.status != Organisation.Status.INCOMING and handles_organisation(user, organisation)


def verifies_organisation(user: User | None, organisation: Organisation) -> bool:
    """Whether the user verifies an organisation that registered itself: a registry officer who is no member of it."""
    is_incoming = organisation.status == Organisation.Status.INCOMING
    return (is_incoming or organisation.is_self_registered) and handles_organisation(user, organisation)


def handles_organisation(user: User | None, organisation: Organisation) -> bool:
    """Whether the user may change the organisation's status: a registry officer who is no member of it."""
    return is_registry_officer(user) and not is_member(user, organisation)


def keeps_figures(user: User | None, organisation: Organisation) -> bool:
    """Whether the user enters and verifies yearly figures: a registry officer who is no member; of no merged one."""
    return handles_organisation(user, organisation) and not organisation.is_merged


def confirms_profile(user: User | None, organisation: Organisation) -> bool:
    """Whether the user confirms the profile: a signatory."""
    return is_signatory(user, organisation)


def edits_profile(user: User | None, edit: Any) -> bool:
    """Whether the user may change or withdraw what the organisation proposes: its editors and signatories."""
    return is_editor(user, edit.organisation)


def moderates_edit(user: User | None, edit: Any) -> bool:
    """Whether the user decides about proposed edits: a registry officer, never for their own organisation."""
    return handles_organisation(user, edit.organisation)


def settles_duplicate(user: User | None, duplicate: Any) -> bool:
    """Whether the user decides about two organisations: a registry officer who is a member of neither."""
    return handles_organisation(user, duplicate.first) and handles_organisation(user, duplicate.second)
