"""A technology that a firm needs, and one on offer."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from investors.matching import judging
from investors.matching.sides import Investor, Listing
from investors.matching.verdicts import Criterion, Judged, Known
from investors.models.facts import TechnologyFacts


def _price(need: Listing, offer: Listing, known: Known) -> Judged:
    return judging.affordable(need.budget_to or need.budget_from or need.budget, offer, too_dear=_("over the budget"))


def _export(need: Listing, offer: Listing, known: Known) -> Judged | None:
    return judging.export(Investor(country=need.country), offer, known)


def _protection(need: Listing, offer: Listing, known: Known) -> Judged | None:
    return judging.protection(offer, needed=max(need.need_by or known.on, known.on))


CRITERIA = (
    Criterion("clusters", _("Clusters"), _("Need and offer share a cluster."), 20, judging.clusters),
    Criterion(
        "object_kind", pgettext_lazy("technology", "Object"), _("The offer is of the kind that is needed."), 20,
        judging.one_of("object_kind", "object_kind", TechnologyFacts.ObjectKind, _("another kind of technology")),
    ),
    Criterion(
        "trl", _("Technology readiness"), _("The readiness level is not below the least that is needed."), 15,
        judging.readiness(lambda need: need.trl),
    ),
    Criterion(
        "modes", _("Form of cooperation"), _("The owner offers a form of cooperation that is looked for."), 15,
        judging.any_of("modes", "modes", TechnologyFacts.Mode, _("another form of cooperation")),
    ),
    Criterion("price", _("Price"), _("The price begins within the budget."), 20, _price),
    Criterion(
        "protection", _("Protection"), _("A registered right lasts until the day of the need."), 10, _protection
    ),
    Criterion(
        "export", _("Export"),
        _("For a firm from outside mainland China: the owner declares the export free, or has recorded a licence."),
        15, _export, hard=True,
    ),
)  # fmt: skip
