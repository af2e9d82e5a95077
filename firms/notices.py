"""What is told to whom about claims and organisations."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, override

from django.db.models import QuerySet
from django.utils import translation

from firms.models import Claim, Membership, Organisation
from portal import deadlines, local_form
from portal.models import User
from portal.notices import Message
from portal.roles import Role


def _names(organisation: Organisation) -> dict[str, str]:
    return {
        "en": organisation.name_en or organisation.name_pinyin or organisation.name_zh,
        "zh": organisation.name_zh or organisation.name_en,
    }


def _members(organisation: Organisation) -> list[User]:
    memberships = Membership.objects.active().filter(organisation=organisation).select_related("user")
    return [membership.user for membership in memberships]


def day_of(moment: datetime) -> dict[str, str]:
    """Return a day for a message's context: each reader gets it as their language writes it."""
    said = {}
    for language, side in (("en", "en"), ("zh-hans", "zh")):
        with translation.override(language):
            said[side] = local_form.day(moment)
    return said


def _officers(organisation: Organisation) -> QuerySet[User]:
    """Return the registry officers who may decide about an organisation: none who belongs to it."""
    members = Membership.objects.active().filter(organisation=organisation)
    officers = User.objects.filter(is_active=True, is_staff=True, groups__name=Role.REGISTRY)
    return officers.exclude(pk__in=members.values("user"))


class ClaimSubmitted(Message):
    """A claim waits for a decision by a registry officer."""

    kind = "firms.claim_submitted"

    @override
    def recipients(self, change: Claim) -> Iterable[User]:
        return _officers(change.organisation).exclude(pk=change.claimant_id)

    @override
    def context(self, change: Claim) -> Mapping[str, Any]:
        return {"organisation": _names(change.organisation), "claimant": change.claimant.name}

    @override
    def page(self, change: Claim) -> tuple[str, dict[str, Any]]:
        return "admin:firms_claim_change", {"object_id": change.pk}

    @override
    def event(self, change: Claim) -> str:
        return f"{self.kind}:{change.pk}"


class OrganisationRegistered(Message):
    """An incoming organisation registered itself: a registry officer verifies it."""

    kind = "firms.organisation_registered"

    @override
    def recipients(self, change: Organisation) -> Iterable[User]:
        return _officers(change)

    @override
    def context(self, change: Organisation) -> Mapping[str, Any]:
        return {"organisation": _names(change)}

    @override
    def page(self, change: Organisation) -> tuple[str, dict[str, Any]]:
        return "admin:firms_organisation_change", {"object_id": change.pk}

    @override
    def event(self, change: Organisation) -> str:
        return f"{self.kind}:{change.pk}"


class ClaimDueSoon(Message):
    """A claim should be decided by the end of the next working day."""

    kind = "firms.claim_due_soon"

    @override
    def recipients(self, change: Any) -> Iterable[User]:
        return _officers(change.obj.organisation).exclude(pk=change.obj.claimant_id)

    @override
    def context(self, change: Any) -> Mapping[str, Any]:
        promised = deadlines.open_deadline(change.obj, "escalate")
        names = {"organisation": _names(change.obj.organisation), "claimant": change.obj.claimant.name}
        return {**names, "day": day_of(promised.due_at) if promised else ""}

    @override
    def page(self, change: Any) -> tuple[str, dict[str, Any]]:
        return "admin:firms_claim_change", {"object_id": change.obj.pk}


class ClaimOverdue(ClaimDueSoon):
    """A claim was not decided in the promised time: its officers and the head hear of it."""

    kind = "firms.claim_overdue"

    @override
    def recipients(self, change: Any) -> Iterable[User]:
        heads = User.objects.filter(is_active=True, is_staff=True, groups__name=Role.HEAD)
        return [*super().recipients(change), *heads]


class ToClaimant(Message):
    """A message to the person who claimed."""

    @override
    def recipients(self, change: Any) -> Iterable[User]:
        return [change.obj.claimant]

    @override
    def context(self, change: Any) -> Mapping[str, Any]:
        return {"organisation": _names(change.obj.organisation), "reason": change.reason}

    @override
    def page(self, change: Any) -> tuple[str, dict[str, Any]] | None:
        return "firms:desk", {}


class ClaimAccepted(ToClaimant):
    """The claimant is now the signatory."""

    kind = "firms.claim_accepted"


class ClaimRefused(ToClaimant):
    """The claim is refused, why, and how to try again."""

    kind = "firms.claim_refused"


class ToMembers(Message):
    """A message to the members of an organisation."""

    @override
    def recipients(self, change: Any) -> Iterable[User]:
        return _members(change.obj)

    @override
    def context(self, change: Any) -> Mapping[str, Any]:
        return {"organisation": _names(change.obj), "reason": change.reason}

    @override
    def page(self, change: Any) -> tuple[str, dict[str, Any]] | None:
        return "firms:desk", {}


class OrganisationListed(ToMembers):
    """The organisation is verified and stands in the public directory."""

    kind = "firms.organisation_listed"


class OrganisationSuspended(ToMembers):
    """The organisation is suspended, and why."""

    kind = "firms.organisation_suspended"


class MemberAdded(Message):
    """Someone was made a member of an organisation."""

    kind = "firms.member_added"

    @override
    def recipients(self, change: Membership) -> Iterable[User]:
        return [change.user]

    @override
    def context(self, change: Membership) -> Mapping[str, Any]:
        return {"organisation": _names(change.organisation)}

    @override
    def page(self, change: Membership) -> tuple[str, dict[str, Any]]:
        return "firms:desk", {}

    @override
    def event(self, change: Membership) -> str:
        return f"{self.kind}:{change.pk}"
