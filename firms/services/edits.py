"""Edits of a profile: proposed by members, decided field by field by registry officers."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from firms import profile
from firms.lifecycle import EDIT
from firms.models import HARMLESS, PROPOSABLE, Organisation, ProposedEdit, ProposedValue
from firms.rules import is_editor
from firms.services.organisations import save_organisation
from portal import clock, deadlines
from portal.lifecycle import SYSTEM, NotAllowed, StepClosed
from portal.models import User

PROMISED_WORKING_DAYS = 3
"""Within so many working days the district decides about proposed edits; a reminder goes out a working day before."""

_LIVING = frozenset({Organisation.Status.INCOMING, Organisation.Status.UNLISTED, Organisation.Status.LISTED})
Status = ProposedValue.Status


class Stale(StepClosed):
    """What the page showed has changed since; nothing was written."""


@dataclass(frozen=True)
class Verdict:
    """What an officer decides about one value.

    Args:
        accept: accept it, or refuse it.
        reason: why it is refused.
        seen: the digest of what was published when the officer looked.
        is_sure: whether to accept it though what is published has changed since it was proposed.
    """

    accept: bool
    reason: str = ""
    seen: str = ""
    is_sure: bool = False


def open_edit(organisation: Organisation) -> ProposedEdit | None:
    """Return what the organisation's members have proposed and nobody decided yet."""
    return ProposedEdit.objects.waiting().filter(organisation=organisation).first()


def shown_state(organisation: Organisation, edit: ProposedEdit | None) -> str:
    """Return what an editing page carries, to tell at its saving whether it showed the present state."""
    proposal = f"{edit.pk}.{edit.version}" if edit else ""
    return f"{proposal}:{profile.fingerprint(organisation)}"


@transaction.atomic
def propose_edit(*, by: User, organisation: Organisation, values: Mapping[str, str], seen: str) -> ProposedEdit:
    """Propose what differs from the published profile; an open proposal is changed to it.

    Args:
        by: an editor or signatory.
        organisation: theirs.
        values: the wanted text of each field, as ``profile.as_text`` writes it; a field left out stays as published.
        seen: ``shown_state`` when the form was opened.

    Raises:
        NotAllowed: ``by`` may not write for the organisation.
        Stale: another member changed the proposal, or the profile was changed, since the form was opened.
        StepClosed: the organisation is suspended or has moved out, or nothing differs.
    """
    locked = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if not is_editor(by, locked):
        raise NotAllowed(_("Only editors and signatories change the profile."))
    if locked.status not in _LIVING:
        raise StepClosed(_("The organisation is suspended or has moved out."))
    edit = ProposedEdit.objects.waiting().filter(organisation=locked).select_for_update(of=("self",)).first()
    if seen != shown_state(locked, edit):
        raise Stale(_("Someone changed the profile or the proposal while you were writing."))
    wanted = {
        name: (published, values[name])
        for name in PROPOSABLE
        if name in values and values[name] != (published := profile.published(locked, name))
    }
    if not wanted:
        raise StepClosed(_("Nothing differs from what is published. To take a proposal back, withdraw it."))
    if edit is None:
        edit = _new_edit(by, locked)
        _keep(edit, wanted)
        EDIT.apply(edit, "propose", by=by)
    else:
        edit = EDIT.apply(edit, "revise", by=by, fields=" ".join(wanted)).obj
        _keep(edit, wanted)
    return edit


def _new_edit(by: User, organisation: Organisation) -> ProposedEdit:
    due = clock.after_working_days(timezone.now(), PROMISED_WORKING_DAYS)
    edit = ProposedEdit.objects.create(
        organisation=organisation, proposed_by=by, due_at=due.at, due_estimated=due.estimated
    )
    days = PROMISED_WORKING_DAYS - 1
    deadlines.set_deadline(edit, "remind", working_days=days, while_status=ProposedEdit.Status.SUBMITTED)
    deadlines.set_deadline(
        edit, "escalate", working_days=PROMISED_WORKING_DAYS, while_status=ProposedEdit.Status.SUBMITTED
    )
    return edit


def _keep(edit: ProposedEdit, wanted: Mapping[str, tuple[str, str]]) -> None:
    """Make the pending values of a proposal just these."""
    pending = edit.values.filter(status=Status.PENDING)
    pending.exclude(field__in=wanted).update(status=Status.WITHDRAWN)
    there = {value.field: value for value in pending}
    for name, (published, proposed) in wanted.items():
        if (value := there.get(name)) is None:
            ProposedValue.objects.create(edit=edit, field=name, published=published, proposed=proposed)
        elif (value.published, value.proposed) != (published, proposed):
            value.published, value.proposed = published, proposed
            value.save(update_fields=["published", "proposed"])


