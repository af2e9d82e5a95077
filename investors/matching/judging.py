"""Judges that several pairings share: clusters, choices, languages, export, means and price."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from investors.matching import wording
from investors.matching.sides import Investor, Listing
from investors.matching.verdicts import Judged, Known, Text, met, missed, unknown
from investors.models.facts import TechnologyFacts
from investors.models.profiles import InvestorProfile

type Sure = Callable[[Any, Any, Known], Judged]
"""A judge that always finds something to say."""

HOME = "CN"
"""Mainland China. Hong Kong, Macao, Taiwan and all other countries and regions count as outside."""

COMPLETE = _("Say it in the profile.")
ASK = _("Ask the owner; it can be stated in the listing.")
_WIDEN = _("Add it to the profile if you would take part there too.")

Export = TechnologyFacts.Export


def clusters(seeker: Any, found: Any, known: Known) -> Judged:
    """Compare the clusters looked for with those of what is found: one in common is enough."""
    if not seeker.clusters:
        return unknown(_("The one who seeks names no cluster."), _("Name the clusters that count."))
    if not found.clusters:
        return unknown(_("What is found names no cluster."), ASK)
    common = sorted(seeker.clusters & found.clusters)
    if common:
        return met(format_lazy(_("In common: {clusters}."), clusters=_names(common, known)))
    return missed(
        format_lazy(
            _("It belongs to: {found}. Looked for: {sought}."),
            found=_names(sorted(found.clusters), known),
            sought=_names(sorted(seeker.clusters), known),
        ),
        _("another cluster"),
        _WIDEN,
    )


def excluded(investor: Investor, listing: Listing, known: Known) -> Judged | None:
    """See whether it lies in a cluster in which the investor never invests."""
    if not investor.excluded_clusters:
        return None
    if not listing.clusters:
        return unknown(_("The listing names no cluster."), ASK)
    if common := sorted(investor.excluded_clusters & listing.clusters):
        reason = format_lazy(_("The profile rules out: {clusters}."), clusters=_names(common, known))
        return missed(reason, _("a cluster that is ruled out"), _("Take the cluster off those ruled out."))
    return met(_("In none of the clusters that the profile rules out."))


def _names(slugs: list[str], known: Known) -> Text:
    return wording.listed(tuple(known.name(slug) for slug in slugs))


def one_of(wish: str, fact: str, choices: type[TextChoices], short: Text) -> Sure:
    """Return what compares one fact with the choices that are looked for.

    Args:
        wish: the name of the choices; a choice alone where who seeks has only one.
        fact: the name of the fact.
        choices: what it may be.
        short: a few words for one that is not looked for.
    """

    def compare(seeker: Any, found: Any, known: Known) -> Judged:
        said = getattr(seeker, wish)
        wanted = said if isinstance(said, frozenset) else frozenset({said} if said else ())
        return _compared(wanted, frozenset(filter(None, [getattr(found, fact)])), choices, short)

    return compare


def any_of(wish: str, facts: str, choices: type[TextChoices], short: Text) -> Sure:
    """Return what compares several facts with the choices looked for: one in common is enough."""

    def compare(seeker: Any, found: Any, known: Known) -> Judged:
        return _compared(getattr(seeker, wish), getattr(found, facts), choices, short)

    return compare


def _compared(wanted: frozenset[str], has: frozenset[str], choices: type[TextChoices], short: Text) -> Judged:
    if not wanted:
        return unknown(_("Not said what is looked for."), _("Say what is looked for."))
    if not has:
        return unknown(_("The listing does not say."), ASK)
    if common := wanted & has:
        return met(format_lazy(_("Looked for and there: {common}."), common=wording.labels(choices, common)))
    return missed(
        format_lazy(
            _("There: {has}. Looked for: {wanted}."),
            has=wording.labels(choices, has),
            wanted=wording.labels(choices, wanted),
        ),
        short,
        _WIDEN,
    )


languages = any_of("languages", "languages", InvestorProfile.Language, _("not in your language"))
"""See whether the listing is written in a language in which the investor works."""


def readiness(least: Callable[[Any], int | None]) -> Sure:
    """Return what compares the readiness of a technology with the least that is looked for."""

    def compare(seeker: Any, found: Listing, known: Known) -> Judged:
        wanted = least(seeker)
        if wanted is None:
            return unknown(_("Not said how ready it must be."), _("Say the least level."))
        if found.trl is None:
            return unknown(_("The listing states no readiness level."), ASK)
        values = {"level": found.trl, "wanted": wanted}
        if found.trl >= wanted:
            return met(format_lazy(_("TRL {level}; at least {wanted} is looked for."), **values))
        return missed(
            format_lazy(_("TRL {level}; at least {wanted} is looked for."), **values),
            _("not ready enough"),
            format_lazy(_("It would fit if TRL {level} were enough."), level=found.trl),
        )

    return compare


def export(investor: Investor, listing: Listing, known: Known) -> Judged | None:
    """Judge the owner's declaration on export for this investor; prohibited is never offered to anyone."""
    declared = listing.export_declaration
    if declared == Export.PROHIBITED:
        return missed(_("Its export is prohibited: it is not offered."), _("export prohibited"))
    if investor.country in ("", HOME) and not investor.export_free_only:
        return None
    if declared in ("", Export.NOT_ASSESSED):
        return unknown(
            _("The owner has not assessed yet whether the technology may be exported."),
            _("It is known once the owner declares it."),
        )
    if declared == Export.FREE:
        return met(_("The owner declares that the technology may be exported freely."))
    return _restricted(investor, listing)


