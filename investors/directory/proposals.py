"""What would find something where a search finds nothing: fewer conditions, fewer words, titles much like it."""

from typing import Any

from django.db import connection
from django.utils import timezone

from firms import naming
from firms.search.counting import Counts
from firms.search.proposals import Proposal, with_less
from firms.search.texts import quoted
from investors.directory.criteria import Criteria
from investors.models import Opportunity

MOST = 5
_CANDIDATES = 200
_SHORTEST, _LONGEST = 3, 12
_SPOILT = 2
"""One wrong character spoils so many pairs of neighbours."""

_LIKE = """
    SELECT opportunity_id, title, word_similarity(%(text)s, title) AS likeness, %(text)s <%% title AS is_like
      FROM investors_opportunityentry
     WHERE last_day >= %(today)s AND kind = ANY(%(kinds)s) AND (%(text)s <%% title OR names @@ %(near)s::tsquery)
     ORDER BY likeness DESC, opportunity_id LIMIT %(most)s
"""


def proposals(criteria: Criteria, counts: Counts) -> tuple[list[Proposal], list[Opportunity]]:
    """Return searches that ask for less, each with its true number; where none has all words, titles much like them."""
    fewer = with_less(criteria, counts)
    finds_words = any(proposal.kind in {"facet", "words alone"} for proposal in fewer)
    return fewer, similar(criteria) if criteria.text and not finds_words else []


def similar(criteria: Criteria, limit: int = MOST) -> list[Opportunity]:
    """Return what the public sees whose title has the text but for a wrong letter or character, the most like first."""
    text = criteria.text
    runs = [run for run in text.runs if _SHORTEST <= len(run) <= _LONGEST]
    params: dict[str, Any] = {
        "text": text.folded,
        "today": timezone.localdate(),
        "kinds": [kind.value for kind in criteria.kinds],
        "near": " | ".join(_but_one(run) for run in runs),
        "most": _CANDIDATES,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LIKE, params)
        rows = cursor.fetchall()
    best = {
        pk: (likeness, _shared(runs, title)) for pk, title, likeness, is_like in rows if is_like or _near(runs, title)
    }
    keys = sorted(best, key=lambda pk: (-best[pk][1], -best[pk][0], pk))[:limit]
    found = Opportunity.objects.published().select_related("owner", "subdistrict").in_bulk(keys)
    return [found[pk] for pk in keys if pk in found]


def _but_one(run: str) -> str:
    """Return what has each character of a run but one, in any order; as a tsquery."""
    ways = (" & ".join(quoted(sign) for sign in sorted(set(run[:at] + run[at + 1 :]))) for at in range(len(run)))
    return " | ".join(f"({way})" for way in ways)


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def _shared(runs: list[str], title: str) -> int:
    there = set().union(*map(_pairs, naming.chinese_runs(title)))
    return sum(len(_pairs(run) & there) for run in runs)


def _near(runs: list[str], title: str) -> bool:
    return bool(runs) and _shared(runs, title) >= sum(max(1, len(run) - 1 - _SPOILT) for run in runs)
