"""An investor and a technology on offer, or a joint laboratory."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from investors.matching import judging, wording
from investors.matching.sides import Investor, Listing
from investors.matching.verdicts import Criterion, Judged, Known, met, missed, unknown
from investors.models.facts import TechnologyFacts


def _price(investor: Investor, listing: Listing, known: Known) -> Judged:
    return judging.affordable(investor.ticket_max, listing, too_dear=_("too dear"))


def _laboratory_budget(investor: Investor, listing: Listing, known: Known) -> Judged:
    if investor.ticket_min is None and investor.ticket_max is None:
        return unknown(_("The profile names no amount."), judging.COMPLETE)
    if listing.budget is None:
        return unknown(_("The listing names no budget."), judging.ASK)
    values = {
        "budget": wording.lazy_money(listing.budget),
        "ticket": wording.money_range(investor.ticket_min, investor.ticket_max),
    }
    reason = format_lazy(_("The budget is {budget}; the profile says {ticket}."), **values)
    if investor.ticket_min is not None and listing.budget < investor.ticket_min:
        return missed(reason, _("budget too small"))
    return met(reason)


def _protection(investor: Investor, listing: Listing, known: Known) -> Judged | None:
    return judging.protection(listing, needed=known.on)


_CLUSTERS = _("It belongs to a cluster that the profile names.")
_EXCLUDED = _("It is in no cluster that the profile rules out.")
_LANGUAGE = _("It is written in a language in which the investor works.")

CRITERIA = (
    Criterion("clusters", _("Clusters"), _CLUSTERS, 20, judging.clusters),
    Criterion("excluded_clusters", _("Clusters ruled out"), _EXCLUDED, 5, judging.excluded, hard=True),
    Criterion(
        "object_kind", pgettext_lazy("technology", "Object"), _("The profile names this kind of technology."), 15,
        judging.one_of("object_kinds", "object_kind", TechnologyFacts.ObjectKind, _("another kind of technology")),
    ),
    Criterion(
        "modes", _("Form of cooperation"), _("The owner offers a form of cooperation that the profile names."), 15,
        judging.any_of("modes", "modes", TechnologyFacts.Mode, _("another form of cooperation")),
    ),
    Criterion(
        "trl", _("Technology readiness"), _("The readiness level is not below the least that the profile names."), 10,
        judging.readiness(lambda investor: investor.trl_min),
    ),
    Criterion(
        "export", _("Export"),
        _("For an investor from outside mainland China, or one who asks for it: the owner declares the export free, or "
          "has recorded a licence. Technology whose export is prohibited is offered to nobody."),
        15, judging.export, hard=True,
    ),
    Criterion("price", _("Price"), _("The price begins within the largest amount that the profile names."), 5, _price),
    Criterion(
        "protection", _("Protection"), _("A registered right has not ended. What no register protects is not asked."),
        10, _protection,
    ),
    Criterion("languages", _("Language"), _LANGUAGE, 5, judging.languages),
)  # fmt: skip

LABORATORY = (
    Criterion("clusters", _("Clusters"), _CLUSTERS, 45, judging.clusters),
    Criterion("excluded_clusters", _("Clusters ruled out"), _EXCLUDED, 10, judging.excluded, hard=True),
    Criterion(
        "budget", _("Budget"), _("The budget is not below the smallest amount that the profile names."), 30,
        _laboratory_budget,
    ),
    Criterion("languages", _("Language"), _LANGUAGE, 15, judging.languages),
)  # fmt: skip
