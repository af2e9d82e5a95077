"""An application as its pages show it: its tasks, its answers in words, its timeline."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from incentives import conditions, questions
from incentives.answering import Answer, answer_to, written
from incentives.eligibility import Outcome
from incentives.expecting import Expected
from incentives.facts import Text, date_in_language, in_language, lazy_money
from incentives.models import Application, ApplicationDocument, ReviewAssignment, SectionAnswers
from portal.models import Document, StepTaken, User
from portal.roles import Role, has_role

Status = Application.Status

TONES = {
    Status.DRAFT: "grey",
    Status.SUBMITTED: "blue",
    Status.RETURNED: "amber",
    Status.UNDER_REVIEW: "blue",
    Status.RECOMMENDED: "blue",
    Status.FIRST_APPROVED: "blue",
    Status.PUBLIC_NOTICE: "blue",
    Status.OFFERED: "amber",
    Status.ACTIVE: "green",
    Status.COMPLETED: "green",
    Status.TERMINATED: "red",
    Status.DECLINED: "red",
    Status.WITHDRAWN: "grey",
    Status.LAPSED: "grey",
}

WORDS: dict[str, Text] = {
    "submit": _("Application submitted"),
    "return": _("Returned for changes"),
    "accept": _("Accepted for review"),
    "recommend": _("Review finished"),
    "send_back": _("Sent back for further review"),
    "first_approve": _("First approval given"),
    "approve": _("Approved; public notice began"),
    "uphold_objection": _("Objection upheld; reviewed again"),
    "confirm": _("Public notice ended; offer made"),
    "accept_offer": _("Offer accepted; award made"),
    "decline": _("Declined"),
    "reopen": _("Reopened after an appeal"),
    "withdraw": _("Withdrawn"),
    "lapse": _("Lapsed"),
}
"""Each step in the words that the applicant reads; a reminder among staff is none of them."""

TOLD_REASONS = frozenset({"return", "decline", "uphold_objection", "reopen"})
"""Steps whose reasons are for the applicant; others stay among staff."""

WAITS_FOR: dict[str, Text] = {
    Status.DRAFT: _("You fill in and submit"),
    Status.SUBMITTED: _("We look through the application"),
    Status.RETURNED: _("You make the changes"),
    Status.UNDER_REVIEW: _("Reviewers score the application"),
    Status.RECOMMENDED: _("An approver decides"),
    Status.FIRST_APPROVED: _("A second approver decides"),
    Status.PUBLIC_NOTICE: _("Public notice: anyone may object"),
    Status.OFFERED: _("Your signatory accepts the offer"),
}


def reviews_seen_by(user: User, assignments: list[ReviewAssignment]) -> list[ReviewAssignment]:
    """Return the reviews of an application that a person may see: a reviewer the others' once their own is in."""
    own = next((a for a in assignments if a.reviewer_id == user.pk), None)
    if own is not None and not hasattr(own, "review") and not has_role(user, Role.AUDITOR):
        return [own]
    return assignments


def doubts(application: Application, verdicts: list[dict[str, Any]]) -> list[tuple[Text, str]]:
    """Return what staff should know of an applicant before anything else, each with the tone of its tag.

    Args:
        application: submitted.
        verdicts: those taken with the submission.
    """
    found: list[tuple[Text, str]] = []
    if application.organisation.is_moving_in:
        found.append((_("Moving in: not listed yet"), "amber"))
    for verdict in verdicts:
        title = in_language(verdict["title_en"], verdict["title_zh"])
        if verdict["hard"] and verdict["outcome"] == Outcome.UNKNOWN:
            found.append((format_lazy(_("Borderline, not known: {title}"), title=title), "amber"))
        elif verdict["hard"] and verdict["outcome"] == Outcome.FAIL:
            found.append((format_lazy(_("Not met: {title}"), title=title), "red"))
        elif verdict["outcome"] == Outcome.FAIL:
            found.append((format_lazy(_("Borderline, preferred and not met: {title}"), title=title), "grey"))
    return found


@dataclass(frozen=True)
class TimelineStep:
    """One line of the timeline, as ``components/timeline.html`` takes it."""

    title: Text
    state: str
    at: datetime | None = None
    when: Text = ""
    text: Text = ""
    lines: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Task:
    """One line of the task list, as ``components/task_list.html`` takes it."""

    title: Text
    url: str
    status: Text
    tone: str
    detail: Text = ""


def timeline(
    application: Application, taken: list[StepTaken], due: Text = "", ahead: Sequence[Expected] = ()
) -> list[TimelineStep]:
    """Return what has happened, what waits now, and what lies ahead.

    Args:
        application: which.
        taken: its steps, in their order.
        due: by when the present step should end, in words.
        ahead: the present step, where the district has it, and those after it.
    """
    steps = [
        TimelineStep(WORDS[step.step], "done", at=step.at, text=step.reason if step.step in TOLD_REASONS else "")
        for step in taken
        if step.step in WORDS
    ]
    if waiting := WAITS_FOR.get(application.status):
        now = () if application.is_open else ahead[:1]
        steps.append(TimelineStep(waiting, "current", when=due, lines=_durations(*now)))
        ahead = ahead[len(now) :]
    return steps + [TimelineStep(step.title, "ahead", when=_by(step), lines=_durations(step)) for step in ahead]


