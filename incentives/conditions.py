"""What closes a step of an application now: the guards of its lifecycle."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Sum
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from firms.models import Organisation
from incentives import eligibility, flagging, questions
from incentives.facts import facts_of, in_language, lazy_money
from incentives.models import Appeal, Application, Approval, Recommendation, ReviewAssignment
from portal import clock, deadlines
from portal.documents import all_clean
from portal.lifecycle import Text
from portal.models import Deadline, StepTaken

Status = Application.Status
FUNDING = "funding"
"""The section that every application has, whatever the programme asks."""


def moment() -> datetime:
    """Return when this transaction began, by PostgreSQL's clock: the moment the server received it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT transaction_timestamp()")
        received: datetime = cursor.fetchone()[0]
    return received


def in_time(application: Application) -> bool:
    """Decide whether a submission that is being received counts: the one place where that is decided."""
    received = moment()
    if application.status == Status.RETURNED:
        deadline = deadlines.open_deadline(application, "lapse")
        return deadline is not None and received <= deadline.due_at
    return application.round.opens_at <= received <= application.round.closes_at


def _deadline_passed(application: Application, step: str) -> bool:
    deadline = deadlines.open_deadline(application, step)
    return deadline is not None and deadline.due_at < moment()


# --- Submitting -------------------------------------------------------------------------


def ready_to_submit(application: Application) -> Iterator[Text]:
    """Ask for the time, the applicant's standing, every section and document, and no required criterion failed."""
    yield from may_be_submitted_now(application)
    yield from sections_complete(application)
    yield from documents_ready(application)
    yield from criteria_met(application)


def may_be_submitted_now(application: Application) -> Iterator[Text]:
    """Ask for the time and the applicant's standing, which nothing in the form changes."""
    if not in_time(application):
        yield _("The time to submit has passed, or has not begun.")
    yield from organisation_may_apply(application)


def criteria_met(application: Application) -> Iterator[Text]:
    """Yield each required criterion that is not met."""
    takes_borderline = is_open_to_borderline(application.content)
    for verdict in verdicts(application):
        if verdict.stops:
            yield format_lazy(_("A required criterion is not met: “{title}”"), title=verdict.rule.title)
        elif verdict.is_open and not takes_borderline:
            sentence = _("This programme takes no borderline cases, and a required criterion is not known: “{title}”")
            yield format_lazy(sentence, title=verdict.rule.title)


def organisation_may_apply(application: Application) -> Iterator[Text]:
    """Close the step for suspended or departed organisations, and for incoming ones where the programme is not open."""
    yield from standing_allows(application.organisation.status, application.content)


def standing_allows(status: str, content: Mapping[str, Any]) -> Iterator[Text]:
    """Yield why an organisation of a status may not apply for a programme as published."""
    if status in {Organisation.Status.SUSPENDED, Organisation.Status.MOVED_OUT}:
        yield _("The organisation is suspended or has moved out.")
    elif status != Organisation.Status.LISTED and not content["open_to_incoming"]:
        yield _("This programme is open to listed organisations only.")


def is_open_to_borderline(content: Mapping[str, Any]) -> bool:
    """Whether firms may apply of which a required criterion is not known; so it was before programmes said it."""
    return bool(content.get("open_to_borderline", True))


def sections_complete(application: Application) -> Iterator[Text]:
    """Yield each section that is not complete."""
    for _slug, title in incomplete_sections(application):
        yield format_lazy(_("Complete the section “{title}”."), title=title)


def incomplete_sections(application: Application) -> list[tuple[str, Text]]:
    """Return the sections that are not complete, with their titles."""
    done = {row.section for row in application.answers.all() if row.complete} - questions.unfinished(application)
    return [(slug, title) for slug, title in section_titles(application) if slug not in done]


def section_titles(application: Application) -> list[tuple[str, Text]]:
    """Return the sections of the application, the one about the funding last."""
    own = [(s["slug"], in_language(s["title_en"], s["title_zh"])) for s in application.content["sections"]]
    return [*own, (FUNDING, _("Amount and other public funding"))]


def documents_ready(application: Application) -> Iterator[Text]:
    """Yield each wanted document that is missing or may not be opened yet."""
    for _place, reason in missing_documents(application):
        yield reason


