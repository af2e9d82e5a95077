"""What is still missing in an opportunity before the district can look at it, each with the field that tells it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from investors.models import Opportunity
from investors.models.fact_rules import PRICED, REQUIRED
from investors.models.facts import Kind

type Text = str | Promise

LONGEST = timedelta(days=365)
"""How long an opportunity is shown at most without being confirmed."""

LegalStatus = Opportunity.LegalStatus
NUMBERED = frozenset({LegalStatus.FILED, LegalStatus.GRANTED, LegalStatus.REGISTERED, LegalStatus.EXPIRED})
"""A right of this status has a number and a country or region that gave it."""


class Missing(NamedTuple):
    """What is missing, and in which field."""

    field: str
    words: Text


def missing(opportunity: Opportunity) -> Iterator[Missing]:
    """Yield what is missing, in the order of the form.

    Args:
        opportunity: as it is saved.
    """
    yield from _words_missing(opportunity)
    yield from _facts_missing(opportunity)
    if opportunity.kind == Kind.DIGITAL:
        yield from _need_missing(opportunity)
    yield from not_to_be_shown(opportunity)


def _words_missing(opportunity: Opportunity) -> Iterator[Missing]:
    if not (opportunity.summary_en or opportunity.summary_zh):
        yield Missing("summary_en", _("Write a summary in at least one language."))
    if not (opportunity.text_en or opportunity.text_zh):
        yield Missing("text_en", _("Write a description in at least one language."))


def _facts_missing(opportunity: Opportunity) -> Iterator[Missing]:
    wanted = list(REQUIRED[Kind(opportunity.kind)])
    if opportunity.is_technology and opportunity.legal_status in NUMBERED:
        wanted += ["object_number", "jurisdiction"]
    wanted += PRICED.get(opportunity.price_kind, ())
    for name in opportunity.fact_names:
        if name in wanted and getattr(opportunity, name) in (None, "", []):
            yield Missing(name, _("State: %(fact)s.") % {"fact": label_of(name)})
    if opportunity.price_kind == Opportunity.PriceKind.FIXED and opportunity.price_to is not None:
        yield Missing("price_to", _("A fixed price has one amount: leave this empty, or choose a range."))
    if not opportunity.is_technology:
        return
    if not (opportunity.trl_evidence_en or opportunity.trl_evidence_zh):
        yield Missing("trl_evidence_en", _("Say what shows the readiness level, in at least one language."))
    if not opportunity.disclosure_checked:
        words = _("Confirm that the public text discloses no invention for which no patent application has been filed.")
        yield Missing("disclosure_checked", words)


def _need_missing(opportunity: Opportunity) -> Iterator[Missing]:
    """Yield what a digital firm has to know of a need besides its scope: process, systems in use, budget band."""
    if not (opportunity.process_en or opportunity.process_zh):
        yield Missing("process_en", _("Describe the process to be digitalised, in at least one language."))
    if not (opportunity.systems_en or opportunity.systems_zh):
        yield Missing(
            "systems_en", _("Name the systems in use in at least one language; write “None” if there are none.")
        )
    if opportunity.budget_from is None and opportunity.budget_to is None:
        yield Missing("budget_from", _("State at least one end of the budget."))


def label_of(name: str) -> Text:
    """Return what a column is called."""
    column = Opportunity._meta.get_field(name)
    assert isinstance(column, models.Field)  # noqa: S101 -- facts are columns of the table
    return column.verbose_name


def not_to_be_shown(opportunity: Opportunity) -> Iterator[Missing]:
    """Yield what keeps it off the public site whoever asks."""
    if opportunity.export_declaration == Opportunity.Export.PROHIBITED:
        yield Missing("export_declaration", _("A technology whose export is prohibited is never shown here."))
    today = timezone.localdate()
    if opportunity.expires_on is None or not today < opportunity.expires_on <= today + LONGEST:
        yield Missing("expires_on", _("Choose until when it is shown: a day within the next year."))
