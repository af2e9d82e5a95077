"""Objections from the public."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from incentives import conditions
from incentives.effects import ESCALATED_AFTER
from incentives.models import Application, Objection
from incentives.notices import About, ObjectionReceived
from incentives.objection_notices import Objected, ObjectionNoted
from portal import deadlines
from portal.lifecycle import StepClosed
from portal.models import User

OBJECTION_WORKING_DAYS = 10
"""Within how many working days an objection is decided; whoever made it reads the date."""


@transaction.atomic
def object_to_award(
    *, application: Application, name: str, email: str, reason: str, key: UUID, language: str = User.Language.CHINESE
) -> Objection:
    """Record an objection to an award in public notice; the same key again is the same objection.

    Args:
        application: in public notice.
        name: who objects.
        email: where they are answered.
        reason: why.
        key: made with the page that was shown.
        language: in which they are answered.

    Raises:
        StepClosed: there is no public notice, or it has ended.
    """
    locked = Application.objects.select_for_update().get(pk=application.pk)
    if found := Objection.objects.filter(key=key, application=locked).first():
        return found
    approval = conditions.current_approval(locked)
    deadline = deadlines.open_deadline(locked, "confirm")
    if locked.status != Application.Status.PUBLIC_NOTICE or approval is None or deadline is None:
        raise StepClosed(_("There is no public notice."))
    if deadline.due_at < conditions.moment():
        raise StepClosed(_("The public notice has ended."))
    objection = Objection.objects.create(
        application=locked, approval=approval, name=name, email=email, reason=reason, key=key, language=language
    )
    is_open = Objection.Status.OPEN
    deadlines.set_deadline(objection, "remind", working_days=OBJECTION_WORKING_DAYS, while_status=is_open)
    late = OBJECTION_WORKING_DAYS + ESCALATED_AFTER
    deadlines.set_deadline(objection, "escalate", working_days=late, while_status=is_open)
    ObjectionReceived().tell(About(locked))
    ObjectionNoted().tell(Objected(objection))
    return objection
