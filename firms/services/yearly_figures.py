"""Yearly figures: stated by members, entered and verified by registry officers."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from firms import yearly
from firms.models import MEASURES, Organisation, YearlyFigure
from firms.models.yearly_figures import EARLIEST_YEAR
from firms.registry.normalising import today_in_shanghai
from firms.rules import is_editor, keeps_figures
from firms.services.edits import Stale
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import User

type Values = Mapping[str, Decimal | int | None]

_GONE = frozenset({Organisation.Status.SUSPENDED, Organisation.Status.MOVED_OUT})


@transaction.atomic
def state_figures(*, by: User, organisation: Organisation, year: int, values: Values, seen: int) -> YearlyFigure:
    """Keep what a member says of a year; what was verified before is no longer.

    Args:
        by: an editor or signatory.
        organisation: theirs.
        year: one that has ended.
        values: every measure, amounts in CNY; None is "not given".
        seen: the version that the form showed; 0 where there were no figures of this year.

    Returns:
        The figures as kept; equal ones are left untouched.

    Raises:
        NotAllowed: ``by`` may not write for the organisation.
        Stale: someone else changed the figures of this year since the form was opened.
        StepClosed: the organisation is suspended or has moved out, the year has not ended, or nothing is given.
    """
    locked = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if not is_editor(by, locked):
        raise NotAllowed(_("Only editors and signatories give figures."))
    if locked.status in _GONE:
        raise StepClosed(_("The organisation is suspended or has moved out."))
    return _keep(by, locked, year, values, seen, YearlyFigure.Source.MEMBER)


@transaction.atomic
def enter_figures(*, by: User, organisation: Organisation, year: int, values: Values, seen: int) -> YearlyFigure:
    """Keep what a registry officer enters for a year; as ``state_figures``, for every organisation but their own."""
    locked = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if not keeps_figures(by, locked):
        raise NotAllowed(_("Only a registry officer who does not belong to the organisation keeps its figures."))
    return _keep(by, locked, year, values, seen, YearlyFigure.Source.REGISTRY)


def _keep(
    by: User, organisation: Organisation, year: int, values: Values, seen: int, source: YearlyFigure.Source
) -> YearlyFigure:
    if not EARLIEST_YEAR <= year <= yearly.last_ended_year():
        raise StepClosed(_("Figures of a year can be given once it has ended."))
    figure = organisation.yearly_figures.filter(year=year).first()
    if seen != (figure.version if figure else 0):
        raise Stale(_("Someone changed the figures of this year while you were writing."))
    if all(values[name] is None for name in MEASURES):
        raise StepClosed(_("Give at least one figure."))
    if figure and all(getattr(figure, name) == values[name] for name in MEASURES):
        return figure
    figure = figure or YearlyFigure(organisation=organisation, year=year)
    for name in MEASURES:
        setattr(figure, name, values[name])
    figure.source, figure.source_name, figure.source_date = source, "", today_in_shanghai()
    figure.entered_by = by
    figure.save()
    figure.refresh_from_db()
    return figure


@transaction.atomic
def verify_figures(*, by: User, figure: YearlyFigure, evidence: str, seen: int) -> YearlyFigure:
    """Record that an officer saw the evidence for what stands there.

    Args:
        by: a registry officer who does not belong to the organisation.
        figure: the figures of a year.
        evidence: what was seen, for example the auditor's report with its number.
        seen: the version that the officer looked at.

    Raises:
        NotAllowed: ``by`` does not keep the figures of this organisation.
        Stale: the figures have changed since the officer looked.
        StepClosed: no evidence is named.
    """
    locked = YearlyFigure.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=figure.pk)
    if not keeps_figures(by, locked.organisation):
        raise NotAllowed(_("Only a registry officer who does not belong to the organisation keeps its figures."))
    if locked.version != seen:
        raise Stale(_("The figures have changed since you looked. Please look again."))
    if not evidence.strip():
        raise StepClosed(_("Name the evidence that you saw."))
    locked.verified_by, locked.verified_at, locked.evidence = by, timezone.now(), evidence.strip()
    locked.save(update_fields=["verified_by", "verified_at", "evidence"])
    return locked


@transaction.atomic
def remove_figures(*, by: User, figure: YearlyFigure, seen: int) -> None:
    """Take back figures of a year that were given by mistake, as long as nobody verified them.

    Raises:
        NotAllowed: ``by`` may not write for the organisation.
        Stale: they have changed since the page was opened.
        StepClosed: they are verified, or come from an office.
    """
    locked = YearlyFigure.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=figure.pk)
    if not is_editor(by, locked.organisation):
        raise NotAllowed(_("Only editors and signatories give figures."))
    if locked.version != seen:
        raise Stale(_("Someone changed the figures of this year while you were writing."))
    if locked.is_verified or locked.source != YearlyFigure.Source.MEMBER:
        raise StepClosed(_("Figures that an officer verified, entered or imported stay; correct them instead."))
    locked.delete()
