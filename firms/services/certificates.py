"""The clock of a certificate, set whenever its dates were written."""

from django.db import transaction
from django.db.models import Q

from firms import expiring
from firms.lifecycle import CERTIFICATE
from firms.models import Certificate
from portal import deadlines
from portal.lifecycle import SYSTEM
from portal.models import Deadline

_STEPS = ("begin", *expiring.REMINDERS, "expire")


@transaction.atomic
def set_clock(*, certificate: Certificate) -> None:
    """Set when a certificate begins, is reminded of and expires; nobody is reminded twice of the same day.

    One that had expired when it was recorded is kept as expired, and nobody is told. One whose last day was corrected
    to a later one is valid again.
    """
    certificate = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
    left = expiring.days_left(certificate)
    has_expired = left is not None and left < 0
    if has_expired != (certificate.status == Certificate.Status.EXPIRED):
        CERTIFICATE.apply(certificate, "file" if has_expired else "revive", by=SYSTEM)
    due = {} if has_expired else expiring.moments(certificate)
    for step in _STEPS:
        if step not in due:
            deadlines.close(certificate, step=step)
            continue
        same = Deadline.objects.about(certificate).filter(step=step, due_at=due[step])
        if not same.filter(Q(done_at=None) | Q(step__in=expiring.REMINDERS)).exists():
            deadlines.set_deadline_at(certificate, step, due_at=due[step], while_status=Certificate.Status.CURRENT)
