"""Asking the search entries: who is found, ranked, and whose name is nearly what was typed."""

from typing import Any

from django.db import connection

from firms.models import Organisation
from firms.search.texts import Text

_CANDIDATES = 300
_LIKE = """
    SELECT o.id, greatest(similarity(lower(o.name_zh), %(text)s), similarity(lower(o.name_en), %(text)s),
                          similarity(lower(o.name_pinyin), %(text)s))
                 + greatest(word_similarity(%(text)s, lower(o.name_zh)), word_similarity(%(text)s, lower(o.name_en)),
                            word_similarity(%(text)s, lower(o.name_pinyin))) AS likeness
      FROM (SELECT organisation_id FROM firms_searchentry
             WHERE near @@ %(near)s::tsquery AND facets @> '{kind:firm}' LIMIT %(candidates)s) AS found
      JOIN firms_organisation o ON o.id = found.organisation_id
     ORDER BY likeness DESC, o.id LIMIT %(limit)s
"""


def similar(typed: str, limit: int = 10) -> list[Organisation]:
    """Return the listed firms whose name is the text but for one wrong character, the most like first."""
    text = Text(typed)
    likeness: dict[int, float] = {}
    for near in text.near:
        if len(likeness) >= limit:
            break
        params: dict[str, Any] = {"text": text.folded, "near": near, "candidates": _CANDIDATES, "limit": limit}
        with connection.cursor() as cursor:
            cursor.execute(_LIKE, params)
            likeness |= dict(cursor.fetchall())
    best = sorted(likeness, key=lambda pk: (-likeness[pk], pk))[:limit]
    found = Organisation.objects.listed().firms().select_related("subdistrict").in_bulk(best)
    return [found[pk] for pk in best if pk in found]
