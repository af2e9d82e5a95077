"""What was found, as a file: CSV of everything, a spreadsheet of the first rows. Only what public pages show."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from firms.models import Certificate, Cluster, ClusterMembership, Industry, Organisation
from firms.search.choices import FACETS
from firms.search.counting import Counts
from firms.search.criteria import SORTS, Criteria
from firms.search.files import Column, Export, listed
from firms.search.pages import in_batches
from portal import local_form

_CLASS, _DIVISION = 4, 2


class Told(NamedTuple):
    """A firm with what belongs to it, in words."""

    firm: Organisation
    industry: str
    clusters: str
    certificates: str


COLUMNS: tuple[Column[Told], ...] = (
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


class Firms(Export[Told]):
    """Firms that were found, as a file."""

    name = "firms"
    title = gettext_lazy("Firms")
    subject = gettext_lazy("Firms of Yangpu District, Shanghai")
    invented = gettext_lazy("The firms are invented.")
    numbered = gettext_lazy("Number of firms")
    columns = COLUMNS

    def __init__(self, criteria: Criteria, counts: Counts, address: str) -> None:
        super().__init__(in_words(criteria), counts, address)
        self._criteria = criteria

    def told(self) -> Iterator[list[Told]]:
        """Read what belongs to the firms, batch by batch."""
        today = self._now.astimezone(local_form.SHANGHAI).date()
        for firms in in_batches(self._criteria, self._counts.total):
            yield _told(firms, today)


def in_words(criteria: Criteria) -> str:
    """Say what a search asks for."""
    parts = [f"“{criteria.text.typed}”"] if criteria.text.typed else []
    for name, choices in criteria.facets.items():
        parts.append(f"{FACETS[name].label}: {listed(choice.label for choice in choices)}")
    sort = "name" if criteria.sort == "relevance" else criteria.sort
    order = _("sorted by %(order)s") % {"order": SORTS[sort]}
    return listed([*(parts or [_("All firms")]), order], "；" if local_form.is_chinese() else "; ")


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
            listed(clusters[firm.pk]),
            listed(certificates[firm.pk]),
        )
        for firm in firms
    ]


def _source(firm: Organisation) -> str:
    return _("The organisation itself") if firm.is_self_registered else firm.source


def _yes_or_no(value: bool | None) -> str:
    return "" if value is None else _("Yes") if value else _("No")
