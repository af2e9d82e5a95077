"""What is told to whoever objects to an award: that it has arrived, and what became of it."""

from collections.abc import Mapping
from typing import Any, ClassVar

from incentives.models import Objection
from incentives.notices import named
from portal import work
from portal.models import Notice, StepTaken
from portal.models.accounts import NOBODY
from portal.notices import QUEUE, Message


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

    def page(self, change: Any) -> tuple[str, dict[str, Any]]:
        """Return the page it opens."""
        return "incentives:public_notice", {"number": change.obj.application.number}


class ObjectionDecided(ToObjector):
    """Dismissed or upheld, and why."""

    kind = "incentives.objection_decided"
