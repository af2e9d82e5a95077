"""The file of an agreement: both languages and both acceptances, made by a worker once both are there."""

import structlog
from django.utils import translation

from investors.models import Agreement, Interest, InterestAcceptance
from portal import documents, work
from portal.lifecycle import Change
from portal.pdf import CannotPrintError, render_pdf

log = structlog.get_logger()

QUEUE = "agreements"
PURPOSE = "agreement"
_SECONDS = 120  # for a batch of them; one takes about half a second


def order(change: Change) -> None:
    """Have the file made, after the commit."""
    Agreement.objects.create(interest=change.obj)
    work.wake(QUEUE)


def printed(interest: Interest) -> bytes:
    """Return the agreement as a PDF: the same rows give the same bytes.

    Args:
        interest: whose agreement both sides have accepted.
    """
    acceptances = list(InterestAcceptance.objects.filter(interest=interest).order_by("pk"))
    context = {"interest": interest, "text": interest.agreement_text, "acceptances": acceptances}
    with translation.override("zh-hans"):
        return render_pdf(
            "investors/agreement/agreement.html",
            context,
            stylesheet="investors/agreement/agreement.css",
            made_at=acceptances[-1].at,
        )


def make_file(agreement: Agreement) -> None:
    """Make the file of an agreement and keep it: the work of the queue.

    Raises:
        work.NotNow: this machine cannot print; the agreement waits until one can.
    """
    interest = agreement.interest
    try:
        content = printed(interest)
    except CannotPrintError as error:
        log.error("cannot_print", agreement=interest.reference, error=str(error))  # noqa: TRY400 -- the text says it all
        raise work.NotNow from error
    documents.keep_made(
        content=content,
        name=f"{interest.reference} 保密协议 Confidentiality agreement.pdf",
        media_type="application/pdf",
        subject=interest,
        purpose=PURPOSE,
    )


work.register(work.Queue(QUEUE, Agreement.objects.all, make_file, seconds=_SECONDS))
