"""Drafts: begun once per round, written by several people, never lost and never overwritten."""

import json
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from firms.models import Organisation
from firms.rules import is_editor
from firms.services.holding import hold
from incentives import conditions, lapsing, questions, rules
from incentives.models import Application, ApplicationDocument, Round, SectionAnswers
from portal import deadlines
from portal.documents import store_document
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import User


class StaleVersionError(Exception):
    """Someone saved the section meanwhile; ``saved`` is what stands there now."""

    def __init__(self, saved: SectionAnswers) -> None:
        self.saved = saved
        super().__init__(f"version {saved.version} is newer")


@transaction.atomic
def start_application(*, round: Round, organisation: Organisation, by: User) -> Application:  # noqa: A002
    """Begin a draft, or return the live application that the organisation has in the round.

    Args:
        round: whose window is open.
        organisation: the applicant.
        by: an editor or signatory of it.

    Raises:
        NotAllowed: ``by`` does not write for the organisation.
        StepClosed: the window is not open, or the organisation may not apply.
    """
    organisation = hold(organisation=organisation)  # a double click finds the first one's draft
    if not is_editor(by, organisation):
        raise NotAllowed(_("You may not apply for this organisation."))
    found = Application.objects.filter(round=round, organisation=organisation).exclude(
        status__in=[Application.Status.WITHDRAWN, Application.Status.LAPSED]
    )
    if application := found.first():
        return application
    version = round.programme.versions.order_by("-number").first()
    if version is None or not round.opens_at <= conditions.moment() <= round.closes_at:
        raise StepClosed(_("This round is not open."))
    application = Application(round=round, organisation=organisation, programme_version=version, started_by=by)
    if reasons := list(conditions.organisation_may_apply(application)):
        raise StepClosed(*reasons)
    application.save()
    deadlines.set_deadline_at(application, "lapse", due_at=round.closes_at, while_status=Application.Status.DRAFT)
    lapsing.set_reminder(application, Application.Status.DRAFT)
    return application


def save_section(
    *,
    application: Application,
    section: str,
    answers: dict[str, Any],
    complete: bool,
    version: int,
    by: User,
    typed: dict[str, Any] | None = None,
    held: bool = False,
) -> SectionAnswers:
    """Save one section as it stands in the form; what stands there already is not saved again.

    Args:
        application: a draft or returned application.
        held: whether the caller read ``application`` and its answers under its lock, in this very transaction.
        section: the slug.
        answers: JSON values by the question's key.
        complete: whether every question is answered as it asks.
        version: the version that ``by`` began from; 0 where nothing was saved yet.
        by: an editor or signatory of the applicant.
        typed: what was typed and is no answer, by the question's key; kept with the draft.

    Raises:
        NotAllowed: ``by`` may not write, or the application is submitted.
        StaleVersionError: someone saved something else meanwhile.
    """
    if not held:
        with transaction.atomic():
            locked = _lock(application, by)
            return _save(locked, section, (answers, typed or {}, complete), version, by)
    _check_writer(application, by)
    return _save(application, section, (answers, typed or {}, complete), version, by)


def _save(
    locked: Application, section: str, found: tuple[dict[str, Any], dict[str, Any], bool], version: int, by: User
) -> SectionAnswers:
    if section not in {slug for slug, _title in conditions.section_titles(locked)}:
        raise StepClosed(_("There is no such section."))
    saved = next((row for row in locked.answers.all() if row.section == section), None)
    if saved is not None and (saved.answers, saved.typed, saved.complete) == found:
        return saved
    if saved is not None and is_stale(saved, version):
        raise StaleVersionError(saved)
    if saved is None:
        saved = SectionAnswers(application=locked, section=section, version=0)
    saved.answers, saved.typed, saved.complete = found
    saved.saved_by = by
    saved.version += 1
    _write(saved)
    if section == conditions.FUNDING:
        _note_amount(locked, found[0].get("requested_amount"))
    return saved


_OVERWRITE = """UPDATE incentives_sectionanswers
       SET answers = %s, typed = %s, complete = %s, version = %s, saved_by_id = %s, saved_at = clock_timestamp()
     WHERE id = %s RETURNING saved_at"""


def _write(saved: SectionAnswers) -> None:
    """Write a section; over an earlier text in the words of SQL, of which Django makes an UPDATE in twice the time."""
    if saved._state.adding:
        saved.save()
        return
    found = (json.dumps(saved.answers), json.dumps(saved.typed), saved.complete)
    with connection.cursor() as cursor:
        cursor.execute(_OVERWRITE, [*found, saved.version, saved.saved_by_id, saved.pk])
        (saved.saved_at,) = cursor.fetchone()


def is_stale(saved: SectionAnswers, version: int) -> bool:
    """Whether a writer began from another version than the one that is saved."""
    return saved.version != version


def _note_amount(application: Application, amount: str | None) -> None:
    """Note the amount asked for; what was submitted once keeps its amount until there is another."""
    if amount or application.number is None:
        application.requested_amount = Decimal(amount) if amount else None
        application.save(update_fields=["requested_amount"])


@transaction.atomic
def add_document(*, application: Application, slug: str, upload: UploadedFile, by: User) -> ApplicationDocument:
    """Add a wanted document, or the file that a question asks for; it takes the place of an earlier one.

    Args:
        application: a draft or returned application.
        slug: the key of the wanted document, or ``questions.file_key``.
        upload: the file.
        by: an editor or signatory of the applicant.

    Raises:
        NotAllowed: ``by`` may not write, or the application is submitted.
        ValidationError: the file is not acceptable.
    """
    locked = _lock(application, by)
    wanted = {document["slug"] for document in locked.content["documents"]}
    if slug not in wanted | questions.keys_of_files(locked.content):
        raise StepClosed(_("There is no such document."))
    document = store_document(by=by, upload=upload, subject=locked, purpose=f"application_{slug}"[:60])
    locked.documents.filter(slug=slug, replaced=False).update(replaced=True)
    return ApplicationDocument.objects.create(application=locked, slug=slug, document=document)


@transaction.atomic
def remove_document(*, application: Application, slug: str, by: User) -> None:
    """Take back a document that was handed in; it stays in the records.

    Raises:
        NotAllowed: ``by`` may not write, or the application is submitted.
    """
    locked = _lock(application, by)
    locked.documents.filter(slug=slug, replaced=False).update(replaced=True)


def _lock(application: Application, by: User) -> Application:
    locked = Application.objects.select_for_update().get(pk=application.pk)
    _check_writer(locked, by)
    if locked.programme_version_id == application.programme_version_id:  # a version never changes
        locked.programme_version = application.programme_version
    return locked


def _check_writer(application: Application, by: User) -> None:
    if not rules.writes(by, application):
        raise NotAllowed(_("You may not change this application now."))
