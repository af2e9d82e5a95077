"""What is told to whom about profiles: edits, yearly confirmations, and the verification of incoming ones."""

from collections.abc import Iterable, Mapping
from typing import Any, override

from django.utils import translation

from firms import confirming, listing, profile
from firms.models import Membership, ProposedEdit, ProposedValue
from firms.notices import OrganisationRegistered, ToMembers, _members, _names, _officers
from portal import local_form
from portal.models import User
from portal.notices import Message
from portal.roles import Role

_LANGUAGES = {"en": "en", "zh": "zh-hans"}


def _in_both(write: Any) -> dict[str, str]:
    """Return what a function writes in either language."""
    written = {}
    for side, language in _LANGUAGES.items():
        with translation.override(language):
            written[side] = write()
    return written


def _fields(edit: ProposedEdit, *statuses: str) -> dict[str, str]:
    values = list(edit.values.filter(status__in=statuses))
    return _in_both(lambda: profile.one_line(profile.label(value.field) for value in values))


def _day(edit: ProposedEdit) -> dict[str, str]:
    return _in_both(lambda: local_form.day(edit.due_at))


class ToOfficers(Message):
    """A message to the registry officers who may decide."""

    @override
    def recipients(self, change: Any) -> Iterable[User]:
        return _officers(change.obj.organisation)

    @override
    def context(self, change: Any) -> Mapping[str, Any]:
        edit = change.obj
        pending = _fields(edit, ProposedValue.Status.PENDING)
        return {"organisation": _names(edit.organisation), "fields": pending, "day": _day(edit)}

    @override
    def page(self, change: Any) -> tuple[str, dict[str, Any]]:
        return "admin:firms_proposededit_change", {"object_id": change.obj.pk}


class EditSubmitted(ToOfficers):
    """Members want their profile changed."""

    kind = "firms.edit_submitted"


class EditDueSoon(ToOfficers):
    """A proposed edit should be decided by the end of the next working day."""

    kind = "firms.edit_due_soon"


class EditOverdue(ToOfficers):
    """A proposed edit was not decided in the promised time: its officers and the head hear of it."""

    kind = "firms.edit_overdue"

    @override
    def recipients(self, change: Any) -> Iterable[User]:
        heads = User.objects.filter(is_active=True, is_staff=True, groups__name=Role.HEAD)
        return [*super().recipients(change), *heads]


class EditDecided(Message):
    """Each proposed change is accepted, or refused with the reason."""

    kind = "firms.edit_decided"

    @override
    def recipients(self, change: Any) -> Iterable[User]:
        return _members(change.obj.organisation)

    @override
    def context(self, change: Any) -> Mapping[str, Any]:
        edit = change.obj
        refused = list(edit.values.filter(status=ProposedValue.Status.REFUSED))
        return {
            "organisation": _names(edit.organisation),
            "accepted": _fields(edit, ProposedValue.Status.ACCEPTED),
            "refused": _in_both(lambda: profile.one_line(f"{profile.label(v.field)} – {v.reason}" for v in refused)),
        }

    @override
    def page(self, change: Any) -> tuple[str, dict[str, Any]]:
        return "firms:profile", {"slug": change.obj.organisation.slug}


class ToSignatories(Message):
    """A message to those who can confirm the profile."""

    @override
    def recipients(self, change: Any) -> Iterable[User]:
        memberships = Membership.objects.active().filter(organisation=change.obj, role=Membership.Role.SIGNATORY)
        return [membership.user for membership in memberships.select_related("user")]

    @override
    def context(self, change: Any) -> Mapping[str, Any]:
        day = _in_both(lambda: local_form.day(change.obj.confirm_by))
        return {"organisation": _names(change.obj), "day": day}

    @override
    def page(self, change: Any) -> tuple[str, dict[str, Any]]:
        return "firms:confirm_profile", {"slug": change.obj.slug}


class ConfirmationDueSoon(ToSignatories):
    """The profile should be confirmed within a month; said late, it is left to the message that it was missed."""

    kind = "firms.confirmation_due_soon"

    @override
    def recipients(self, change: Any) -> Iterable[User]:
        return [] if confirming.is_overdue(change.obj) else super().recipients(change)


class ConfirmationMissed(ToSignatories):
    """The profile was not confirmed in time: its page says so now."""

    kind = "firms.confirmation_missed"


class ToMembersOnProfile(ToMembers):
    """A message to the members that opens their organisation's profile."""

    @override
    def page(self, change: Any) -> tuple[str, dict[str, Any]]:
        return "firms:profile", {"slug": change.obj.slug}


class OrganisationVerified(ToMembersOnProfile):
    """The organisation is verified, and what is still missing before it is listed."""

    kind = "firms.organisation_verified"

    @override
    def context(self, change: Any) -> Mapping[str, Any]:
        missing = _in_both(lambda: " ".join(str(reason) for reason in listing.missing_to_list(change.obj)))
        return {"organisation": _names(change.obj), "missing": missing}


class OrganisationMerged(ToMembersOnProfile):
    """The organisation was merged into another, which has its members, applications and everything else now."""

    kind = "firms.organisation_merged"

    @override
    def recipients(self, change: Any) -> Iterable[User]:
        return [*_members(change.obj), *_members(change.obj.merged_into)]

    @override
    def context(self, change: Any) -> Mapping[str, Any]:
        return {"organisation": _names(change.obj), "survivor": _names(change.obj.merged_into)}

    @override
    def page(self, change: Any) -> tuple[str, dict[str, Any]]:
        return "firms:profile", {"slug": change.obj.merged_into.slug}


class SuspensionLifted(ToMembersOnProfile):
    """The organisation is no longer suspended; it is not listed."""

    kind = "firms.suspension_lifted"


class CodeGiven(OrganisationRegistered):
    """An organisation that is moving in has its code now: an officer verifies it."""

    kind = "firms.code_given"
