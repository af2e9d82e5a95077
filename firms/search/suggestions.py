"""What someone may mean who is still typing: firms, clusters and industries, in two queries."""

from dataclasses import dataclass

from django.db import connection
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from firms.models import Organisation
from firms.search.marking import Marks
from firms.search.texts import MOST_CHARACTERS, Text
from portal import local_form

MOST = 8
"""So many are proposed at once."""

_GROUPS = 3
_CANDIDATES = 2000
_KINDS: dict[str, str | Promise] = {"firm": _("Firm"), "cluster": _("Cluster"), "industry": _("Industry")}

_NAMED = """
    SELECT o.id, o.kind, o.slug, o.name_zh, o.name_en, o.name_pinyin, o.uscc, o.foreign_number
      FROM (SELECT organisation_id, rank, size FROM (
                SELECT organisation_id, {rank} AS rank, size FROM firms_searchentry
                 WHERE facets @> '{{kind:firm}}' AND {found} LIMIT %s) AS candidates
             ORDER BY rank, size, organisation_id LIMIT %s) AS best
      JOIN firms_organisation o ON o.id = best.organisation_id
     ORDER BY best.rank, best.size, o.id
"""
_GROUPED = """
    WITH groups AS (
        SELECT 'cluster' AS kind, slug AS value, id::text AS key, title_en AS en, title_zh AS zh, 0 AS level
          FROM firms_cluster
         UNION ALL
        SELECT 'industry', code, code, name_en, name_zh, level FROM firms_industry
    )
    SELECT kind, value, en, zh, strpos(lower(en), %(text)s) = 1 OR strpos(zh, %(text)s) = 1 AS begins FROM groups
     WHERE (strpos(' ' || lower(en), ' ' || %(text)s) > 0 OR strpos(zh, %(text)s) > 0 OR lower(value) = %(text)s)
       AND EXISTS (SELECT FROM firms_facettotal t WHERE t.value = groups.kind || ':' || groups.key
                    GROUP BY t.value HAVING sum(t.number) > 0)
     ORDER BY kind, begins DESC, level, value LIMIT %(most)s
"""


@dataclass(frozen=True)
class Suggestion:
    """Something that what was typed may mean."""

    kind: str | Promise
    url: str
    name: SafeString
    language: str = ""
    other: SafeString | str = ""
    other_language: str = ""


def suggest(typed: str) -> list[Suggestion]:
    """Return what a text, whose last word may be unfinished, may mean; firms first, by how close their name is."""
    text = Text(typed.strip()[:MOST_CHARACTERS], typing=True)
    if not text:
        return []
    marks = Marks(text)
    groups = _groups(text, marks)
    return [*(_firm(firm, marks) for firm in _firms(text, MOST - len(groups))), *groups]


def _firms(text: Text, most: int) -> list[Organisation]:
    found, params = text.found_in("names")
    rank, rank_params = text.rank
    sql = _NAMED.format(rank=rank, found=found)
    return list(Organisation.objects.raw(sql, [*rank_params, *params, _CANDIDATES, most]))


def _firm(firm: Organisation, marks: Marks) -> Suggestion:
    other = "en" if local_form.is_chinese() else "zh-Hans"
    language = "" if firm.title != firm.name_pinyin else "zh-Latn-pinyin"
    name = marks(firm.title, is_pinyin=bool(language))
    if code := marks.code_of(firm):
        return Suggestion(_KINDS["firm"], firm.get_absolute_url(), name, language, code.text)
    return Suggestion(_KINDS["firm"], firm.get_absolute_url(), name, language, marks(firm.other_title), other)


def _groups(text: Text, marks: Marks) -> list[Suggestion]:
    with connection.cursor() as cursor:
        cursor.execute(_GROUPED, {"text": text.folded, "most": _GROUPS})
        rows = cursor.fetchall()
    directory = reverse("firms:directory")
    return [
        Suggestion(
            _KINDS[kind],
            reverse("firms:cluster", args=[value]) if kind == "cluster" else f"{directory}?industry={value}",
            marks(zh if local_form.is_chinese() else en),
        )
        for kind, value, en, zh, _begins in rows
    ]
