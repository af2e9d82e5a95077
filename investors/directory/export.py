"""What was found, as a file: CSV of everything, a spreadsheet of the first rows. Only what public pages show."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from firms.models import Cluster
from firms.search.counting import Counts
from firms.search.files import Column, Export, listed
from investors.directory.criteria import SORTS, Criteria
from investors.directory.pages import in_batches
from investors.models import Opportunity, OpportunityCluster
from investors.stating import SHOWN
from portal import local_form
from portal.spreadsheets import Cell


class Told(NamedTuple):
    """An opportunity with its clusters in words."""

    opportunity: Opportunity
    clusters: str


def _choice(name: str) -> Callable[[Told], Cell]:
    return lambda told: str(getattr(told.opportunity, f"get_{name}_display")())


def _fact(name: str) -> Callable[[Told], Cell]:
    return lambda told: getattr(told.opportunity, name)


def _facts(told: Told) -> str:
    """Say the facts that are numbers, days and choices; those in words stand in the language they are written in."""
    names = [name for name in told.opportunity.fact_names if name in SHOWN and not name.endswith("_en")]
    said = [(SHOWN[name][0], SHOWN[name][1](told.opportunity)) for name in names]
    return listed(f"{label}: {value}" for label, value in said if value)


def _park(told: Told) -> str:
    return " ".join(filter(None, (told.opportunity.park_zh, told.opportunity.park_en)))


def _page(told: Told) -> str:
    return f"{settings.SITE_URL.rstrip('/')}{told.opportunity.get_absolute_url()}"


def _published(told: Told) -> Cell:
    at = told.opportunity.published_at
    return at.astimezone(local_form.SHANGHAI).date() if at else None


COLUMNS: tuple[Column[Told], ...] = (
    Column(gettext_lazy("Kind"), _choice("kind"), 20),
    Column(gettext_lazy("Title in English"), _fact("title_en"), 40),
    Column(gettext_lazy("Title in Chinese"), _fact("title_zh"), 34),
    Column(gettext_lazy("Organisation (English)"), lambda told: told.opportunity.owner.name_en, 34),
    Column(gettext_lazy("Organisation (Chinese)"), lambda told: told.opportunity.owner.name_zh, 34),
    Column(gettext_lazy("Kind of organisation"), lambda told: str(told.opportunity.owner.get_kind_display())),
    Column(gettext_lazy("Subdistrict"), lambda told: str(told.opportunity.subdistrict or "")),
    Column(gettext_lazy("Clusters"), lambda told: told.clusters, 34),
    Column(gettext_lazy("Amount sought (CNY)"), _fact("amount_sought")),
    Column(gettext_lazy("Technology readiness level"), _fact("trl")),
    Column(gettext_lazy("Area (m²)"), _fact("area")),
    Column(gettext_lazy("Rent (CNY per m² and day)"), _fact("rent")),
    Column(gettext_lazy("Available from"), _fact("available_from")),
    Column(gettext_lazy("Park or building"), _park, 30),
    Column(gettext_lazy("Facts"), _facts, 60),
    Column(gettext_lazy("Summary in English"), _fact("summary_en"), 60),
    Column(gettext_lazy("Summary in Chinese"), _fact("summary_zh"), 60),
    Column(gettext_lazy("Published on"), _published),
    Column(gettext_lazy("Shown until"), _fact("expires_on")),
    Column(gettext_lazy("Page"), _page, 40),
)


class Opportunities(Export[Told]):
    """Opportunities that were found, as a file."""

    name = "opportunities"
    title = gettext_lazy("Opportunities")
    subject = gettext_lazy("Investment opportunities of Yangpu District, Shanghai")
    invented = gettext_lazy("The opportunities are invented.")
    numbered = gettext_lazy("Number of opportunities")
    columns = COLUMNS

    def __init__(self, criteria: Criteria, counts: Counts, address: str) -> None:
        super().__init__(in_words(criteria), counts, address)
        self._criteria = criteria

    def told(self) -> Iterator[list[Told]]:
        """Read what belongs to the opportunities, batch by batch."""
        for found in in_batches(self._criteria, self._counts.total):
            yield _told(found)


def in_words(criteria: Criteria) -> str:
    """Say what a search asks for, in the language of the page."""
    parts = [f"“{criteria.text.typed}”"] if criteria.text.typed else []
    for name, choices in criteria.facets.items():
        parts.append(f"{criteria.facets_known[name].label}: {listed(choice.label for choice in choices)}")
    sort = "newest" if criteria.sort == "relevance" else criteria.sort
    order = _("sorted by %(order)s") % {"order": SORTS[sort]}
    return listed([*(parts or [_("All opportunities")]), order], "；" if local_form.is_chinese() else "; ")


def _told(opportunities: list[Opportunity]) -> list[Told]:
    """Read the clusters of opportunities, all at once."""
    titles = {cluster.pk: str(cluster) for cluster in Cluster.objects.all()}
    clusters = defaultdict[int, list[str]](list)
    held = OpportunityCluster.objects.filter(opportunity__in=opportunities).order_by("cluster__position")
    for pk, cluster in held.values_list("opportunity_id", "cluster_id"):
        clusters[pk].append(titles.get(cluster, ""))
    return [Told(one, listed(clusters[one.pk])) for one in opportunities]
