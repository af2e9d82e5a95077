"""What is told about an objection that has arrived: to whoever made it, to who decides it, and to the head."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from incentives.facts import pair_of
from incentives.models import Application, Objection
from incentives.notices import About, ObjectionReceived, ToStaff, named
from portal import work
from portal.local_form import day
from portal.models import Deadline, Notice, StepTaken, User
from portal.models.accounts import NOBODY
from portal.notices import QUEUE, Message
from portal.roles import Role


def promised(objection: Objection) -> dict[str, str]:
    """Return by when the decision is promised, in both languages."""
    due = Deadline.objects.about(objection).filter(step="remind").order_by("-id").first()
    return pair_of(day, due.due_at if due else None)


class Objected:
    """An objection that no step of its lifecycle caused: it has just arrived."""

    def __init__(self, objection: Objection) -> None:
        self.obj = objection
        self.taken: StepTaken | None = None
        self.reason = ""


class ToObjector(Message):
    """A message to the address that was given with an objection, which is nobody's account.

    It repeats nothing that was typed but the address: whoever typed it may have typed somebody else's.
    """

    channels: ClassVar[tuple[str, ...]] = (Notice.Channel.EMAIL,)

    def context(self, change: Any) -> Mapping[str, Any]:
        """Return what the message says."""
        status = change.obj.Status
        return {
            **named(change.obj.application),
            "reason": change.reason,
            "upheld": change.obj.status == status.UPHELD,
        }

    def event(self, change: Any) -> str:
        """Return what makes it unique."""
        return f"{self.kind}:{change.obj.pk}"

    def tell(self, change: Any) -> list[Notice]:
        """Write the row, in the language of the page on which the objection was made."""
        objection: Objection = change.obj
        if objection.email.endswith(NOBODY):
            return []
        context = dict(self.context(change))
        if page := self.page(change):
            context["page"] = {"name": page[0], "kwargs": page[1]}
        row = Notice(
            event=self.event(change),
            kind=self.kind,
            channel=Notice.Channel.EMAIL,
            address=objection.email,
            language=objection.language,
            context=context,
        )
        Notice.objects.bulk_create([row], ignore_conflicts=True)
        work.wake(QUEUE)
        return [row]


class ObjectionNoted(ToObjector):
    """The objection has arrived, and what happens now."""

    kind = "incentives.objection_noted"

    def context(self, change: Any) -> Mapping[str, Any]:
        """Return what the message says."""
        return {**super().context(change), "due": promised(change.obj)}

    def page(self, change: Any) -> tuple[str, dict[str, Any]]:
        """Return the page it opens."""
        return "incentives:public_notice", {"number": change.obj.application.number}


class ObjectionDecided(ToObjector):
    """Dismissed or upheld, and why."""

    kind = "incentives.objection_decided"


class ObjectionEnded(ToObjector):
    """The application was declined or withdrawn: there is no award any more to object to."""

    kind = "incentives.objection_ended"

    def context(self, change: Any) -> Mapping[str, Any]:
        """Return what the message says."""
        return {**super().context(change), "declined": change.data["application"] == Application.Status.DECLINED}


class _Late:
    """Mixed in before a message about applications: an objection is not decided, and nobody is named who made it."""

    kind: ClassVar[str]

    def recipients(self, change: Any) -> Iterable[User]:
        """Return who is told."""
        found: Iterable[User] = super().recipients(About(change.obj.application))  # type: ignore[misc]
        return found

    def context(self, change: Any) -> Mapping[str, Any]:
        """Return what the message says."""
        return {**named(change.obj.application), "due": promised(change.obj)}

    def page(self, change: Any) -> tuple[str, dict[str, Any]]:
        """Return the page it opens."""
        return "admin:incentives_objection_change", {"object_id": change.obj.pk}

    def event(self, change: Any) -> str:
        """Return what makes it unique: it is told once for each objection."""
        return f"{self.kind}:{change.obj.pk}"


class ObjectionOverdue(_Late, ObjectionReceived):
    """The promised date has passed."""

    kind = "incentives.objection_overdue"


class ObjectionEscalated(_Late, ToStaff):
    """The promised date passed days ago: the head hears that an objection keeps an award from being offered."""

    kind = "incentives.objection_escalated"
    roles = (Role.HEAD,)