def missing_documents(application: Application) -> Iterator[tuple[tuple[str, ...], Text]]:
    """Yield each document that is missing or may not be opened yet, with what to do.

    It is named by the key of the wanted document, or those of the section and the question that asks for a file.
    """
    rows = application.documents.filter(replaced=False).select_related("document")
    held = {row.slug: row.document for row in rows}
    for wanted in application.content["documents"]:
        title = in_language(wanted["title_en"], wanted["title_zh"])
        document = held.get(wanted["slug"])
        if document is None:
            if wanted["required"]:
                yield (wanted["slug"],), format_lazy(_("Add the document “{title}”."), title=title)
        elif not all_clean([document]):
            words = _("The document “{title}” is still being checked, or was refused.")
            yield (wanted["slug"],), format_lazy(words, title=title)
    for place in questions.files_that_apply(application):
        row = held.get(questions.file_key(*place))
        if row is not None and not all_clean([row]):
            words = _("The document “{title}” is still being checked, or was refused.")
            yield place, format_lazy(words, title=row.name)


def verdicts(application: Application) -> list[eligibility.Verdict]:
    """Return the verdicts on the applicant today, under the version it applies under."""
    today = timezone.localdate(timezone=clock.SHANGHAI)
    return eligibility.check(
        eligibility.rules_of(application.content),
        facts_of(application.organisation, on=today, apart_from=application),
        on=today,
    )


# --- Deciding ---------------------------------------------------------------------------


def reviews_enough(application: Application) -> Iterator[Text]:
    """Ask for as many reviews as the programme needs, and no declaration open."""
    counting = [a for a in application.assignments.all() if a.status in ReviewAssignment.COUNTING]
    if any(a.conflict == ReviewAssignment.Conflict.UNDECLARED for a in counting):
        yield _("A reviewer has not declared yet whether there is a conflict of interest.")
    done = sum(a.status == ReviewAssignment.Status.DONE for a in counting)
    needed = application.programme_version.reviewers_needed
    if done < needed:
        yield format_lazy(_("{done} of {needed} reviews are in."), done=done, needed=needed)


def most_allowed(application: Application, *, held: Decimal | None = None) -> Decimal:
    """Return the most that may be recommended: what was asked, both caps and the budget left, whichever is least.

    Args:
        application: the application.
        held: what ``held_by_firms`` said of it, where several are asked about at once.
    """
    version = application.programme_version
    budget = getattr(application.round, "budget", None)
    return max(
        min(
            application.requested,
            version.cap_award,
            version.cap_firm - (held_by_firm(application) if held is None else held),
            budget.left if budget else Decimal(0),
        ),
        Decimal(0),
    )


def held_by_firm(application: Application) -> Decimal:
    """Return what the applicant's other live awards of the programme come to."""
    return held_by_firms([application])[application.pk]


def held_by_firms(applications: Collection[Application]) -> dict[int, Decimal]:
    """Return for each application what the applicant's other live awards of its programme come to."""
    live = Recommendation.objects.filter(
        voided_at=None,
        application__organisation__in={a.organisation_id for a in applications},
        application__round__programme__in={a.round.programme_id for a in applications},
        application__status__in=[Status.PUBLIC_NOTICE, Status.OFFERED, Status.ACTIVE],
    )
    held = dict.fromkeys((a.pk for a in applications), Decimal(0))
    columns = ("application__organisation", "application__round__programme", "application", "amount")
    for organisation, programme, application, amount in live.values_list(*columns):
        for asked in applications:
            of_it = (asked.organisation_id, asked.round.programme_id) == (organisation, programme)
            held[asked.pk] += amount if of_it and asked.pk != application else 0
    return held


def held(organisation: int, programmes: Iterable[int]) -> dict[int, Decimal]:
    """Return what an organisation's live awards come to, in CNY, for each of some programmes."""
    programmes = list(programmes)
    live = Recommendation.objects.filter(
        voided_at=None,
        application__organisation=organisation,
        application__round__programme__in=programmes,
        application__status__in=[Status.PUBLIC_NOTICE, Status.OFFERED, Status.ACTIVE],
    )
    sums = live.order_by().values_list("application__round__programme").annotate(Sum("amount"))
    return dict.fromkeys(programmes, Decimal(0)) | dict(sums)


