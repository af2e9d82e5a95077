"""Answers that the profile of an organisation gives, each with who says so and as of when."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from firms import presentation
from firms.models import Organisation, YearlyFigure
from incentives.facts import Text, attested, date_in_language
from incentives.models import ProfileFact

type Answered = tuple[Any, Text] | None


class FromProfile(NamedTuple):
    """An answer as applications keep it, and from where and as of when it is known."""

    value: Any
    source: Text


def from_profile(organisation: Organisation, facts: Iterable[str], *, on: date) -> dict[str, FromProfile]:
    """Return what the profile says of some facts, leaving out what it does not say.

    Args:
        organisation: the applicant.
        facts: values of ``ProfileFact``.
        on: the day on which certificates must be valid, and whose last year the figures are of.
    """
    wanted = set(facts)
    if not wanted:
        return {}
    sources = presentation.sources_of(organisation)
    found = {}
    for fact in wanted:
        if fact == ProfileFact.CERTIFICATES:
            answered = _certificates(organisation, on)
        elif fact in _OF_A_YEAR:
            answered = _of_last_year(organisation, fact, on)
        else:
            read, field = _OF_THE_PROFILE[fact]
            answered = (read(organisation), sources.get(field, sources[""]))
        if answered and answered[0] not in (None, ""):
            found[fact] = FromProfile(*answered)
    return found


def _plain_amount(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}".removesuffix(".00")


def _code(organisation: Organisation) -> str:
    return organisation.uscc or organisation.foreign_number


_OF_THE_PROFILE: dict[str, tuple[Callable[[Organisation], Any], str]] = {
    ProfileFact.NAME_ZH: (lambda firm: firm.name_zh, "name_zh"),
    ProfileFact.NAME_EN: (lambda firm: firm.name_en, "name_en"),
    ProfileFact.CODE: (_code, "uscc"),
    ProfileFact.ADDRESS: (lambda firm: firm.address, "address"),
    ProfileFact.WEBSITE: (lambda firm: firm.website, "website"),
    ProfileFact.SCOPE: (lambda firm: firm.business_scope, "business_scope"),
    ProfileFact.DESCRIPTION_EN: (lambda firm: firm.description_en, "description_en"),
    ProfileFact.DESCRIPTION_ZH: (lambda firm: firm.description_zh, "description_zh"),
    ProfileFact.FOUNDED: (lambda firm: firm.founded and firm.founded.isoformat(), "founded"),
    ProfileFact.STAFF: (lambda firm: firm.staff, "staff"),
    ProfileFact.CAPITAL: (lambda firm: _plain_amount(firm.registered_capital), "registered_capital"),
}
"""How each fact of the profile is read as an answer, and the field whose source it has."""

_OF_A_YEAR = frozenset({ProfileFact.REVENUE, ProfileFact.RD_SPEND})


def _of_last_year(organisation: Organisation, fact: str, on: date) -> Answered:
    """Return a figure of the year before ``on``: of no other, for that is what the question asks."""
    figure = YearlyFigure.objects.filter(organisation=organisation, year=on.year - 1).first()
    if figure is None:
        return None
    words = format_lazy(
        _("year {year}: {source}, as of {day}"),
        source=attested(figure),
        year=figure.year,
        day=date_in_language(figure.source_date),
    )
    return _plain_amount(getattr(figure, fact)), words


def _certificates(organisation: Organisation, on: date) -> Answered:
    """Return the numbers of the certificates that are valid, in the order of the profile."""
    shown = [one for one in presentation.certificates_of(organisation, on) if one.is_held and one.certificate.number]
    sources = dict.fromkeys(one.source for one in shown if one.source)
    return ", ".join(one.certificate.number for one in shown), ", ".join(sources) or _("the profile")
