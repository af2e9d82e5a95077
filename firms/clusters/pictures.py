"""The pictures of a cluster and of the district: where, since when, how large, by whom; and how special a place is."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from firms.charts import FEWER, Bars, Columns, Picture, Table, TileGrid, Value, Words, bars, columns, tile_grid
from firms.clusters.counts import Counts, Grouping
from firms.clusters.suppression import protect, total_of, withhold
from firms.models import Cluster, Subdistrict
from portal import local_form

RECENT = 5
"""Full years that count as recent, with the one that is not over."""

_YEARS = 25
UNKNOWN = ""
_BANDS = {"1-9": "1–9", "10-99": "10–99", "100-299": "100–299", "300": "300+"}


def source(counts: Counts) -> str:
    """Say where the numbers are from, and of which day."""
    made = local_form.moment(counts.as_of)
    if not counts.registry_on:
        return _("Source: the directory of this portal, counted on %(moment)s.") % {"moment": made}
    words = {"day": local_form.day(counts.registry_on), "moment": made}
    return _("Source: the registry of firms, newest file of %(day)s; counted on %(moment)s.") % words


def _rule() -> str:
    return _("Numbers from 1 to %(most)s are not shown, nor are others from which one could work them out.") % {
        "most": FEWER - 1
    }


def _together(*sentences: str) -> str:
    return ("" if local_form.is_chinese() else " ").join(sentences)


# --- Where ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Quotient:
    """The location quotient of a cluster in a subdistrict, with what it is made of; None where it is not shown."""

    place: Subdistrict
    here: Value
    all_here: Value
    cluster: Value
    district: Value

    @property
    def value(self) -> Value:
        """(of the cluster here / all here) / (of the cluster in the district / all in the district)."""
        parts = (self.here.number, self.all_here.number, self.cluster.number, self.district.number)
        if any(part is None for part in parts):
            return Value.withheld()
        here, all_here, cluster, district = (part or 0 for part in parts)
        if not all_here or not cluster:
            return Value(None, "–", "–")
        return Value.ratio(here * district / (all_here * cluster))

    @property
    def share_here(self) -> Value:
        """The cluster's share of the firms here."""
        return Value.share(self.here.number or 0, self.all_here.number or 0)

    @property
    def share_in_district(self) -> Value:
        """The cluster's share of the firms of the district."""
        return Value.share(self.cluster.number or 0, self.district.number or 0)


def _by_place(counts: Counts, cluster: Cluster | None, places: Sequence[Subdistrict]) -> dict[str, Value]:
    numbers = counts.of(cluster, Grouping.SUBDISTRICT)
    return protect({**{place.pk: numbers.get(place.pk, 0) for place in places}, UNKNOWN: numbers.get(UNKNOWN, 0)})


def quotients(counts: Counts, cluster: Cluster, places: Sequence[Subdistrict]) -> dict[str, Quotient]:
    """Return the location quotients of a cluster by the codes of the subdistricts."""
    here, everyone = _by_place(counts, cluster, places), _by_place(counts, None, places)
    totals = total_of(counts.total(cluster)), total_of(counts.total(None))
    return {place.pk: Quotient(place, here[place.pk], everyone[place.pk], *totals) for place in places}


def strongest(found: Iterable[Quotient]) -> Quotient | None:
    """Return the highest of those that are shown."""
    shown = [quotient for quotient in found if quotient.value.number]
    return max(shown, key=lambda quotient: quotient.value.number or 0, default=None)


def subdistricts(counts: Counts, cluster: Cluster | None, places: Sequence[Subdistrict]) -> TileGrid:
    """Draw how many firms there are in each subdistrict; of a cluster with its location quotients."""
    values = _by_place(counts, cluster, places)
    rows: list[tuple[str | Value, ...]]
    description = _("Listed firms by the subdistrict in which they are registered. Schematic, with north on top.")
    notes = {}
    headings: tuple[str, ...] = (_("Subdistrict"), _("Number of firms"))
    if cluster:
        found = quotients(counts, cluster, places)
        notes = {code: f"LQ {q.value.text}" for code, q in found.items() if q.value.number is not None}
        headings = (*headings, _("All firms there"), _("Location quotient"))
        rows = [(str(q.place), q.here, q.all_here, q.value) for q in found.values()]
        rows.append((_("Not known"), values[UNKNOWN], _by_place(counts, None, places)[UNKNOWN], ""))
        rows.append((_("Whole district"), total_of(counts.total(cluster)), total_of(counts.total(None)), ""))
        more = _("LQ is the location quotient: above 1, the cluster is stronger there than on average.")
        description = _together(description, more)
    else:
        rows = [(str(place), values[place.pk]) for place in places]
        rows.append((_("Not known"), values[UNKNOWN]))
        rows.append((_("Whole district"), total_of(counts.total(None))))
    return tile_grid(
        places,
        values,
        words=_words("subdistricts", _("Firms by subdistrict"), _together(description, _rule()), counts, cluster),
        notes=notes,
        table=Table(headings, rows),
    )


