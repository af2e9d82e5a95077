"""Asking the search entries: who is found, ranked, and whose name is nearly what was typed."""

from typing import Any

from django.db import connection

from firms.models import Organisation
from firms.search.texts import Text

_CANDIDATES = 1000
_NEAR = """
    {name} AS MATERIALIZED (
        SELECT o.id,
               greatest(similarity(lower(o.name_zh), %(text)s), similarity(lower(o.name_en), %(text)s),
                        similarity(lower(o.name_pinyin), %(text)s))
               + greatest(word_similarity(%(text)s, lower(o.name_zh)), word_similarity(%(text)s, lower(o.name_en)),
                          word_similarity(%(text)s, lower(o.name_pinyin))) AS likeness
          FROM (SELECT organisation_id FROM firms_searchentry
                 WHERE near @@ %({name})s::tsquery AND facets @> '{{kind:firm}}' LIMIT %(candidates)s) AS found
          JOIN firms_organisation o ON o.id = found.organisation_id
         WHERE {wanted}
         ORDER BY likeness DESC, o.id LIMIT %(limit)s
    )
"""


def similar(typed: str, limit: int = 10) -> list[Organisation]:
    """Return the listed firms whose name is the text but for one wrong character, the most like first."""
    best = _ids_of_similar(Text(typed), limit)
    found = Organisation.objects.listed().firms().select_related("subdistrict").in_bulk(best)
    return [found[pk] for pk in best if pk in found]


def _ids_of_similar(text: Text, limit: int) -> list[int]:
    """Ask with the strictest query, and with the next one only where that finds too few."""
    params: dict[str, Any] = {"text": text.folded, "candidates": _CANDIDATES, "limit": limit}
    parts: list[str] = []
    found = "SELECT id, likeness FROM near_0"
    for number, near in enumerate(text.near):
        name = f"near_{number}"
        wanted = f"(SELECT count(*) FROM ({found}) AS before) < %(limit)s" if number else "true"  # noqa: S608
        parts.append(_NEAR.format(name=name, wanted=wanted))
        params[name] = near
        found += f" UNION SELECT id, likeness FROM {name}" if number else ""  # noqa: S608 -- names of ours
    if not parts:
        return []
    with connection.cursor() as cursor:
        sql = f"WITH {','.join(parts)} {found} ORDER BY likeness DESC, id LIMIT %(limit)s"
        cursor.execute(sql, params)
        return [row[0] for row in cursor.fetchall()]
