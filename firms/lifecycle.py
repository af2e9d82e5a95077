"""The lives of claims, edits, listings, imports and certificates: each step, actor, guard, effect and notice."""

from collections.abc import Iterator

import pgtrigger
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from firms import certificate_notices, confirming, expiring, listing, notices, profile_notices, rules
from firms.models import (
    Certificate,
    Claim,
    ImportProgress,
    Membership,
    Organisation,
    ProposedEdit,
    ProposedValue,
    RegistryImport,
)
from firms.models.imports import AT_WORK
from portal import deadlines, work
from portal.lifecycle import Change, Lifecycle, Step, StepClosed, Text, by_system
from portal.models import Document

SUBMITTED, ACCEPTED = Claim.Status.SUBMITTED, Claim.Status.ACCEPTED
REFUSED, WITHDRAWN = Claim.Status.REFUSED, Claim.Status.WITHDRAWN

LETTER = "authorisation_letter"
"""The purpose of the document that proves a claim."""


def letter_is_clean(claim: Claim) -> Iterator[Text]:
    """Close the step while the letter is missing, being checked or infected."""
    letters = [letter.status for letter in Document.objects.about(claim).filter(purpose=LETTER)]
    if not letters:
        yield _("The authorisation letter is missing.")
    elif Document.Status.INFECTED in letters:
        yield _("The authorisation letter contains malicious content.")
    elif Document.Status.PENDING in letters:
        yield _("The authorisation letter is still being checked.")


def organisation_can_have_members(claim: Claim) -> Iterator[Text]:
    """Close the step for an organisation that is suspended or has moved out."""
    if claim.organisation.status in {Organisation.Status.SUSPENDED, Organisation.Status.MOVED_OUT}:
        yield _("The organisation is suspended or has moved out.")


def claim_is_late(claim: Claim) -> Iterator[Text]:
    """Close the step until the promised date has passed."""
    promised = deadlines.open_deadline(claim, "escalate")
    if promised is None or timezone.now() <= promised.due_at:
        yield _("It is not due yet.")


def accept_guard(claim: Claim) -> Iterator[Text]:
    """Ask for a clean letter and a living organisation."""
    yield from letter_is_clean(claim)
    yield from organisation_can_have_members(claim)


def make_signatory(change: Change) -> None:
    """Record the decision and make the claimant a signatory."""
    record_decision(change)
    Membership.objects.update_or_create(
        user=change.obj.claimant,
        organisation=change.obj.organisation,
        defaults={"role": Membership.Role.SIGNATORY, "is_active": True},
    )
    confirming.take_up(change.obj.organisation_id)


def record_decision(change: Change) -> None:
    """Keep who decided, when and why."""
    change.set(decided_at=timezone.now(), decided_by=change.by, reason=change.reason)


CLAIM = Lifecycle(
    Claim,
    {SUBMITTED},
    Step(
        "accept",
        {SUBMITTED},
        ACCEPTED,
        may=rules.decides_claim,
        label=_("Accept the claim"),
        guard=accept_guard,
        do=make_signatory,
        tell=(notices.ClaimAccepted,),
    ),
    Step(
        "refuse",
        {SUBMITTED},
        REFUSED,
        may=rules.decides_claim,
        label=_("Refuse the claim"),
        do=record_decision,
        tell=(notices.ClaimRefused,),
        needs_reason=True,
    ),
    Step("withdraw", {SUBMITTED}, WITHDRAWN, may=rules.is_claimant, label=_("Withdraw the claim")),
    Step("remind", {SUBMITTED}, None, may=by_system, label=_("Remind of the claim"), tell=(notices.ClaimDueSoon,)),
    Step(
        "escalate",
        {SUBMITTED},
        None,
        may=by_system,
        label=_("Escalate the claim that waits"),
        guard=claim_is_late,
        tell=(notices.ClaimOverdue,),
    ),
)
pgtrigger.register(CLAIM.trigger())(Claim)

PROPOSED, DECIDED, TAKEN_BACK = ProposedEdit.Status


def nothing_is_pending(edit: ProposedEdit) -> Iterator[Text]:
    """Close the step while a value waits for its decision."""
    if edit.values.filter(status=ProposedValue.Status.PENDING).exists():
        yield _("Not every change is decided.")


def edit_is_late(edit: ProposedEdit) -> Iterator[Text]:
    """Close the step until the promised date has passed."""
    if timezone.now() <= edit.due_at:
        yield _("It is not due yet.")


def next_version(change: Change) -> None:
    """Tell pages that were opened before that something else is proposed now."""
    change.set(version=change.obj.version + 1, proposed_by=change.by)