def live_recommendation(application: Application) -> Recommendation | None:
    """Return the terms that stand now."""
    return next((terms for terms in application.recommendations.all() if terms.voided_at is None), None)


def above_threshold(application: Application) -> bool:
    """Whether the terms that stand need two approvers."""
    terms = live_recommendation(application)
    return terms is not None and terms.amount > application.programme_version.four_eyes_threshold


def needs_first_approval(application: Application) -> Iterator[Text]:
    """Close the first approval where one approver is enough."""
    if not above_threshold(application):
        yield _("The amount is not above the threshold: one approval is enough.")
    yield from flagging.flags_settled(application)


def ready_to_approve(application: Application) -> Iterator[Text]:
    """Ask for the first approval above the threshold, for money, and for every flag resolved."""
    if application.status == Status.RECOMMENDED and above_threshold(application):
        threshold = lazy_money(application.programme_version.four_eyes_threshold)
        yield format_lazy(_("Above {threshold} a first approval is needed."), threshold=threshold)
    terms = live_recommendation(application)
    if terms is not None and terms.amount > (most := most_allowed(application)):
        yield format_lazy(_("No more than {amount} can be given now."), amount=lazy_money(most))
    yield from flagging.flags_settled(application)


# --- After the decision -------------------------------------------------------------------


def notice_ended(application: Application) -> Iterator[Text]:
    """Ask for the end of the public notice without an objection open or upheld."""
    if not _deadline_passed(application, "confirm"):
        yield _("The public notice has not ended.")
    if application.objections.filter(approval=current_approval(application)).stopping().exists():
        yield _("An objection is not settled.")


def current_approval(application: Application) -> Approval | None:
    """Return the approval that the public notice rests on."""
    return application.approvals.filter(stage=Approval.Stage.FINAL, voided_at=None).first()


def has_open_objection(application: Application) -> Iterator[Text]:
    """Ask for an objection to uphold."""
    if not application.objections.filter(approval=current_approval(application), status="open").exists():
        yield _("There is no open objection.")


def offer_open(application: Application) -> Iterator[Text]:
    """Close the step once the offer has lapsed."""
    deadline = deadlines.open_deadline(application, "lapse")
    if deadline is None or deadline.due_at < moment():
        yield _("The offer has lapsed.")


def time_is_up(application: Application) -> Iterator[Text]:
    """Ask for a deadline that has passed; of a draft, the end of the round."""
    if application.status == Status.DRAFT:
        if moment() <= application.round.closes_at:
            yield _("The round has not closed.")
    elif not _deadline_passed(application, "lapse"):
        yield _("The deadline has not passed.")


def time_is_left(application: Application) -> Iterator[Text]:
    """Ask for a deadline that has not passed: nobody is reminded of what lapses with the same sweep."""
    if not list(time_is_up(application)):
        yield _("The deadline has passed.")


def appeal_until(application: Application) -> datetime | None:
    """Return when the appeal period of the first decision ends or ended, as it was fixed then; None without one."""
    fixed = Deadline.objects.about(application).filter(step=Application.APPEAL_PERIOD).order_by("-id").first()
    return fixed.due_at if fixed else None


def was_reopened(application: Application) -> bool:
    """Whether an appeal was heard and upheld already: there is no second one."""
    return StepTaken.objects.about(application).filter(step="reopen").exists()


def may_be_reopened(application: Application) -> Iterator[Text]:
    """Ask for an appeal that is not decided; without one here, for the first reopening within the appeal period."""
    appeal = Appeal.objects.filter(application=application).first()
    if appeal is None or was_reopened(application):
        yield from within_appeal_period(application)
    elif appeal.status == Appeal.Status.REJECTED:
        yield _("The appeal was rejected.")


def within_appeal_period(application: Application) -> Iterator[Text]:
    """Ask for the first reopening, within the appeal period after the decision."""
    if was_reopened(application):
        yield _("It was reopened once already.")
    elif (until := appeal_until(application)) is None or until < moment():
        yield _("The appeal period has ended.")