def location_quotients(counts: Counts, cluster: Cluster, places: Sequence[Subdistrict]) -> TileGrid:
    """Draw where a cluster is stronger or weaker than on average."""
    found = quotients(counts, cluster, places)
    shares = [(str(q.place), q.share_here if q.value.number is not None else q.value, q.value) for q in found.values()]
    return tile_grid(
        places,
        {code: quotient.value for code, quotient in found.items()},
        words=_words("location-quotients", _("Location quotient by subdistrict"), quotient_method(), counts, cluster),
        table=Table((_("Subdistrict"), _("Share of the firms there"), _("Location quotient")), shares),
        is_quotient=True,
    )


def quotient_method() -> str:
    """Say in words how a location quotient is made."""
    return _(
        "The share of the cluster among the firms of a subdistrict, divided by its share among the firms of the "
        "district. 1 is the average of the district; a firm counts as one, whatever its size."
    )


# --- Since when -----------------------------------------------------------------------


@dataclass(frozen=True)
class Growth:
    """Firms by year of founding, and by two periods: before a year, and since; this year so far is in the second."""

    years: dict[int, Value]
    earlier: Value
    before: Value
    recent: Value
    unknown: Value
    since: int

    @property
    def recent_share(self) -> Value:
        """The share of the recent years in all of which the year is known."""
        if self.recent.number is None or self.before.number is None:
            return Value.withheld()
        return Value.share(self.recent.number, self.recent.number + self.before.number)


def growth(counts: Counts, cluster: Cluster | None) -> Growth:
    """Sort the firms by years, each period shown as far as it may be.

    This year so far counts with the recent ones: apart it is often too small, and would hide what stands beside it.
    """
    numbers = {int(value): n for value, n in counts.of(cluster, Grouping.FOUNDED).items() if value}
    now = counts.year
    start, since = now - _YEARS, now - RECENT
    before = {0: sum(n for year, n in numbers.items() if year < start)}
    before |= {year: numbers.get(year, 0) for year in range(start, since)}
    recent = {year: numbers.get(year, 0) for year in range(since, now)}
    recent[now] = sum(n for year, n in numbers.items() if year >= now)
    unknown = counts.of(cluster, Grouping.FOUNDED).get(UNKNOWN, 0)
    periods = protect({"before": sum(before.values()), "recent": sum(recent.values()), "unknown": unknown})
    shown: dict[int, Value] = {}
    for name, years in (("before", before), ("recent", recent)):  # the sum of each is shown, so each guards its own
        shown |= protect(years) if periods[name].number is not None else withhold(years)
    earlier = shown.pop(0)
    return Growth(shown, earlier, periods["before"], periods["recent"], periods["unknown"], since)


def founding_years(counts: Counts, cluster: Cluster | None, places: Sequence[Subdistrict] = ()) -> Columns:
    """Draw how many of the firms that are here were founded in each year."""
    found = growth(counts, cluster)
    years = list(found.years)
    rows: list[tuple[str | Value, ...]] = [(_("before %(year)s") % {"year": years[0]}, found.earlier)]
    rows += [(str(year), value) for year, value in found.years.items()]
    rows.append((_("Not known"), found.unknown))
    rows.append((_("Together: before %(year)s") % {"year": found.since}, found.before))
    rows.append((_("Together: since %(year)s") % {"year": found.since}, found.recent))
    rows.append((_("Share of those since %(year)s") % {"year": found.since}, found.recent_share))
    description = _(
        "Year of founding of the firms that are listed today; %(year)s is not over. Firms that closed or moved away "
        "are not in it, so early years look smaller than they were: this is not how many firms were founded."
    ) % {"year": years[-1]}
    return columns(
        [(str(year), value) for year, value in found.years.items()],
        words=_words(
            "founding-years", _("Firms by year of founding"), _together(description, _rule()), counts, cluster
        ),
        table=Table((_("Year"), _("Number of firms")), rows),
        accented=[str(year) for year in years if year >= found.since],
        key=[
            (True, _("the last five full years, and this one so far")),
            (False, _("years before")),
            *([(None, _("not shown"))] if any(v.number is None for v in found.years.values()) else []),
        ],
    )


# --- How large, and by whom -----------------------------------------------------------


def staff_bands(counts: Counts, cluster: Cluster | None, places: Sequence[Subdistrict] = ()) -> Bars:
    """Draw how many firms have how many staff."""
    labels = {band: _("%(band)s staff") % {"band": words} for band, words in _BANDS.items()}
    description = _("Firms by the number of staff that the registry states; a firm counts as one.")
    words = _part_words("staff", _("Firms by number of staff"), description, counts, cluster)
    return _parts(counts, cluster, Grouping.STAFF, {**labels, UNKNOWN: _("Not known")}, words)


