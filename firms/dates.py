"""What other holidays do to the dates of profiles, and who hears of it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from firms.models import Claim, Membership, Organisation, ProposedEdit
from portal.clock import SHANGHAI
from portal.models import Deadline, User
from portal.recounting import Dates


def _writers(organisation: Organisation, *roles: str) -> Iterable[User]:
    found = Membership.objects.active().filter(organisation=organisation, role__in=roles)
    return [membership.user for membership in found.select_related("user")]


def _names(organisation: Organisation) -> Mapping[str, str]:
    english = organisation.name_en or organisation.name_pinyin
    return {"en": english or organisation.name_zh, "zh": organisation.name_zh or english}


def _keep_edit(edit: ProposedEdit, open_deadlines: Mapping[str, Deadline]) -> None:
    """Repeat the promised moment on the edit, of which its pages read it."""
    if due := open_deadlines.get("escalate"):
        ProposedEdit.objects.filter(pk=edit.pk).update(due_at=due.due_at, due_estimated=due.estimated)


def _keep_day(organisation: Organisation, open_deadlines: Mapping[str, Deadline]) -> None:
    """Repeat the day of the confirmation on the organisation, of which its pages read it."""
    if due := open_deadlines.get("miss_confirmation"):
        day = due.due_at.astimezone(SHANGHAI).date()
        Organisation.objects.filter(pk=organisation.pk).update(confirm_by=day)


def _profile(organisation: Organisation) -> tuple[str, dict[str, Any]]:
    return "firms:profile", {"slug": organisation.slug}


def _own_desk(claim: Claim) -> tuple[str, dict[str, Any]]:
    """Return where a person sees their claims, whichever it is."""
    return "firms:desk", {}


DATES = (
    Dates(
        model=Claim,
        named={"escalate": _("decision on your claim, as promised")},
        told=lambda claim: [claim.claimant],
        title=lambda claim: _names(claim.organisation),
        page=_own_desk,
    ),
    Dates(
        model=ProposedEdit,
        named={"escalate": _("decision on your changes, as promised")},
        told=lambda edit: _writers(edit.organisation, Membership.Role.SIGNATORY, Membership.Role.EDITOR),
        title=lambda edit: _names(edit.organisation),
        page=lambda edit: _profile(edit.organisation),
        follow=_keep_edit,
    ),
    Dates(
        model=Organisation,
        theirs=("remind_confirmation", "miss_confirmation"),
        named={"miss_confirmation": _("until when the profile is to be confirmed")},
        told=lambda organisation: _writers(organisation, Membership.Role.SIGNATORY),
        title=_names,
        page=_profile,
        follow=_keep_day,
    ),
)