def _restricted(investor: Investor, listing: Listing) -> Judged:
    if investor.export_free_only:
        return missed(
            _("Its export needs a licence; the profile asks for technology that needs none."),
            _("export restricted"),
            _("Take this restriction off the profile."),
        )
    if listing.export_licence_number:
        return met(_("Its export needs a licence, which the owner has recorded."))
    return missed(
        _("Its export needs a licence, and none is recorded yet."),
        _("no export licence"),
        _("It opens once the owner records a licence."),
    )


def affordable(most: Decimal | None, listing: Listing, *, too_dear: Text) -> Judged:
    """Compare the price of a technology with the most that can be paid."""
    if most is None:
        return unknown(_("Not said how much can be paid."), _("Say how much can be paid."))
    if listing.price_from is None:
        return unknown(_("The price is not stated."), ASK)
    values = {"price": wording.money_range(listing.price_from, listing.price_to), "most": wording.lazy_money(most)}
    if listing.price_from <= most:
        return met(format_lazy(_("The price is {price}; up to {most} can be paid."), **values))
    return missed(
        format_lazy(_("The price is {price}; up to {most} can be paid."), **values),
        too_dear,
        format_lazy(_("It would fit if {price} could be paid."), price=wording.lazy_money(listing.price_from)),
    )


_UNREGISTERED = ("know_how", "laboratory_research")
"""Objects that no register protects."""

_EXPIRED, _UNFILED = "expired", "unfiled"


def protection(offer: Listing, *, needed: date) -> Judged | None:
    """See whether the right lasts until the day of the need; what no register protects has none.

    A right that has ended can be neither transferred nor licensed (Patent Law, articles 12 and 42).
    """
    if offer.object_kind in _UNREGISTERED:
        return None
    expires = offer.legal_expires_on
    if offer.legal_status == _EXPIRED or (expires and expires < needed):
        return missed(_ended(expires, needed), _("protection ends too early"))
    if offer.legal_status in ("", _UNFILED):
        return unknown(_("Not stated that a right is filed, granted or registered."), ASK)
    if expires is None:
        return met(_("The right is filed, granted or registered."))
    return met(format_lazy(_("The right lasts until {day}."), day=wording.lazy_day(expires)))


def _ended(expires: date | None, needed: date) -> Text:
    if expires is None:
        return _("The right has expired.")
    days = {"day": wording.lazy_day(expires), "needed": wording.lazy_day(needed)}
    return format_lazy(_("The right ends on {day}; it is needed on {needed}."), **days)
