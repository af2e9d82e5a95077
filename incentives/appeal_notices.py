"""What is told to whom about appeals."""

from collections.abc import Iterable, Mapping
from typing import Any

from incentives.facts import pair_of
from incentives.models import Application, Letter
from incentives.notices import About, ToApplicant, ToStaff
from portal.local_form import day
from portal.models import Deadline, StepTaken, User
from portal.roles import Role


class _AboutAppeal:
    """Mixed in before a message about applications: it is about the application of the appeal."""

    def recipients(self, change: Any) -> Iterable[User]:
        """Return who is told."""
        found: Iterable[User] = super().recipients(About(change.obj.application))  # type: ignore[misc]
        return found

    def context(self, change: Any) -> Mapping[str, Any]:
        """Return what the message says."""
        due = Deadline.objects.about(change.obj).filter(step="remind").order_by("-id").first()
        said: Mapping[str, Any] = super().context(About(change.obj.application))  # type: ignore[misc]
        until = pair_of(day, due.due_at if due else None)
        return {**said, "reason": change.reason, "due": until, "letter": Letter.objects.addresses(change.taken)}


class AppealNoted(_AboutAppeal, ToApplicant):
    """The receipt of an appeal, and by when it is decided."""

    kind = "incentives.appeal_noted"

    def page(self, change: Any) -> tuple[str, dict[str, Any]]:
        """Return the page it opens."""
        return "incentives:appeal", {"uid": str(change.obj.application.uid)}


class AppealRejected(AppealNoted):
    """The decision stands, and why."""

    kind = "incentives.appeal_rejected"


class ToHearAppeal(_AboutAppeal, ToStaff):
    """An appeal waits for an officer who took no part."""

    kind = "incentives.to_hear_appeal"
    roles = (Role.APPEAL,)

    def among(self, users: Any, application: Application) -> Any:
        """Choose whom it concerns: who took a step or reviews does not hear the appeal."""
        acted = StepTaken.objects.about(application).exclude(by=None)
        outsiders = super().among(users, application).exclude(pk__in=acted.values("by"))
        return outsiders.exclude(pk__in=application.assignments.values("reviewer"))

    def page(self, change: Any) -> tuple[str, dict[str, Any]]:
        """Return the page it opens."""
        return "admin:incentives_appeal_change", {"object_id": change.obj.pk}


class AppealOverdue(ToHearAppeal):
    """The promised date has passed."""

    kind = "incentives.appeal_overdue"


class AppealEscalated(_AboutAppeal, ToStaff):
    """The promised date passed days ago: the head hears that an appeal is not decided."""

    kind = "incentives.appeal_escalated"
    roles = (Role.HEAD,)

    def page(self, change: Any) -> tuple[str, dict[str, Any]]:
        """Return the page it opens."""
        return "admin:incentives_appeal_change", {"object_id": change.obj.pk}