def foreign_investment(counts: Counts, cluster: Cluster | None, places: Sequence[Subdistrict] = ()) -> Bars:
    """Draw how many firms are foreign-invested."""
    labels = {"yes": _("foreign-invested"), "no": _("without foreign investment"), UNKNOWN: _("Not known")}
    description = _("As the registry states it: the number of firms, not of capital. The share is of known cases.")
    words = _part_words("foreign", _("Firms with and without foreign investment"), description, counts, cluster)
    return _parts(counts, cluster, Grouping.FOREIGN, labels, words)


def foreign_share(counts: Counts, cluster: Cluster | None) -> Value:
    """Return the share of foreign-invested firms among those of which it is known."""
    values = protect(_completed(counts, cluster, Grouping.FOREIGN, ("yes", "no", UNKNOWN)))
    return share_of_known(values, "yes")


def foreign_unknown(counts: Counts, cluster: Cluster | None) -> Value:
    """Return the share of firms of which nothing is known of foreign investment."""
    unknown = protect(_completed(counts, cluster, Grouping.FOREIGN, ("yes", "no", UNKNOWN)))[UNKNOWN]
    return unknown if unknown.number is None else Value.share(unknown.number, counts.total(cluster))


def share_of_known(values: dict[str, Value], key: str) -> Value:
    """Return the share of one part in all that are known, where all of them are shown."""
    known = [value.number for name, value in values.items() if name != UNKNOWN]
    if any(number is None for number in known):
        return Value.withheld()
    return Value.share(values[key].number or 0, sum(number or 0 for number in known))


def _completed(counts: Counts, cluster: Cluster | None, grouping: str, names: Iterable[str]) -> dict[str, int]:
    numbers = counts.of(cluster, grouping)
    return {name: numbers.get(name, 0) for name in names}


def _parts(counts: Counts, cluster: Cluster | None, grouping: str, labels: dict[str, str], words: Words) -> Bars:
    values = protect(_completed(counts, cluster, grouping, labels))
    total = counts.total(cluster)
    shares = {
        key: Value.share(value.number, total)
        if key == UNKNOWN and value.number is not None
        else share_of_known(values, key)
        if key != UNKNOWN
        else value
        for key, value in values.items()
    }
    rows: list[tuple[str | Value, ...]] = [(labels[key], value, shares[key]) for key, value in values.items()]
    rows.append((_("All firms"), total_of(total), ""))
    drawn = [
        (labels[key], value, value.text if shares[key].number is None else f"{value.text} · {shares[key].text}")
        for key, value in values.items()
    ]
    headings = (pgettext("heading of parts", "Group"), _("Number of firms"), _("Share of those known"))
    return bars(drawn, words=words, table=Table(headings, rows), accented=[labels[UNKNOWN]])


def _part_words(name: str, title: str, description: str, counts: Counts, cluster: Cluster | None) -> Words:
    of_unknown = _("The share not known is of all firms.")
    return _words(name, title, _together(description, of_unknown, _rule()), counts, cluster)


def _words(name: str, title: str, description: str, counts: Counts, cluster: Cluster | None) -> Words:
    return Words(
        name=name,
        of=cluster.slug if cluster else "",
        title=_("%(title)s: %(of)s") % {"title": title, "of": str(cluster) if cluster else _("whole district")},
        description=description,
        source=source(counts),
    )


# --- All clusters ---------------------------------------------------------------------


def all_quotients(counts: Counts, clusters: Sequence[Cluster], places: Sequence[Subdistrict]) -> Table:
    """Return the location quotients of every cluster in every subdistrict."""
    found = [quotients(counts, cluster, places) for cluster in clusters]
    rows: list[tuple[str | Value, ...]] = [(str(p), *(one[p.pk].value for one in found)) for p in places]
    return Table((_("Subdistrict"), *(str(cluster) for cluster in clusters)), rows)


type Draw = Callable[[Counts, Cluster | None, Sequence[Subdistrict]], Picture]

OF_ALL: dict[str, Draw] = {
    "subdistricts": subdistricts,
    "founding-years": founding_years,
    "staff": staff_bands,
    "foreign": foreign_investment,
}
"""The pictures of a cluster or of the whole district, by their names in addresses."""

NAMES = (*OF_ALL, "location-quotients")
"""The pictures of a cluster."""


def picture(name: str, counts: Counts, cluster: Cluster | None, places: Sequence[Subdistrict]) -> Picture | None:
    """Draw a picture by its name; None where there is none."""
    if counts.as_of is None:
        return None
    if name == "location-quotients":
        return location_quotients(counts, cluster, places) if cluster else None
    draw = OF_ALL.get(name)
    return draw(counts, cluster, places) if draw else None
