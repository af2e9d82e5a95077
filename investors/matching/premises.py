"""An organisation that looks for premises, and premises."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from investors.matching import judging, wording
from investors.matching.sides import Listing, PremisesWish
from investors.matching.verdicts import Criterion, Judged, Known, met, missed, unknown
from investors.models.facts import PremisesFacts

_NOT_SAID = _("The search does not say.")
_SAY = _("Say it in the search.")
_MIXED = "mixed"


def _area(wish: PremisesWish, premises: Listing, known: Known) -> Judged:
    if wish.area_min is None and wish.area_max is None:
        return unknown(_NOT_SAID, _SAY)
    if premises.area is None:
        return unknown(_("The listing states no area."), judging.ASK)
    area = wording.number(premises.area)
    if wish.area_min is not None and premises.area < wish.area_min:
        reason = format_lazy(
            _("{area} m²; at least {limit} m² is needed."), area=area, limit=wording.number(wish.area_min)
        )
        return missed(reason, _("too small"), format_lazy(_("It would fit if {area} m² were enough."), area=area))
    if wish.area_max is not None and premises.area > wish.area_max:
        reason = format_lazy(
            _("{area} m²; at most {limit} m² is looked for."), area=area, limit=wording.number(wish.area_max)
        )
        return missed(
            reason, _("too large"), format_lazy(_("It would fit if {area} m² were not too large."), area=area)
        )
    return met(format_lazy(_("{area} m²: within what is looked for."), area=area))


def _rent(wish: PremisesWish, premises: Listing, known: Known) -> Judged:
    if wish.rent_max is None:
        return unknown(_NOT_SAID, _SAY)
    if premises.rent is None:
        return unknown(_("The listing states no rent."), judging.ASK)
    values = {"rent": wording.number(premises.rent), "limit": wording.number(wish.rent_max)}
    reason = format_lazy(_("CNY {rent} per m² and day; at most CNY {limit} is paid."), **values)
    if premises.rent <= wish.rent_max:
        return met(reason)
    return missed(
        reason, _("rent too high"), format_lazy(_("It would fit if CNY {rent} were paid."), rent=values["rent"])
    )


def _date(wish: PremisesWish, premises: Listing, known: Known) -> Judged:
    if wish.needed_from is None:
        return unknown(_NOT_SAID, _SAY)
    if premises.available_from is None:
        return unknown(_("The listing states no day."), judging.ASK)
    needed = max(wish.needed_from, known.on)
    values = {"day": wording.lazy_day(premises.available_from), "needed": wording.lazy_day(needed)}
    reason = format_lazy(_("Available from {day}; needed from {needed}."), **values)
    if premises.available_from <= needed:
        return met(reason)
    return missed(
        reason,
        _("available too late"),
        format_lazy(_("It would fit if it were needed from {day} on."), day=values["day"]),
    )


def _use(wish: PremisesWish, premises: Listing, known: Known) -> Judged:
    if premises.premises_use == _MIXED and wish.uses:
        return met(_("For mixed use, as it is needed."))
    compare = judging.one_of("uses", "premises_use", PremisesFacts.PremisesUse, _("another use"))
    return compare(wish, premises, known)


def _place(wish: PremisesWish, premises: Listing, known: Known) -> Judged:
    if not wish.subdistricts:
        return unknown(_NOT_SAID, _SAY)
    if not premises.subdistrict:
        return unknown(_("The listing states no subdistrict."), judging.ASK)
    name = known.name(premises.subdistrict)
    if premises.subdistrict in wish.subdistricts:
        return met(format_lazy(_("In {place}, as looked for."), place=name))
    wanted = wording.listed(tuple(known.name(slug) for slug in sorted(wish.subdistricts)))
    reason = format_lazy(_("In {place}; looked for: {wanted}."), place=name, wanted=wanted)
    return missed(reason, _("another subdistrict"), _("Add the subdistrict to the search."))


CRITERIA = (
    Criterion("area", _("Area"), _("The area lies between the smallest and the largest looked for."), 25, _area),
    Criterion("rent", _("Rent"), _("The rent is not above the highest that is paid."), 25, _rent),
    Criterion("date", _("Available"), _("It is available by the day of the need."), 20, _date),
    Criterion("use", _("Use"), _("It may be used as needed; mixed use suits every use."), 15, _use),
    Criterion("subdistrict", _("Subdistrict"), _("It lies in a subdistrict that the search names."), 15, _place),
)
