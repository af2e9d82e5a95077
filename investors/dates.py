"""What other holidays do to the dates of inquiries, and who hears of it."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from investors.models import Inquiry
from portal.models import Deadline
from portal.recounting import Dates


def _keep(inquiry: Inquiry, open_deadlines: Mapping[str, Deadline]) -> None:
    """Repeat the promised moments on the inquiry, of which its pages read them."""
    columns = {"escalate_acknowledge": "acknowledge_due", "escalate_answer": "answer_due"}
    due = {column: open_deadlines[step].due_at for step, column in columns.items() if step in open_deadlines}
    estimated = any(row.estimated for row in open_deadlines.values())
    Inquiry.objects.filter(pk=inquiry.pk).update(**due, due_estimated=estimated)


DATES = (
    Dates(
        model=Inquiry,
        theirs=("remind_sender", "close_unanswered"),
        named={
            "escalate_acknowledge": _("confirmation of the receipt, as promised"),
            "escalate_answer": _("answer, as promised"),
            "close_unanswered": _("your reply to our question"),
        },
        told=lambda inquiry: [inquiry.sender],
        staff=lambda inquiry: [inquiry.officer] if inquiry.officer else [],
        title=lambda inquiry: {"en": inquiry.reference, "zh": inquiry.reference},
        page=lambda inquiry: ("investors:inquiry", {"reference": inquiry.reference}),
        follow=_keep,
    ),
)
