"""What the pages of clusters say: key figures, pictures with their files, the quotient of one cell in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from firms.charts import Picture, Table, Value, Words
from firms.clusters import pictures
from firms.clusters.counts import Counts
from firms.clusters.suppression import total_of
from firms.models import Cluster, Organisation, Subdistrict

QUOTIENTS = "location-quotients"


@dataclass(frozen=True)
class Shown:
    """A picture on a page, with the addresses of its files."""

    picture: Picture
    svg_url: str
    csv_url: str


def shown(picture: Picture, cluster: Cluster | None) -> Shown:
    """Find the addresses of a picture's files."""
    name = "firms:cluster_picture" if cluster else "firms:picture"
    about = {"name": picture.words.name, **({"slug": cluster.slug} if cluster else {})}
    urls = (reverse(name, kwargs={**about, "kind": kind}) for kind in ("svg", "csv"))
    return Shown(picture, *urls)


def file_of(name: str, kind: str, counts: Counts, cluster: Cluster | None) -> str | None:
    """Write a picture, or the numbers of one, as a file; None where there is no such thing."""
    places = list(Subdistrict.objects.all())
    if name == QUOTIENTS and cluster is None and kind == "csv" and counts.as_of:
        table = pictures.all_quotients(counts, list(Cluster.objects.all()), places)
        title = _("Location quotients of all clusters")
        words = Words(name=name, title=title, description=pictures.quotient_method(), source=pictures.source(counts))
        return table.csv(words)
    found = pictures.picture(name, counts, cluster, places)
    if found is None:
        return None
    return found.csv() if kind == "csv" else found.file()


# --- One cluster ----------------------------------------------------------------------


def of_cluster(counts: Counts, cluster: Cluster, places: Sequence[Subdistrict], *, chosen: str) -> dict[str, Any]:
    """Return what the page of a cluster shows of its figures.

    Args:
        counts: the stored count.
        cluster: the cluster.
        places: the subdistricts.
        chosen: slug of the subdistrict whose quotient is explained; empty for the highest.

    Raises:
        Http404: there is no such subdistrict.
    """
    quotients = pictures.quotients(counts, cluster, places).values()
    drawn = {name: pictures.picture(name, counts, cluster, places) for name in pictures.NAMES}
    return {
        "facts": key_figures(counts, cluster),
        "pictures": {name.replace("-", "_"): shown(found, cluster) for name, found in drawn.items() if found},
        "places": places,
        "quotient": _chosen(quotients, chosen) if chosen else pictures.strongest(quotients),
        "growth": pictures.growth(counts, cluster),
        "growth_of_district": pictures.growth(counts, None),
        "source": pictures.source(counts),
        "quotient_method": pictures.quotient_method(),
    }


def _chosen(found: Iterable[pictures.Quotient], slug: str) -> pictures.Quotient:
    for quotient in found:
        if quotient.place.slug == slug:
            return quotient
    raise Http404


def key_figures(counts: Counts, cluster: Cluster) -> list[dict[str, str]]:
    """Return the figures on top of a cluster's page, each with what it is of."""
    total, everyone = total_of(counts.total(cluster)), total_of(counts.total(None))
    growth = pictures.growth(counts, cluster)
    facts = [(total, _("listed firms"), "")]
    if total.number is not None and everyone.number:
        words = _("of the %(number)s listed firms of the district") % {"number": everyone.text}
        facts.append((Value.share(total.number, everyone.number), words, ""))
    district = _("Whole district: %(share)s")
    of_growth = pictures.growth(counts, None).recent_share.text
    facts.append(
        (
            growth.recent_share,
            _("of the firms still here were founded since %(year)s") % {"year": growth.since},
            district % {"share": of_growth},
        )
    )
    facts.append(
        (
            pictures.foreign_share(counts, cluster),
            _("of the firms for which it is known are foreign-invested"),
            district % {"share": pictures.foreign_share(counts, None).text},
        )
    )
    return [{"figure": value.text, "label": label, "source": source} for value, label, source in facts]


def by_kind(organisations: Iterable[Organisation]) -> dict[str, list[Organisation]]:
    """Sort what belongs to a cluster by hand: universities and institutes, parks, investors."""
    kinds = Organisation.Kind
    found: dict[str, list[Organisation]] = {"universities": [], "parks": [], "investors": []}
    names = {kinds.UNIVERSITY: "universities", kinds.INSTITUTE: "universities", kinds.PARK: "parks"}
    for organisation in organisations:
        found[names.get(kinds(organisation.kind), "investors")].append(organisation)
    return found


# --- All clusters ---------------------------------------------------------------------


def overview(counts: Counts, clusters: Sequence[Cluster], places: Sequence[Subdistrict]) -> dict[str, Any]:
    """Return what the page of all clusters shows."""
    every = [quotient for cluster in clusters for quotient in _of(counts, cluster, places)]
    best = pictures.strongest(quotient for _cluster, quotient in every)
    return {
        "comparison": comparison(counts, clusters),
        "grids": [shown(pictures.subdistricts(counts, cluster, places), cluster) for cluster in clusters],
        "quotients": pictures.all_quotients(counts, clusters, places),
        "quotient": best,
        "quotient_cluster": next((cluster for cluster, quotient in every if quotient is best), None),
        "quotient_method": pictures.quotient_method(),
        "pictures": {
            name.replace("-", "_"): shown(draw(counts, None, places), None) for name, draw in pictures.OF_ALL.items()
        },
        "source": pictures.source(counts),
        "growth": pictures.growth(counts, None),
    }


def _of(counts: Counts, cluster: Cluster, places: Sequence[Subdistrict]) -> list[tuple[Cluster, pictures.Quotient]]:
    return [(cluster, quotient) for quotient in pictures.quotients(counts, cluster, places).values()]


def comparison(counts: Counts, clusters: Sequence[Cluster]) -> Table:
    """Return the clusters beside each other, and the district below."""
    since = pictures.growth(counts, None).since
    rows = []
    for cluster in (*clusters, None):
        total, everyone = counts.total(cluster), counts.total(None)
        share = Value.withheld() if total_of(total).number is None else Value.share(total, everyone)
        rows.append(
            (
                str(cluster or _("Whole district")),
                total_of(total),
                share,
                pictures.growth(counts, cluster).recent_share,
                pictures.foreign_share(counts, cluster),
                pictures.foreign_unknown(counts, cluster),
            )
        )
    headings = (
        _("Cluster"),
        _("Number of firms"),
        _("Share of all firms"),
        _("Founded since %(year)s") % {"year": since},
        _("Foreign-invested, of those known"),
        _("Foreign investment not known"),
    )
    return Table(headings, rows)
