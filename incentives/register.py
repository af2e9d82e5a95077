"""The decision register: every decision and refusal, with who, when, why, on which terms, in which meeting."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from incentives.facts import Text
from incentives.models import Appeal, Application, Objection, Publication, Recommendation
from portal import clock
from portal.models import StepTaken, User

BATCH = 500

OF_APPLICATIONS = (
    "recommend",
    "send_back",
    "first_approve",
    "approve",
    "uphold_objection",
    "decline",
    "reopen",
)
"""Steps by which the district decides."""

OF_OFFERS = ("lapse", "withdraw")
"""What ends an offer without an award."""

LABELS: dict[str, Text] = {
    "recommend": _("Recommended"),
    "send_back": _("Sent back"),
    "first_approve": _("First approval"),
    "approve": _("Approved"),
    "uphold_objection": _("Objection upheld"),
    "decline": _("Declined"),
    "reopen": _("Appeal: reopened"),
    "lapse": _("Offer lapsed"),
    "withdraw": _("Offer withdrawn by the applicant"),
    "dismiss": _("Objection dismissed"),
    "reject": _("Appeal rejected"),
    "publish": _("Programme published"),
    "refuse": _("Publication refused"),
}
"""What each step is as a decision."""


@dataclass(frozen=True)
class Wanted:
    """What of the register is looked at; nothing given is everything."""

    programme: int | None = None
    round: int | None = None
    decision: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Entry:
    """One decision in words."""

    step: StepTaken
    label: Text
    number: str
    about: str
    programme: Any
    round: Any
    application: Application | None
    terms: Recommendation | None = None

    @property
    def amount(self) -> Decimal | None:
        """The amount of the terms."""
        return self.terms.amount if self.terms else None

    @property
    def conditions(self) -> str:
        """The conditions of the terms."""
        return self.terms.conditions if self.terms else ""

    @property
    def meeting(self) -> str:
        """The meeting that decided."""
        return str(self.step.data.get("meeting") or "")

    @property
    def minutes(self) -> str:
        """The reference of its minutes."""
        return str(self.step.data.get("minutes") or "")


def decisions(user: User, wanted: Wanted) -> "QuerySet[StepTaken, Any]":
    """Return the decisions that a person may read, the newest first.

    Those about applications that they handle, and about programmes; never about an organisation of their own, nor where
    they declared a conflict of interest.
    """
    applications = Application.objects.handled_by(user)
    publications = Publication.objects.all()
    if wanted.programme:
        applications = applications.filter(round__programme=wanted.programme)
        publications = publications.filter(programme=wanted.programme)
    if wanted.round:
        applications, publications = applications.filter(round=wanted.round), publications.none()
    kinds = ContentType.objects.get_for_models(Application, Objection, Appeal, Publication)
    found = StepTaken.objects.filter(
        Q(subject_type=kinds[Application], subject_id__in=applications.values("pk"))
        & (Q(step__in=OF_APPLICATIONS) | Q(step__in=OF_OFFERS, source=Application.Status.OFFERED))
        | Q(
            subject_type=kinds[Objection],
            step="dismiss",
            subject_id__in=Objection.objects.filter(application__in=applications).values("pk"),
        )
        | Q(
            subject_type=kinds[Appeal],
            step="reject",
            subject_id__in=Appeal.objects.filter(application__in=applications).values("pk"),
        )
        | Q(subject_type=kinds[Publication], step__in=["publish", "refuse"], subject_id__in=publications.values("pk"))
    )
    if wanted.decision:
        found = found.filter(step=wanted.decision)
    if wanted.since:
        found = found.filter(at__gte=datetime.combine(wanted.since, time.min, clock.SHANGHAI))
    if wanted.until:
        found = found.filter(at__lt=datetime.combine(wanted.until + timedelta(days=1), time.min, clock.SHANGHAI))
    return found.select_related("by", "subject_type").order_by("-pk")


def entries(steps: Iterable[StepTaken]) -> list[Entry]:
    """Return decisions in words; what they are about is read kind by kind."""
    taken = list(steps)
    by_model = {
        model: {s.subject_id for s in taken if s.subject_type.model_class() is model}
        for model in (Application, Objection, Appeal, Publication)
    }
    beside: dict[Any, dict[int, Any]] = {
        model: model._base_manager.in_bulk(by_model[model]) for model in (Objection, Appeal)
    }
    wanted = by_model[Application] | {one.application_id for found in beside.values() for one in found.values()}
    applications = Application.objects.select_related("organisation", "round__programme").in_bulk(wanted)
    publications = Publication.objects.select_related("programme").in_bulk(by_model[Publication])
    terms = _terms(by_model[Application])
    told = []
    for step in taken:
        label = LABELS.get(step.step, step.step)
        if publication := publications.get(step.subject_id) if step.subject_type.model_class() is Publication else None:
            told.append(Entry(step, label, "", "", publication.programme, None, None))
            continue
        of_another = beside.get(step.subject_type.model_class())
        pk = of_another[step.subject_id].application_id if of_another else step.subject_id
        about = applications[pk]
        told.append(
            Entry(
                step,
                label,
                about.number or "",
                about.organisation.title,
                about.round.programme,
                about.round,
                about,
                None if of_another else _terms_at(step, terms.get(pk, [])),
            )
        )
    return told


def _terms(applications: Iterable[int]) -> dict[int, list[tuple[int, Recommendation]]]:
    """Return the recommendations of applications, each with the step that made it: the n-th with the n-th."""
    pks = list(applications)
    kind = ContentType.objects.get_for_model(Application)
    steps = StepTaken.objects.filter(subject_type=kind, subject_id__in=pks, step="recommend").order_by("pk")
    made: dict[int, list[int]] = {}
    for subject, pk in steps.values_list("subject_id", "pk"):
        made.setdefault(subject, []).append(pk)
    found: dict[int, list[tuple[int, Recommendation]]] = {}
    for terms in Recommendation.objects.filter(application__in=pks).order_by("pk"):
        rows = found.setdefault(terms.application_id, [])
        taken = made.get(terms.application_id, [])
        rows.append((taken[len(rows)] if len(rows) < len(taken) else 0, terms))
    return found


def _terms_at(step: StepTaken, made: list[tuple[int, Recommendation]]) -> Recommendation | None:
    """Return the terms that a step was about: those made last before it, or by it."""
    if step.step != "recommend" and step.source in {Application.Status.SUBMITTED, Application.Status.UNDER_REVIEW}:
        return None
    if step.source == Application.Status.DECLINED:
        return None
    return next((terms for pk, terms in reversed(made) if pk <= step.pk), None)


def in_batches(user: User, wanted: Wanted, most: int | None = None) -> Iterator[list[Entry]]:
    """Yield the register by and by, each batch one look behind the last row: no transaction is held meanwhile."""
    found, last, given = decisions(user, wanted), None, 0
    while most is None or given < most:
        size = BATCH if most is None else min(BATCH, most - given)
        batch = list(found.filter(pk__lt=last)[:size] if last else found[:size])
        if not batch:
            return
        last, given = batch[-1].pk, given + len(batch)
        yield entries(batch)