def take_back(change: Change) -> None:
    """Withdraw what nobody decided yet; what was accepted before stays published."""
    change.obj.values.filter(status=ProposedValue.Status.PENDING).update(status=ProposedValue.Status.WITHDRAWN)
    close_edit(change)


def close_edit(change: Change) -> None:
    """Keep when it was closed."""
    change.set(closed_at=timezone.now())


EDIT = Lifecycle(
    ProposedEdit,
    {PROPOSED},
    Step("propose", {PROPOSED}, None, may=rules.edits_profile, label=pgettext_lazy("proposed edit", "Propose"),
         tell=(profile_notices.EditSubmitted,)),
    Step("revise", {PROPOSED}, None, may=rules.edits_profile, label=_("Change what is proposed"), do=next_version),
    Step("moderate", {PROPOSED}, None, may=rules.moderates_edit, label=_("Decide field by field")),
    Step("finish", {PROPOSED}, DECIDED, may=by_system, label=_("Close when everything is decided"),
         guard=nothing_is_pending, do=close_edit, tell=(profile_notices.EditDecided,)),
    Step("withdraw", {PROPOSED}, TAKEN_BACK, may=rules.edits_profile, label=_("Withdraw the changes"), do=take_back),
    Step("remind", {PROPOSED}, None, may=by_system, label=_("Remind of the proposed edit"),
         tell=(profile_notices.EditDueSoon,)),
    Step("escalate", {PROPOSED}, None, may=by_system, label=_("Escalate the late decision"),
         guard=edit_is_late, tell=(profile_notices.EditOverdue,)),
)  # fmt: skip
pgtrigger.register(EDIT.trigger())(ProposedEdit)

INCOMING, UNLISTED, LISTED = Organisation.Status.INCOMING, Organisation.Status.UNLISTED, Organisation.Status.LISTED
SUSPENDED, MOVED_OUT = Organisation.Status.SUSPENDED, Organisation.Status.MOVED_OUT
MERGED = Organisation.Status.MERGED


def go_into_another(change: Change) -> None:
    """Name the survivor; ``firms.services.merging`` brings what hangs on the organisation there."""
    if not change.data.get("survivor"):
        raise StepClosed(_("Compare the two organisations and choose the one that stays."))
    change.set(merged_into=Organisation.objects.get(pk=change.data["survivor"]))


ORGANISATION = Lifecycle(
    Organisation,
    {INCOMING, UNLISTED, LISTED},
    Step(
        "verify",
        {INCOMING, UNLISTED},
        UNLISTED,
        may=rules.verifies_organisation,
        label=_("Verify"),
        do=listing.record_verification,
        tell=(profile_notices.OrganisationVerified,),
    ),
    Step(
        "list",
        {INCOMING, UNLISTED},
        LISTED,
        may=rules.lists_organisation,
        label=pgettext_lazy("organisation", "List"),
        guard=listing.missing_to_list,
        do=confirming.begin,
        tell=(notices.OrganisationListed,),
    ),
    Step(
        "confirm",
        {LISTED},
        None,
        may=rules.confirms_profile,
        label=_("Confirm the profile"),
        do=confirming.confirm,
    ),
    Step(
        "remind_confirmation",
        {LISTED},
        None,
        may=by_system,
        label=_("Remind of the yearly confirmation"),
        guard=confirming.is_near,
        tell=(profile_notices.ConfirmationDueSoon,),
    ),
    Step(
        "miss_confirmation",
        {LISTED},
        None,
        may=by_system,
        label=_("Record that the yearly confirmation was missed"),
        guard=confirming.is_missed,
        tell=(profile_notices.ConfirmationMissed,),
    ),
    Step("unlist", {LISTED}, UNLISTED, may=rules.handles_organisation, label=_("Take off the list"), needs_reason=True),
    Step(
        "suspend",
        {INCOMING, UNLISTED, LISTED},
        SUSPENDED,
        may=rules.handles_organisation,
        label=_("Suspend"),
        tell=(notices.OrganisationSuspended,),
        needs_reason=True,
    ),
    Step(
        "reinstate",
        {SUSPENDED},
        LISTED,
        may=rules.handles_organisation,
        label=_("Reinstate"),
        guard=listing.missing_to_list,
        do=confirming.begin,
        tell=(notices.OrganisationListed,),
    ),
    Step(
        "lift",
        {SUSPENDED},
        UNLISTED,
        may=rules.handles_organisation,
        label=_("Lift the suspension, off the list"),
        tell=(profile_notices.SuspensionLifted,),
    ),
    Step(
        "move_out",
        {UNLISTED, LISTED, SUSPENDED},
        MOVED_OUT,
        may=rules.handles_organisation,
        label=_("Record as moved out"),
        needs_reason=True,
    ),
    Step(
        "return",
        {MOVED_OUT},
        LISTED,
        may=rules.handles_organisation,
        label=_("Record as returned"),
        guard=listing.missing_to_list,
        do=confirming.begin,
        tell=(notices.OrganisationListed,),
    ),
    Step(
        "merge",
        {INCOMING, UNLISTED, LISTED, MOVED_OUT},
        MERGED,
        may=rules.handles_organisation,
        label=_("Merge into another"),
        do=go_into_another,
        tell=(profile_notices.OrganisationMerged,),
        needs_reason=True,
    ),
)
pgtrigger.register(ORGANISATION.trigger())(Organisation)