def _durations(*steps: Expected) -> tuple[Text, ...]:
    return tuple(line for step in steps for line in (step.promise, step.usually) if line)


def _by(step: Expected) -> Text:
    """Say by when a step that lies ahead ends at the latest."""
    if step.by is None:
        return ""
    words = _("by {day} at the latest, estimated") if step.by.estimated else _("by {day} at the latest")
    return format_lazy(words, day=date_in_language(step.by.at))


def asked(application: Application) -> dict[str, list[str]]:
    """Return what a returned application is asked to change, by section: of the latest return."""
    if application.status != Status.RETURNED:
        return {}
    found: dict[str, list[str]] = {}
    for request in application.change_requests.all():
        if application.submitted_at and request.at >= application.submitted_at:
            found.setdefault(request.section, []).append(request.reason)
    return found


def tasks(application: Application, *, requests: dict[str, list[str]]) -> list[Task]:
    """Return the sections and documents of an open application with what is left to do."""
    saved = {row.section: row for row in application.answers.all()}
    unfinished = questions.unfinished(application)
    found = application.change_requests.all()
    asked_at = {request.section: request.at for request in found if request.section in requests}
    lines = []
    for slug, title in conditions.section_titles(application):
        row = saved.get(slug)
        url = reverse("incentives:section", args=[application.uid, slug])
        complete = row is not None and row.complete and slug not in unfinished
        words, tone = _progress(row, complete=complete, asked_at=asked_at.get(slug))
        lines.append(Task(title, url, words, tone, detail="\n".join(requests.get(slug, []))))
    for wanted, held in wanted_documents(application):
        url = reverse("incentives:application_document", args=[application.uid, wanted["slug"]])
        title = in_language(wanted["title_en"], wanted["title_zh"])
        detail = f"{held.document.name}: {held.document.state}" if held else ""
        lines.append(Task(title, url, *_document_state(held, required=wanted["required"]), detail=detail))
    return lines


def _progress(row: SectionAnswers | None, *, complete: bool, asked_at: datetime | None) -> tuple[Text, str]:
    if row is None:
        return _("Not started"), "grey"
    if not complete:
        return _("In progress"), "amber"
    return (_("To be changed"), "red") if asked_at and row.saved_at <= asked_at else (_("Complete"), "green")


def _document_state(held: ApplicationDocument | None, *, required: bool) -> tuple[Text, str]:
    if held is None:
        return (_("Missing"), "grey") if required else (_("Optional"), "grey")
    if held.document.status == Document.Status.CLEAN:
        return _("Added"), "green"
    if held.document.status == Document.Status.PENDING:
        return _("Being checked"), "amber"
    return _("Refused"), "red"


def wanted_documents(application: Application) -> Iterator[tuple[dict[str, Any], ApplicationDocument | None]]:
    """Yield each wanted document with what was handed in for it."""
    held = {row.slug: row for row in application.documents.all() if not row.replaced}
    for wanted in application.content["documents"]:
        yield wanted, held.get(wanted["slug"])


@dataclass(frozen=True)
class Answers:
    """A section with its questions and answers in words."""

    slug: str
    title: Text
    rows: list[tuple[Text, Answer]]


def answers(
    application: Application,
    saved: dict[str, Any] | None = None,
    scans: Mapping[str, Mapping[str, str]] | None = None,
) -> list[Answers]:
    """Return every section's answers in words: those saved now, or those of a submission.

    Args:
        application: which.
        saved: what was submitted; without it, what is saved now.
        scans: how far the check of each file is, by its address.
    """
    given = questions.given_by(application) if saved is None else saved
    applying, asked = (
        questions.that_apply(application.content, given),
        dict(questions.all_questions(application.content)),
    )
    shown = []
    for slug, title in conditions.section_titles(application):
        if slug == conditions.FUNDING:
            rows = _funding_rows(given.get(slug, {}))
        else:
            rows = [
                (questions.label_of(asked[place]), answer_to(asked[place], _with_scan(value, scans or {})))
                for place, value in applying.items()
                if place[0] == slug
            ]
        shown.append(Answers(slug, title, rows))
    return shown


def _with_scan(value: Any, scans: Mapping[str, Mapping[str, str]]) -> Any:
    """Tell with a file how far its check is."""
    return {**value, **scans.get(value["uid"], {})} if isinstance(value, dict) else value


def _funding_rows(values: dict[str, Any]) -> list[tuple[Text, Answer]]:
    cost, amount = values.get("project_cost"), values.get("requested_amount")
    return [
        (_("Eligible costs of the project"), written(lazy_money(cost) if cost else None)),
        (_("Amount requested"), written(lazy_money(amount) if amount else None)),
        (_("Other public funding for the same project"), written(values.get("other_funding"))),
    ]
