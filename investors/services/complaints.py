"""Making complaints, and writing about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from firms.models import Organisation
from firms.services.holding import hold
from investors import complaint_clocks
from investors.complaint_lifecycle import ATTACHMENT, COMPLAINT
from investors.models import ComplainedOf, Complaint, ComplaintMessage
from investors.rules import roles_in_organisations
from investors.services.inquiries import TooMany
from portal import clock
from portal.clock import SHANGHAI
from portal.documents import store_document
from portal.lifecycle import NotAllowed
from portal.models import User

DAILY = 10
"""How many complaints one person may make in a day."""

MOST_PERSONS = 10
"""How many persons one complaint may name."""


@dataclass(frozen=True)
class Grievance:
    """What somebody complains of.

    Args:
        standing: one of ``Complaint.Standing``.
        kind: one of ``Complaint.Kind``.
        language: in which the answer is wished, ``en`` or ``zh-hans``.
        subject: one line.
        facts: facts, evidence and grounds, up to 5,000 characters.
        request: what is asked for, up to 2,000 characters.
        about_staff: whether somebody who works on this portal is complained of.
        persons: names as written, at most ten.
        authority: the authority complained of.
        elsewhere: where else the matter is or was.
        organisation: for which the complaint is made, if it is in the registry; the complainant is a member.
        on_behalf_of: the enterprise's or investor's name where it is not.
        files: what is attached.
    """

    standing: str
    kind: str
    language: str
    subject: str
    facts: str
    request: str
    about_staff: bool = False
    persons: Sequence[str] = ()
    authority: str = ""
    elsewhere: str = ""
    organisation: Organisation | None = None
    on_behalf_of: str = ""
    files: Sequence[UploadedFile] = ()


@transaction.atomic
def make_complaint(*, by: User, grievance: Grievance, key: UUID) -> Complaint:
    """Receive a complaint: reference, promised date and receipt at once; whoever is complained of hears nothing.

    A person whose name or address is written is known to be complained of from the start. Somebody is chosen to handle
    it unless it is about staff who are not known yet: then the head has to say who is meant, and choose.

    Args:
        by: who complains.
        grievance: what of.
        key: of the form that was sent; the same key again returns the complaint that it made.

    Raises:
        NotAllowed: ``by`` is no member of the organisation that is named.
        StepClosed: the organisation was merged into another just now.
        TooMany: the daily number is reached.
        ValidationError: a file is not acceptable.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # one at a time for a person
    if made := Complaint.objects.filter(complainant=by, idempotency_key=key).first():
        return made
    if grievance.organisation and grievance.organisation.pk not in roles_in_organisations(by):
        raise NotAllowed(_("You may not write for this organisation."))
    if grievance.organisation:
        hold(organisation=grievance.organisation)
    complaint = _received(by, grievance, key)
    for name in dict.fromkeys(grievance.persons):
        _name(complaint, name)
    complaint.handler = complaint_clocks.least_busy_handler(complaint)
    complaint.save(update_fields=["handler"])
    for upload in grievance.files:
        store_document(by=by, upload=upload, subject=complaint, purpose=ATTACHMENT)
    COMPLAINT.apply(complaint, "receive", by=by)
    return complaint


def _received(by: User, grievance: Grievance, key: UUID) -> Complaint:
    now = timezone.now()
    if Complaint.objects.filter(complainant=by, received_at__gt=now - timedelta(days=1)).count() >= DAILY:
        raise TooMany
    due = clock.after_working_days(now, complaint_clocks.DECIDE_DAYS)
    return Complaint.objects.create(
        reference=_next_reference(now.astimezone(SHANGHAI).year),
        complainant=by,
        standing=grievance.standing,
        organisation=grievance.organisation,
        on_behalf_of="" if grievance.organisation else grievance.on_behalf_of,
        kind=grievance.kind,
        authority=grievance.authority,
        about_staff=grievance.about_staff,
        subject=grievance.subject,
        facts=grievance.facts,
        request=grievance.request,
        elsewhere=grievance.elsewhere,
        language=grievance.language,
        received_at=now,
        decide_due=due.at,
        due_estimated=due.estimated,
        idempotency_key=key,
    )


def _name(complaint: Complaint, name: str) -> None:
    known = ComplainedOf.objects.filter(complaint=complaint, staff__isnull=False).values_list("staff", flat=True)
    found = [user for user in complaint_clocks.staff_named(name) if user.pk not in {*known, complaint.complainant_id}]
    for person in found:
        ComplainedOf.objects.create(complaint=complaint, named=name, staff=person)
    if not found:
        ComplainedOf.objects.create(complaint=complaint, named=name)


def _next_reference(year: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('investors_complaint_reference')")
        return f"CPL-{year}-{cursor.fetchone()[0]:06d}"


@transaction.atomic
def write_about_complaint(
    *, by: User, complaint: Complaint, text: str, key: UUID, files: Sequence[UploadedFile] = ()
) -> None:
    """Add the complainant's message; where material is missing, it is that material.

    Args:
        by: the complainant.
        complaint: open.
        text: what is written.
        key: of the form that was sent; the same key again writes nothing.
        files: what is attached.

    Raises:
        StepClosed, NotAllowed: the complaint takes no messages any more, or not from ``by``.
        ValidationError: a file is not acceptable.
    """
    locked = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)
    if locked.messages.filter(author=by, idempotency_key=key).exists():
        return
    message = ComplaintMessage(body=text, idempotency_key=key)
    message.uploads = files
    step = "supplement" if locked.status == Complaint.Status.SUPPLEMENT else "reply"
    COMPLAINT.apply(locked, step, by=by, message=message)
