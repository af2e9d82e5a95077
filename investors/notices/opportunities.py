"""What owners of opportunities and those who review them are told."""

from collections.abc import Iterable, Mapping
from typing import Any

from firms.models import Membership
from investors.notices.words import day, holders
from portal import deadlines
from portal.lifecycle import Change
from portal.models import User
from portal.notices import Message, both
from portal.roles import Role


class _AboutOpportunity(Message):
    def context(self, change: Change) -> Mapping[str, Any]:
        owner = change.obj.owner
        names = {"en": owner.name_en or owner.name_pinyin, "zh": owner.name_zh}
        return {"title": both(change.obj, "title"), "owner": names, "reason": change.reason}


class _ToOwner(_AboutOpportunity):
    def recipients(self, change: Change) -> Iterable[User]:
        members = Membership.objects.active().filter(organisation=change.obj.owner_id)
        editing = members.exclude(role=Membership.Role.VIEWER)
        return User.objects.filter(pk__in=editing.values("user"))

    def page(self, change: Change) -> tuple[str, dict[str, Any]]:
        return "investors:own_opportunity", {"slug": change.obj.slug}


class OpportunitySubmitted(_AboutOpportunity):
    """An opportunity waits for review."""

    kind = "investors.opportunity_submitted"

    def recipients(self, change: Change) -> Iterable[User]:
        """Return the investment officers who have no part in the owner: only they review it."""
        members = set(
            Membership.objects.active().filter(organisation=change.obj.owner_id).values_list("user", flat=True)
        )
        return [officer for officer in holders(Role.INVESTMENT) if officer.pk not in members]

    def page(self, change: Change) -> tuple[str, dict[str, Any]]:
        """Open it in the staff workplace."""
        return "admin:investors_opportunity_change", {"object_id": str(change.obj.pk)}


class ReviewDueSoon(OpportunitySubmitted):
    """An opportunity should be looked at by the end of the next working day."""

    kind = "investors.review_due_soon"

    def context(self, change: Change) -> Mapping[str, Any]:
        """Say by when."""
        promised = deadlines.open_deadline(change.obj, "escalate_review")
        return {**super().context(change), "due": day(promised.due_at) if promised else ""}


class ReviewOverdue(ReviewDueSoon):
    """An opportunity was not looked at in the promised time: officers and head hear."""

    kind = "investors.review_overdue"

    def recipients(self, change: Change) -> Iterable[User]:
        """Add the heads."""
        return [*super().recipients(change), *holders(Role.HEAD)]


class OpportunityPublished(_ToOwner):
    """The owner's opportunity is on the site."""

    kind = "investors.opportunity_published"

    def context(self, change: Change) -> Mapping[str, Any]:
        """Say until when."""
        return {**super().context(change), "until": day(change.obj.expires_on)}


class OpportunityReturned(_ToOwner):
    """The owner is asked for changes."""

    kind = "investors.opportunity_returned"


class OpportunityExpiring(_ToOwner):
    """The owner is asked whether it still stands."""

    kind = "investors.opportunity_expiring"

    def context(self, change: Change) -> Mapping[str, Any]:
        """Say until when."""
        return {**super().context(change), "until": day(change.obj.expires_on)}


class OpportunityExpired(_ToOwner):
    """The owner's opportunity is no longer shown."""

    kind = "investors.opportunity_expired"
