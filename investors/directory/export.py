"""What was found, as a file: CSV of everything, a spreadsheet of the first rows. Only what public pages show."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, NamedTuple

from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from firms.models import Cluster
from firms.search.counting import Counts
from investors.directory.criteria import SORTS, Criteria
from investors.directory.pages import in_batches
from investors.models import Opportunity, OpportunityCluster
from investors.stating import SHOWN
from portal import local_form
from portal.spreadsheets import Cell, Sheet, csv_lines, workbook

MOST_OF_SPREADSHEET = 10_000
"""A spreadsheet has no more opportunities than this; the CSV file has all."""


class Told(NamedTuple):
    """An opportunity with its clusters in words."""

    opportunity: Opportunity
    clusters: str


class Column(NamedTuple):
    """A column: its heading, what it has of an opportunity, and how wide it is in a spreadsheet."""

    heading: str | Promise
    value: Callable[[Told], Cell]
    width: int = 16


def _choice(name: str) -> Callable[[Told], Cell]:
    return lambda told: str(getattr(told.opportunity, f"get_{name}_display")())


def _fact(name: str) -> Callable[[Told], Cell]:
    return lambda told: getattr(told.opportunity, name)


def _facts(told: Told) -> str:
    """Say the facts that are numbers, days and choices; those in words stand in the language they are written in."""
    names = [name for name in told.opportunity.fact_names if name in SHOWN and not name.endswith("_en")]
    said = [(SHOWN[name][0], SHOWN[name][1](told.opportunity)) for name in names]
    return _listed(f"{label}: {value}" for label, value in said if value)


def _park(told: Told) -> str:
    return " ".join(filter(None, (told.opportunity.park_zh, told.opportunity.park_en)))


def _page(told: Told) -> str:
    return f"{settings.SITE_URL.rstrip('/')}{told.opportunity.get_absolute_url()}"


def _published(told: Told) -> Cell:
    at = told.opportunity.published_at
    return at.astimezone(local_form.SHANGHAI).date() if at else None


COLUMNS = (
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


class Export:
    """A search whose finds are written to a file, in the language of the page.

    Args:
        criteria: what is looked for.
        counts: how many opportunities that finds.
        address: of the page with the search, for the line that names the source.
    """

    def __init__(self, criteria: Criteria, counts: Counts, address: str) -> None:
        self._criteria = criteria
        self._counts = counts
        self._address = address
        self._language = get_language() or "en"
        self._now = timezone.now()

    def filename(self, ending: str) -> str:
        """Return a name with the day in Shanghai."""
        return f"yangpu-opportunities-{self._now.astimezone(local_form.SHANGHAI):%Y-%m-%d}.{ending}"

    def csv(self) -> Iterator[bytes]:
        """Yield the whole file by and by; it may be read outside the transaction of the request."""
        with translation.override(self._language):
            yield "\ufeff".encode()  # by it Excel knows the encoding
            yield csv_lines([*self._about(), (), [str(column.heading) for column in COLUMNS]])
            for rows in self._rows():
                yield csv_lines(rows)

    def spreadsheet(self) -> IO[bytes]:
        """Return a workbook as a file on disk: the first rows, and a sheet that says what they are."""
        headings, widths = [str(column.heading) for column in COLUMNS], [column.width for column in COLUMNS]
        rows = (row for batch in self._rows(MOST_OF_SPREADSHEET) for row in batch)
        return workbook(
            Sheet(_("Opportunities"), headings, widths, rows),
            Sheet(_("About this file"), [], [16, 80], self._about()),
        )

    def _rows(self, most: int | None = None) -> Iterator[list[list[Cell]]]:
        written = 0
        for batch in in_batches(self._criteria, self._counts.total):
            shown = batch if most is None else batch[: most - written]
            written += len(shown)
            yield [[column.value(one) for column in COLUMNS] for one in _told(shown)]
            if written == most:
                return

    def _about(self) -> list[tuple[str, str]]:
        """Return what the file is, from where and of when."""
        lines = [(_("Opportunities"), _("Investment opportunities of Yangpu District, Shanghai"))]
        if settings.DEMONSTRATION:
            lines.append((_("Demonstration"), _("The opportunities are invented.")))
        address = {"address": self._address}
        return [
            *lines,
            (_("As of"), local_form.moment(self._now)),
            (_("Source"), _("The directory of the Yangpu District Investor Portal, %(address)s") % address),
            (_("Found by"), in_words(self._criteria)),
            (_("Number of opportunities"), f"{self._counts.total:,}"),
        ]


def in_words(criteria: Criteria) -> str:
    """Say what a search asks for, in the language of the page."""
    parts = [f"“{criteria.text.typed}”"] if criteria.text.typed else []
    for name, choices in criteria.facets.items():
        parts.append(f"{criteria.facets_known[name].label}: {_listed(choice.label for choice in choices)}")
    sort = "newest" if criteria.sort == "relevance" else criteria.sort
    order = _("sorted by %(order)s") % {"order": SORTS[sort]}
    return _listed([*(parts or [_("All opportunities")]), order], "；" if local_form.is_chinese() else "; ")


def _told(opportunities: list[Opportunity]) -> list[Told]:
    """Read the clusters of opportunities, all at once."""
    titles = {cluster.pk: str(cluster) for cluster in Cluster.objects.all()}
    clusters = defaultdict[int, list[str]](list)
    held = OpportunityCluster.objects.filter(opportunity__in=opportunities).order_by("cluster__position")
    for pk, cluster in held.values_list("opportunity_id", "cluster_id"):
        clusters[pk].append(titles.get(cluster, ""))
    return [Told(one, _listed(clusters[one.pk])) for one in opportunities]


def _listed(things: Iterable[Any], sign: str = "") -> str:
    return (sign or ("、" if local_form.is_chinese() else "; ")).join(map(str, things))
