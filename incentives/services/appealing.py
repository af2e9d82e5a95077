"""Appeals against a decision: made once, rejected with reasons, or upheld by reopening the application."""

from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from incentives import conditions, rules
from incentives.appeal_lifecycle import APPEAL
from incentives.effects import ESCALATED_AFTER
from incentives.models import Appeal, Application
from portal import deadlines
from portal.documents import store_document
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import User

APPEAL_WORKING_DAYS = 15
"""Within how many working days an appeal is decided; the applicant sees the date."""


@transaction.atomic
def appeal_decision(
    *, application: Application, by: User, reasons: str, key: UUID, upload: UploadedFile | None = None
) -> Appeal:
    """Record the appeal of a declined applicant; the same key again is the same appeal.

    Args:
        application: declined, within its appeal period.
        by: a signatory of the applicant.
        reasons: why the decision is wrong.
        key: made with the page that was shown.
        upload: what supports it.

    Raises:
        NotAllowed: ``by`` does not sign for the applicant.
        StepClosed: there is an appeal already, or the period has ended.
        ValidationError: the file is not acceptable.
    """
    locked = Application.objects.select_for_update().get(pk=application.pk)
    if not rules.signs(by, locked):
        raise NotAllowed(_("Only the signatory of the organisation can appeal."))
    if found := Appeal.objects.filter(application=locked).first():
        if found.key == key:
            return found
        raise StepClosed(_("There is an appeal already."))
    if locked.status != Application.Status.DECLINED:
        raise StepClosed(_("The application is not declined."))
    if closed := list(conditions.within_appeal_period(locked)):
        raise StepClosed(*closed)
    deadlines.close(locked, step=Application.APPEAL_PERIOD)
    appeal = Appeal.objects.create(application=locked, by=by, reasons=reasons, key=key)
    if upload is not None:
        store_document(by=by, upload=upload, subject=appeal, purpose="appeal")
    received = Appeal.Status.RECEIVED
    deadlines.set_deadline(appeal, "remind", working_days=APPEAL_WORKING_DAYS, while_status=received)
    late = APPEAL_WORKING_DAYS + ESCALATED_AFTER
    deadlines.set_deadline(appeal, "escalate", working_days=late, while_status=received)
    APPEAL.apply(appeal, "receive", by=by)
    return appeal


@transaction.atomic
def reject_appeal(*, appeal: Appeal, by: User, reason: str) -> Appeal:
    """Reject an appeal with written reasons; the decision stands.

    Raises:
        NotAllowed: ``by`` took part in the decision, or does not hear appeals.
        StepClosed: it is decided already.
    """
    # Before the appeal, as reopening does; the letter about it names the application.
    Application.objects.select_for_update().get(pk=appeal.application_id)
    rejected: Appeal = APPEAL.apply(appeal, "reject", by=by, reason=reason).obj
    return rejected
