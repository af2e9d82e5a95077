"""When an organisation that registered itself may be listed: what is missing, and what an officer checked."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from stdnum.cn import uscc as uscc_number

from firms.models import Organisation, Verification
from firms.registry.normalising import today_in_shanghai
from portal.documents import store_document
from portal.lifecycle import Change, StepClosed, Text

EVIDENCE = "verification_evidence"
"""The purpose of the document that a verification rests on."""

MOST_YEARS = 2


def missing_to_list(organisation: Organisation) -> Iterator[Text]:
    """Yield what still closes the listing of an organisation that registered itself.

    Whom the registry or the district's staff entered is listed without: it is their source.
    """
    if not organisation.is_self_registered:
        return
    if not organisation.uscc:
        yield _("The unified social credit code is missing: give it as soon as the company is registered in Yangpu.")
    elif not uscc_number.is_valid(organisation.uscc):
        yield _("The unified social credit code is mistyped.")
    if organisation.subdistrict_id is None:
        yield _("The subdistrict of its address in Yangpu is missing.")
    last = organisation.verifications.first()
    if last is None:
        yield _("A registry officer has not verified the organisation yet.")
    elif organisation.uscc and last.uscc != organisation.uscc:
        yield _("A registry officer has not verified the unified social credit code yet.")


def record_verification(change: Change) -> None:
    """Keep what was checked, with the document if there is one."""
    data, day = change.data, change.data["checked_on"]
    today = today_in_shanghai()
    if day > today:
        raise StepClosed(_("The day of the check lies ahead."))
    if (today - day).days > MOST_YEARS * 366:
        raise StepClosed(_("The check is older than two years: check again."))
    if not data["reference"].strip():
        raise StepClosed(_("Say what was checked: its number, or where it was looked up."))
    assert change.by  # noqa: S101 -- the system verifies nobody
    verification = Verification.objects.create(
        organisation=change.obj,
        basis=data["basis"],
        reference=data["reference"].strip(),
        checked_on=day,
        uscc=change.obj.uscc or "",
        verified_by=change.by,
    )
    if document := data.get("document"):
        store_document(by=change.by, upload=document, subject=verification, purpose=EVIDENCE)
    change.data = {name: value for name, value in data.items() if name != "document"}  # its name may be a person's
