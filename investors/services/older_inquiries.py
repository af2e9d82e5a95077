"""Clocks that inquiries never had which are older than them: set after each migration, once."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, Max, OuterRef, QuerySet

from investors import effects, promises
from investors.models import Inquiry
from portal.models import Deadline, StepTaken


def set_missing_clocks() -> int:
    """Set when the head hears of a waiting inquiry, and when an ended one is erased; return how many were set."""
    waiting = _without("escalate_answer_head", Inquiry.objects.filter(status__in=Inquiry.WAITING))
    told = sum(promises.set_head_clocks(inquiry) for inquiry in waiting)
    ended = list(_without("forget", Inquiry.objects.filter(status__in=effects.ENDED, erased_at=None)))
    for inquiry in ended:
        last = StepTaken.objects.about(inquiry).aggregate(at=Max("at"))["at"] or inquiry.received_at
        effects.keep_after(inquiry, last, status=inquiry.status)
    return told + len(ended)


def _without(step: str, inquiries: QuerySet[Inquiry]) -> QuerySet[Inquiry]:
    """Return those for which the step was never due, open or done."""
    kind = ContentType.objects.get_for_model(Inquiry)
    return inquiries.exclude(Exists(Deadline.objects.filter(subject_type=kind, subject_id=OuterRef("pk"), step=step)))