def withdraw_edit(*, by: User, edit: ProposedEdit) -> None:
    """Take back what nobody decided yet.

    Raises:
        NotAllowed: ``by`` may not write for the organisation.
        StepClosed: everything is decided already.
    """
    EDIT.apply(edit, "withdraw", by=by)


@transaction.atomic
def moderate_edit(*, by: User, edit: ProposedEdit, version: int, verdicts: Mapping[int, Verdict]) -> ProposedEdit:
    """Accept and refuse proposed values; the accepted ones are published, and once all are decided members are told.

    Args:
        by: a registry officer who does not belong to the organisation.
        edit: the proposal.
        version: its version when the officer looked.
        verdicts: by the value's key; values without one wait on.

    Raises:
        NotAllowed: ``by`` does not decide about this organisation.
        Stale: the proposal, or what is published, has changed since the officer looked.
        StepClosed: closed already, a refusal without a reason, or no verdict at all.
    """
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=edit.organisation_id)
    locked: ProposedEdit = EDIT.apply(edit, "moderate", by=by, version=version).obj
    if locked.version != version:
        raise Stale(_("The members changed their proposal while you were looking. Please look again."))
    values = {value.pk: value for value in locked.values.filter(status=Status.PENDING)}
    if not verdicts:
        raise StepClosed(_("Accept or refuse at least one change."))
    if verdicts.keys() - values.keys():
        raise Stale(_("Someone else decided one of these changes while you were looking. Please look again."))
    for key, verdict in verdicts.items():
        _decide(by, organisation, values[key], verdict)
    if any(verdict.accept for verdict in verdicts.values()):
        _publish(organisation)
    if not locked.values.filter(status=Status.PENDING).exists():
        return EDIT.apply(locked, "finish", by=SYSTEM).obj
    return locked


def _decide(by: User, organisation: Organisation, value: ProposedValue, verdict: Verdict) -> None:
    """Write a verdict, and set an accepted value on the organisation."""
    if not verdict.accept and not verdict.reason.strip():
        raise StepClosed(_("%(field)s: give the reason of the refusal.") % {"field": value.label})
    if verdict.accept:
        present = profile.published(organisation, value.field)
        if verdict.seen != profile.digest(present):
            raise Stale(_("%(field)s: what is published has just changed. Look again.") % {"field": value.label})
        if present != value.published and not verdict.is_sure:
            sentence = _(
                "%(field)s: what is published has changed since the proposal. Confirm that it shall be replaced."
            )
            raise StepClosed(sentence % {"field": value.label})
        profile.put(organisation, value.field, value.proposed)
    value.status = Status.ACCEPTED if verdict.accept else Status.REFUSED
    value.reason = "" if verdict.accept else verdict.reason.strip()
    value.decided_at, value.decided_by = timezone.now(), by
    value.save(update_fields=["status", "reason", "decided_at", "decided_by"])


def _publish(organisation: Organisation) -> None:
    """Save the organisation with what follows from it.

    Raises:
        StepClosed: together with what is published, the accepted values are impossible.
    """
    try:
        with transaction.atomic():
            save_organisation(organisation=organisation)
    except DatabaseError as error:
        raise StepClosed(_("These values cannot be published: the registry's rules refuse them.")) from error


NOTHING_HARMLESS = gettext_lazy("Nothing in it may be accepted without a closer look.")


@transaction.atomic
def accept_harmless(*, by: User, edit: ProposedEdit) -> list[ProposedValue]:
    """Accept the harmless values of a proposal whose published value has not changed since; the rest waits on.

    Returns:
        The values that were accepted.

    Raises:
        NotAllowed: ``by`` does not decide about this organisation.
        StepClosed: closed already, or nothing in it is harmless.
    """
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=edit.organisation_id)
    present = ProposedEdit.objects.get(pk=edit.pk)
    values = harmless_values(organisation, present)
    if not values:
        raise StepClosed(NOTHING_HARMLESS)
    verdicts = {value.pk: Verdict(accept=True, seen=profile.digest(value.published)) for value in values}
    moderate_edit(by=by, edit=present, version=present.version, verdicts=verdicts)
    return values


def harmless_values(organisation: Organisation, edit: ProposedEdit) -> list[ProposedValue]:
    """Return the pending values that may be accepted from the list."""
    pending = edit.values.filter(status=Status.PENDING, field__in=HARMLESS)
    return [value for value in pending if value.published == profile.published(organisation, value.field)]