IMPORTS = "imports"
"""The queue of the imports that a worker is to do something for."""

READING, UNREADABLE, READY = (
    RegistryImport.Status.READING,
    RegistryImport.Status.UNREADABLE,
    RegistryImport.Status.READY,
)
DISCARDED, APPLYING = RegistryImport.Status.DISCARDED, RegistryImport.Status.APPLYING
APPLIED, UNDOING, UNDONE = RegistryImport.Status.APPLIED, RegistryImport.Status.UNDOING, RegistryImport.Status.UNDONE


def has_failed(found: RegistryImport) -> Iterator[Text]:
    """Close the step while a worker is at it."""
    if found.parked_at is None:
        yield _("A worker is at it.")


def ask_worker(change: Change) -> None:
    """Make it work for a worker, and keep who asked for it."""
    change.set(settled_by=change.by)
    try_again(change)


def try_again(change: Change) -> None:
    """Make it work for a worker, as often as at first."""
    ImportProgress.objects.update_or_create(
        registry_import=change.obj, defaults={"stage": ImportProgress.Stage.BEGINNING, "done": 0, "total": 0}
    )
    change.set(problem=[], done_at=None, parked_at=None, tries=0, next_try_at=Now(), last_error="")
    work.wake(IMPORTS)


IMPORT = Lifecycle(
    RegistryImport,
    {READING},
    Step("refuse_file", {READING}, UNREADABLE, may=by_system, label=_("Refuse the file")),
    Step("show", {READING}, READY, may=by_system, label=_("Show the differences")),
    Step("apply", {READY}, APPLYING, may=rules.imports_registry, label=pgettext_lazy("registry import", "Apply"),
         do=ask_worker),
    Step("show_anew", {APPLYING}, READY, may=by_system, label=_("Show the differences anew: the registry has changed")),
    Step("finish", {APPLYING}, APPLIED, may=by_system, label=_("Record as applied")),
    Step("discard", {READY}, DISCARDED, may=rules.is_registry_officer,
         label=pgettext_lazy("registry import", "Discard")),
    Step("undo", {APPLIED}, UNDOING, may=rules.is_registry_officer, label=pgettext_lazy("registry import", "Undo"),
         do=ask_worker),
    Step("keep", {UNDOING}, APPLIED, may=by_system, label=_("Keep it: its firms changed later")),
    Step("restore", {UNDOING}, UNDONE, may=by_system, label=_("Record as undone")),
    Step("retry", AT_WORK, None, may=rules.is_registry_officer, label=pgettext_lazy("registry import", "Try again"),
         guard=has_failed, do=try_again),
)  # fmt: skip
pgtrigger.register(IMPORT.trigger())(RegistryImport)

CURRENT, EXPIRED = Certificate.Status.CURRENT, Certificate.Status.EXPIRED

CERTIFICATE = Lifecycle(
    Certificate,
    {CURRENT, EXPIRED},  # an import that is undone brings back what was
    Step("begin", {CURRENT}, None, may=by_system, label=_("Let the certificate begin"),
         guard=expiring.has_begun, do=expiring.begin),
    Step("remind_90", {CURRENT}, None, may=by_system, label=_("Remind 90 days before the certificate expires"),
         guard=expiring.is_near, tell=(certificate_notices.CertificateExpiring,)),
    Step("remind_30", {CURRENT}, None, may=by_system, label=_("Remind 30 days before the certificate expires"),
         guard=expiring.is_near, tell=(certificate_notices.CertificateExpiring,)),
    Step("expire", {CURRENT}, EXPIRED, may=by_system, label=_("Let the certificate expire"), guard=expiring.has_expired,
         tell=(certificate_notices.CertificateExpired, certificate_notices.CertificateToCheck)),
    Step("file", {CURRENT}, EXPIRED, may=by_system, label=_("Keep as expired"), guard=expiring.has_expired),
    Step("revive", {EXPIRED}, CURRENT, may=by_system, label=_("Let the certificate be valid again"),
         guard=expiring.is_valid_again),
)  # fmt: skip
pgtrigger.register(CERTIFICATE.trigger())(Certificate)
