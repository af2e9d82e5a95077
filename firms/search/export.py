"""What was found, as a file: CSV of everything, a spreadsheet of the first rows. Only what public pages show."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import IO, Any, NamedTuple

from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from firms.models import Certificate, Cluster, ClusterMembership, Industry, Organisation
from firms.search.choices import FACETS
from firms.search.counting import Counts
from firms.search.criteria import SORTS, Criteria
from firms.search.pages import in_batches
from portal import local_form
from portal.spreadsheets import Cell, Sheet, csv_lines, workbook

MOST_OF_SPREADSHEET = 10_000
"""A spreadsheet has no more firms than this; the CSV file has all."""

_CLASS, _DIVISION = 4, 2


class Told(NamedTuple):
    """A firm with what belongs to it, in words."""

    firm: Organisation
    industry: str
    clusters: str
    certificates: str


class Column(NamedTuple):
    """A column: its heading, what it has of a firm, and how wide it is in a spreadsheet."""

    heading: str | Promise
    value: Callable[[Told], Cell]
    width: int = 14


COLUMNS = (
    Column(gettext_lazy("Unified social credit code"), lambda told: told.firm.uscc or "", 22),
    Column(gettext_lazy("Name in Chinese"), lambda told: told.firm.name_zh, 34),
    Column(gettext_lazy("Name in English"), lambda told: told.firm.name_en, 40),
    Column(gettext_lazy("Name in pinyin"), lambda told: told.firm.name_pinyin, 40),
    Column(gettext_lazy("Industry code (GB/T 4754-2017)"), lambda told: told.firm.industry_code),
    Column(gettext_lazy("Industry"), lambda told: told.industry, 34),
    Column(gettext_lazy("Clusters"), lambda told: told.clusters, 34),
    Column(gettext_lazy("Subdistrict"), lambda told: str(told.firm.subdistrict or "")),
    Column(gettext_lazy("Address"), lambda told: told.firm.address, 34),
    Column(gettext_lazy("Founded"), lambda told: told.firm.founded),
    Column(gettext_lazy("Registered capital (CNY)"), lambda told: told.firm.registered_capital),
    Column(gettext_lazy("Staff"), lambda told: told.firm.staff_band),
    Column(gettext_lazy("Foreign-invested"), lambda told: _yes_or_no(told.firm.foreign_invested)),
    Column(gettext_lazy("Certificates"), lambda told: told.certificates, 34),
    Column(gettext_lazy("Website"), lambda told: told.firm.website, 30),
    Column(gettext_lazy("Business scope"), lambda told: told.firm.business_scope, 60),
    Column(gettext_lazy("Page"), lambda told: f"{settings.SITE_URL.rstrip('/')}{told.firm.get_absolute_url()}", 40),
    Column(gettext_lazy("Source"), lambda told: _source(told.firm), 30),
    Column(gettext_lazy("Date of the source"), lambda told: told.firm.source_date),
)


class Export:
    """A search whose finds are written to a file, in the language of the page.

    Args:
        criteria: what is looked for.
        counts: how many firms that finds.
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
        return f"yangpu-firms-{self._now.astimezone(local_form.SHANGHAI):%Y-%m-%d}.{ending}"

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
            Sheet(_("Firms"), headings, widths, rows),
            Sheet(_("About this file"), [], [16, 80], self._about(MOST_OF_SPREADSHEET)),
        )

    def _rows(self, most: int | None = None) -> Iterator[list[list[Cell]]]:
        written = 0
        for batch in in_batches(self._criteria, self._counts.total):
            firms = batch if most is None else batch[: most - written]
            written += len(firms)
            told = _told(firms, self._now.astimezone(local_form.SHANGHAI).date())
            yield [[column.value(one) for column in COLUMNS] for one in told]
            if written == most:
                return

    def _about(self, most: int | None = None) -> list[tuple[str, str]]:
        """Return what the file is, from where and of when."""
        lines = [(_("Firms"), _("Firms of Yangpu District, Shanghai"))]
        if settings.DEMONSTRATION:
            lines.append((_("Demonstration"), _("The firms are invented.")))
        number = f"{self._counts.total:,}"
        if self._counts.is_capped:
            number = _("more than %(number)s") % {"number": number}
        if most is not None and self._counts.total > most:
            words = {"most": f"{most:,}", "number": number}
            number = _("the first %(most)s of %(number)s; the CSV file has all") % words
        address = {"address": self._address}
        return [
            *lines,
            (_("As of"), local_form.moment(self._now)),
            (_("Source"), _("The directory of the Yangpu District Investor Portal, %(address)s") % address),
            (_("Found by"), in_words(self._criteria)),
            (_("Number of firms"), number),
        ]


def in_words(criteria: Criteria) -> str:
    """Say what a search asks for."""
    parts = [f"“{criteria.text.typed}”"] if criteria.text.typed else []
    for name, choices in criteria.facets.items():
        parts.append(f"{FACETS[name].label}: {_listed(choice.label for choice in choices)}")
    sort = "name" if criteria.sort == "relevance" else criteria.sort
    order = _("sorted by %(order)s") % {"order": SORTS[sort]}
    return ("；" if local_form.is_chinese() else "; ").join([*(parts or [_("All firms")]), order])


def _told(firms: list[Organisation], today: date) -> list[Told]:
    """Read what belongs to the firms, each kind at once."""
    clusters, certificates = defaultdict[int, list[Any]](list), defaultdict[int, list[Any]](list)
    titles = {cluster.pk: str(cluster) for cluster in Cluster.objects.all()}
    memberships = ClusterMembership.objects.filter(excluded=False, organisation__in=firms)
    for pk, cluster in memberships.order_by("cluster__position").values_list("organisation_id", "cluster_id"):
        clusters[pk].append(titles.get(cluster, ""))
    held = Certificate.objects.valid_on(today).filter(organisation__in=firms)
    for pk, level in held.order_by("level").values_list("organisation_id", "level").distinct():
        certificates[pk].append(Certificate.Level(level).label)
    lengths = (_CLASS, _DIVISION)
    industries = Industry.objects.in_bulk({firm.industry_code[:length] for firm in firms for length in lengths})
    names = {code: industry.name for code, industry in industries.items()}
    return [
        Told(
            firm,
            next((names[code] for length in lengths if (code := firm.industry_code[:length]) in names), ""),
            _listed(clusters[firm.pk]),
            _listed(certificates[firm.pk]),
        )
        for firm in firms
    ]


def _source(firm: Organisation) -> str:
    return _("The organisation itself") if firm.is_self_registered else firm.source


def _listed(things: Iterable[Any]) -> str:
    return ("、" if local_form.is_chinese() else "; ").join(map(str, things))


def _yes_or_no(value: bool | None) -> str:
    return "" if value is None else _("Yes") if value else _("No")
