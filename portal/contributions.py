"""What the core itself contributes: the queue of deadlines and the roles' permissions."""

from portal import work
from portal.lifecycle import SYSTEM, StepClosed, lifecycle_of
from portal.models import Deadline
from portal.permissions import allow
from portal.roles import Role


def take_step(deadline: Deadline) -> None:
    """Take the step of a due deadline as the system, or look again later if it is closed."""
    subject = deadline.subject
    if subject is None or subject.status != deadline.while_status:
        return
    try:
        lifecycle_of(subject).apply(subject, deadline.step, by=SYSTEM)
    except StepClosed as closed:
        raise work.NotNow(seconds=300) from closed


work.register(work.Queue("deadlines", Deadline.objects.all, take_step))

for model in ("historyentry", "steptaken", "notice", "deadline"):
    allow(Role.AUDITOR, f"portal.view_{model}")
    allow(Role.ADMINISTRATOR, f"portal.view_{model}")
for action in ("view", "add", "change"):
    allow(Role.ADMINISTRATOR, f"portal.{action}_user")
    allow(Role.ADMINISTRATOR, f"portal.{action}_holiday", f"portal.{action}_calendaryear")
