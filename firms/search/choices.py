"""What the directory can be filtered by: facets, and the choices of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from firms.models import Certificate
from portal import local_form


@dataclass(frozen=True)
class Choice:
    """A choice: as addresses write it, as search entries hold it, and in words."""

    value: str
    stored: str
    label: str
    parent: str = ""


@dataclass(frozen=True)
class Facet:
    """A group of choices of which any may apply; several groups must all apply.

    ``words`` has the choices by their value; None where they stand in a table.
    """

    name: str
    label: str | Promise
    words: Mapping[str, str | Promise] | None = None


FACETS = {
    facet.name: facet
    for facet in (
        Facet("cluster", _("Cluster")),
        Facet("industry", _("Industry")),
        Facet("subdistrict", _("Subdistrict")),
        Facet("staff", _("Staff"), {"1-9": "1–9", "10-99": "10–99", "100-299": "100–299", "300": "300+"}),
        Facet(
            "founded",
            _("Founded"),
            {
                "2023": _("2023 or later"),
                "2020-2022": "2020–2022",
                "2015-2019": "2015–2019",
                "2010-2014": "2010–2014",
                "2000-2009": "2000–2009",
                "1999": _("1999 or earlier"),
            },
        ),
        Facet("certificate", _("Certificate"), dict(Certificate.Level.choices)),
        Facet(
            "foreign", _("Foreign investment"), {"yes": _("Foreign-invested"), "no": _("Without foreign investment")}
        ),
    )
}
"""All facets by their name in addresses."""

_STORED = """
    SELECT 'cluster', slug, id::text, title_en, title_zh, '', position FROM firms_cluster
     UNION ALL
    SELECT 'subdistrict', slug, code, name_en, name_zh, '', 0 FROM firms_subdistrict
     UNION ALL
    SELECT 'industry', code, code, code || ' ' || name_en, code || ' ' || name_zh, coalesce(parent_id, ''), level
      FROM firms_industry
     WHERE level = 1 OR code = ANY(%(opened)s) OR parent_id = ANY(%(opened)s)
        OR parent_id IN (SELECT parent_id FROM firms_industry WHERE code = ANY(%(divisions)s))
     ORDER BY 1, 7, 3
"""
_DIVISION = 2
_LONGEST_CODE = 4


@dataclass(frozen=True)
class Choices:
    """The choices of every facet, read once; of the industry those that a selection opens."""

    chosen: dict[str, tuple[str, ...]]

    @cached_property
    def by_facet(self) -> dict[str, dict[str, Choice]]:
        """The choices of each facet by their value in addresses."""
        found: dict[str, dict[str, Choice]] = {}
        for name, facet in FACETS.items():
            words = (facet.words or {}).items()
            found[name] = {value: Choice(value, f"{name}:{value}", str(label)) for value, label in words}
        for name, value, key, label_en, label_zh, parent, _place in self._stored():
            label = label_zh if local_form.is_chinese() else label_en
            found[name][value] = Choice(value, f"{name}:{key}", label, parent)
        return found

    def _stored(self) -> list[tuple[str, ...]]:
        """Read the choices that stand in tables, in one query."""
        codes = {code for code in self.chosen.get("industry", ()) if len(code) <= _LONGEST_CODE}
        divisions = {code[:_DIVISION] for code in codes if code[:1].isdigit()}
        with connection.cursor() as cursor:
            cursor.execute(_STORED, {"opened": list(codes | divisions), "divisions": list(divisions)})
            return cursor.fetchall()
