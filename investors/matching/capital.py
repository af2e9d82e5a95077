"""An investor and a firm that seeks capital."""

from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from investors.matching import judging, wording
from investors.matching.sides import Investor, Listing
from investors.matching.verdicts import Criterion, Judged, Known, met, missed, unknown
from investors.models.facts import CapitalFacts

ANY = "any"


def _ticket(investor: Investor, listing: Listing, known: Known) -> Judged:
    """Compare what one investor may put in with what this one does: the two ranges must meet."""
    if investor.ticket_min is None and investor.ticket_max is None:
        return unknown(_("The profile names no amount."), judging.COMPLETE)
    least, most = _taken(listing)
    if least is None and most is None:
        return unknown(_("The listing names no amount."), judging.ASK)
    values = {
        "sought": wording.money_range(least, most),
        "ticket": wording.money_range(investor.ticket_min, investor.ticket_max),
    }
    reason = format_lazy(_("The listing takes {sought} from one investor; the profile says {ticket}."), **values)
    if least is not None and investor.ticket_max is not None and investor.ticket_max < least:
        change = format_lazy(_("It would fit an investment of {amount} or more."), amount=wording.lazy_money(least))
        return missed(reason, _("ticket too small"), change)
    if most is not None and investor.ticket_min is not None and investor.ticket_min > most:
        change = format_lazy(_("It would fit an investment of {amount} or less."), amount=wording.lazy_money(most))
        return missed(reason, _("ticket too large"), change)
    return met(reason)


def _taken(listing: Listing) -> tuple[Decimal | None, Decimal | None]:
    """Return the least and the most that one investor may put in; never more than is still sought."""
    if listing.ticket_min is not None or listing.ticket_max is not None or listing.amount_sought is None:
        return listing.ticket_min, listing.ticket_max
    return None, listing.amount_sought - (listing.amount_secured or 0)


def _horizon(investor: Investor, listing: Listing, known: Known) -> Judged:
    if investor.horizon_years is None:
        return unknown(_("The profile names no time until the exit."), judging.COMPLETE)
    if listing.horizon_years is None:
        return unknown(_("The listing names no time until the exit."), judging.ASK)
    reason = format_lazy(
        _("Years until the exit: {expected} expected, at most {longest} by the profile."),
        expected=listing.horizon_years,
        longest=investor.horizon_years,
    )
    if listing.horizon_years <= investor.horizon_years:
        return met(reason)
    change = format_lazy(
        _("It would fit if {years} years until the exit were not too long."), years=listing.horizon_years
    )
    return missed(reason, _("exit too late"), change)


def _role(investor: Investor, listing: Listing, known: Known) -> Judged:
    if ANY in investor.roles and listing.investor_role:
        return met(_("The profile takes any part."))
    if listing.investor_role == ANY and investor.roles:
        return met(_("The listing is open to any part."))
    compare = judging.one_of("roles", "investor_role", CapitalFacts.InvestorRole, _("another part"))
    return compare(investor, listing, known)


def _foreign(investor: Investor, listing: Listing, known: Known) -> Judged | None:
    if investor.country in ("", judging.HOME):
        return None
    if listing.foreign_capital == "open":
        return met(_("Open to capital from outside mainland China."))
    if listing.foreign_capital == "closed":
        return missed(
            _("Closed to capital from outside mainland China, as the owner declares."), _("closed to foreign capital")
        )
    if listing.foreign_capital == "restricted":
        return unknown(
            _("Capital from outside mainland China is restricted here: the share or the form may be limited."),
            _("Ask the owner and the investment officers which limits apply."),
        )
    return unknown(
        _("Not assessed yet whether capital from outside mainland China may take part."),
        _("Ask the owner and the investment officers."),
    )


CRITERIA = (
    Criterion(
        "clusters", _("Clusters"), _("The firm belongs to a cluster that the profile names."), 20, judging.clusters
    ),
    Criterion(
        "excluded_clusters", _("Clusters ruled out"), _("The firm is in no cluster that the profile rules out."), 5,
        judging.excluded, hard=True,
    ),
    Criterion(
        "ticket", _("Ticket"),
        _("What one investor may put in and what the profile says meet; where the listing names no such amount, what "
          "is still sought is the most."),
        20, _ticket,
    ),
    Criterion(
        "stage", pgettext_lazy("capital", "Stage"), _("The profile names the stage of the firm."), 15,
        judging.one_of("stages", "stage", CapitalFacts.Stage, _("another stage")),
    ),
    Criterion(
        "instrument", pgettext_lazy("capital", "Instrument"), _("The profile names the instrument."), 10,
        judging.one_of("instruments", "instrument", CapitalFacts.Instrument, _("another instrument")),
    ),
    Criterion("role", _("Part"), _("The part that the firm looks for is one that the profile names."), 8, _role),
    Criterion("horizon", _("Time until the exit"), _("The expected exit is not later than the profile allows."), 7,
              _horizon),
    Criterion(
        "foreign_capital", _("Capital from outside mainland China"),
        _("For an investor from outside mainland China: the owner declares it open."), 10, _foreign, hard=True,
    ),
    Criterion("languages", _("Language"), _("It is written in a language in which the investor works."), 5,
              judging.languages),
)  # fmt: skip
