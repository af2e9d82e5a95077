"""Brochures: asked for, made by a worker who says how far it is, deleted after a few days."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac

from investors.brochure_words import compose
from investors.holding import Holder
from investors.models import Brochure, BrochureEnd, BrochureProgress
from investors.models.brochures import MOST_PRINTED
from investors.shortlisting import public_ones
from portal import documents, local_form, work
from portal.models import Document, User
from portal.pdf import CannotPrintError, render_pdf

log = structlog.get_logger()

QUEUE = "brochures"
ENDS = "brochures_end"

KEPT = timedelta(days=3)
"""For how long a brochure can be fetched."""

_SECONDS = 120
_SALT = "investors.brochure"
_HOUR = timedelta(hours=1)

Stage = BrochureProgress.Stage
type Tell = Callable[[Stage, int, int], None]


class TooManyBrochures(Exception):  # noqa: N818 -- reads as the sentence it is
    """As many were asked for within the hour, by this holder or from this place, as may be."""


@dataclass(frozen=True)
class Order:
    """What is to be printed.

    Args:
        opportunities: their keys, in the order of the list.
        language: of the brochure.
        key: of the form that was sent; the same key again is the same brochure.
        address: the network address from which it is asked for; only a digest of it is kept.
    """

    opportunities: Sequence[int]
    language: str
    key: UUID
    address: str


@transaction.atomic
def order_brochure(*, by: Holder, order: Order) -> Brochure:
    """Have a brochure made: a worker makes it after the commit.

    Raises:
        TooManyBrochures: within the hour.
    """
    digest = salted_hmac(_SALT, order.address, algorithm="sha256").hexdigest()
    _one_at_a_time(by.name, digest)
    if kept := by.theirs(Brochure.objects.filter(key=order.key)).first():
        return kept
    _refuse_too_many(by, digest)
    now = timezone.now()
    printed = list(dict.fromkeys(order.opportunities))[:MOST_PRINTED]
    brochure = Brochure.objects.create(
        **by.fields,
        key=order.key,
        language=order.language,
        opportunities=printed,
        sender_digest=digest,
        created_at=now,
        expires_at=now + KEPT,
    )
    BrochureProgress.objects.create(brochure=brochure, total=len(printed))
    BrochureEnd.objects.create(brochure=brochure, next_try_at=brochure.expires_at)
    work.wake(QUEUE)
    return brochure


def brochures_of(holder: Holder) -> list[Brochure]:
    """Return the brochures of a holder that have not expired, newest first."""
    found = holder.theirs(Brochure.objects.filter(expires_at__gt=timezone.now()))
    return list(found.select_related("progress", "document").order_by("-created_at", "-pk"))


def take_over(*, by: User, session_digest: str) -> None:
    """Give a person the brochures that were asked for without an account."""
    Brochure.objects.filter(session_digest=session_digest).update(person=by, session_digest="")


def printed(brochure: Brochure, tell: Tell) -> bytes:
    """Return a brochure as a PDF, of what is public now."""
    with translation.override(brochure.language):
        found = public_ones(brochure.opportunities)
        items = []
        for number, opportunity in enumerate(found):
            tell(Stage.COLLECTING, number, len(found))
            items.append(compose(opportunity))
        tell(Stage.SETTING, 0, 0)
        context = {
            "items": items,
            "gone": len(brochure.opportunities) - len(found),
            "day": local_form.day(brochure.created_at),
            "issuer": settings.SITE_OWNER,
            "demonstration": settings.DEMONSTRATION,
        }
        return render_pdf(
            "investors/brochure/brochure.html",
            context,
            stylesheet="investors/brochure/brochure.css",
            made_at=brochure.created_at,
            pictures={photo.address: photo.content for item in items if (photo := item["photograph"])},
        )


def make_file(brochure: Brochure) -> None:
    """Make the file of a brochure: the work of the queue.

    Raises:
        work.NotNow: this machine cannot print; the brochure waits until one can.
    """
    with _telling(brochure) as tell:
        try:
            content = printed(brochure, tell)
        except CannotPrintError as error:
            log.error("cannot_print", brochure=brochure.pk, error=str(error))  # noqa: TRY400 -- the text says it all
            raise work.NotNow from error
        tell(Stage.DONE, 1, 1)
    brochure.document = documents.keep_made(
        content=content,
        name=f"yangpu-{timezone.localdate(brochure.created_at).isoformat()}-{brochure.language}.pdf",
        media_type="application/pdf",
        subject=brochure,
        purpose="brochure",
    )
    brochure.save(update_fields=["document"])


def end(row: BrochureEnd) -> None:
    """Delete a brochure with its file: the work that is due when it expires."""
    delete(row.brochure)


def delete(brochure: Brochure) -> None:
    """Delete a brochure and its file."""
    found = Document.objects.about(brochure)
    pks = list(found.values_list("pk", flat=True))
    brochure.delete()
    documents.erase_documents(Document.objects.filter(pk__in=pks))


@contextmanager
def _telling(brochure: Brochure) -> Iterator[Tell]:
    """Give a function that says how far a brochure is, on a connection of its own: others see it before the commit."""
    beside = connection.copy()

    def tell(stage: Stage, done: int, total: int) -> None:
        with beside.cursor() as cursor:
            cursor.execute(
                "UPDATE investors_brochureprogress SET stage = %s, done = %s, total = %s WHERE brochure_id = %s",
                [stage.value, done, total, brochure.pk],
            )

    try:
        yield tell
    finally:
        beside.close()


def _one_at_a_time(*names: str) -> None:
    with connection.cursor() as cursor:
        for name in sorted(names):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{_SALT}:{name}"])


def _refuse_too_many(by: Holder, digest: str) -> None:
    lately = Brochure.objects.filter(created_at__gt=timezone.now() - _HOUR)
    of_holder, of_place = by.theirs(lately).count(), lately.filter(sender_digest=digest).count()
    if of_holder >= settings.BROCHURES_PER_HOUR or of_place >= settings.BROCHURES_PER_PLACE:
        raise TooManyBrochures


work.register(work.Queue(QUEUE, Brochure.objects.all, make_file, seconds=_SECONDS))
work.register(work.Queue(ENDS, BrochureEnd.objects.all, end))
