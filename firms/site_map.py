"""What the map of the site has of the registry."""

from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, F, QuerySet, Value

from firms.models import Cluster, Laboratory, Organisation
from firms.models.organisations import PAGES
from portal.site_map import contribute_pages, contribute_rows

type _Found = QuerySet[Any, tuple[str, datetime | None]]

_SECTIONS = {"university": "universities", "institute": "institutes", "park": "parks"}


def slugs(found: QuerySet[Any], changed: str = "") -> _Found:
    """Return the slugs of rows in the order in which they came, with the moment of their change where one is known."""
    moment = F(changed) if changed else Value(None, DateTimeField())
    return found.order_by("pk").annotate(changed=moment).values_list("slug", "changed")


def contribute() -> None:
    """Add the pages and the things that have one."""
    contribute_pages(
        "firms:directory", "firms:universities", "firms:institutes", "firms:parks", "firms:laboratories",
        "firms:clusters",
    )  # fmt: skip
    listed = Organisation.objects.listed
    contribute_rows("firms", page="firms:organisation", rows=lambda: slugs(listed().exclude(kind__in=PAGES)))
    for kind, page in PAGES.items():
        contribute_rows(
            _SECTIONS[page],
            page=f"firms:{page}",
            rows=lambda kind=kind: slugs(listed().of_kind(kind)),  # type: ignore[misc]
        )
    contribute_rows("clusters", page="firms:cluster", rows=lambda: slugs(Cluster.objects.all()))
    contribute_rows("laboratories", page="firms:laboratory", rows=lambda: slugs(Laboratory.objects.published()))
