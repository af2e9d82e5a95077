"""What would find something where a search finds nothing: fewer conditions, fewer words, names much like it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from firms.models import Organisation
from firms.search.asked import Asked
from firms.search.counting import Counts, count_each
from firms.search.criteria import Criteria
from firms.search.engine import similar

_MOST_WORDS = 5


@dataclass(frozen=True)
class Proposal:
    """A search that asks for less: ``kind`` and ``left`` say what it leaves out or keeps; how many firms it finds."""

    kind: str
    left: str
    criteria: Asked
    number: int


@dataclass(frozen=True)
class Proposals:
    """Searches that ask for less, and firms named much like what was typed."""

    fewer: list[Proposal] = field(default_factory=list)
    similar: list[Organisation] = field(default_factory=list)


def proposals(criteria: Criteria, counts: Counts) -> Proposals:
    """Return what would find something instead, each with its true number."""
    fewer = with_less(criteria, counts)
    finds_words = any(proposal.kind in {"facet", "words alone"} for proposal in fewer)
    return Proposals(fewer, similar(criteria.text.typed) if criteria.text and not finds_words else [])


def with_less(criteria: Asked, counts: Counts) -> list[Proposal]:
    """Return searches that ask for less and find something, each with its true number."""
    fewer = [
        Proposal("facet", _in_words(criteria, name), criteria.without(name), number)
        for name, number in counts.without.items()
    ]
    others = list(_with_less(criteria))
    numbers = count_each([criteria for _kind, _left, criteria in others])
    fewer += [Proposal(*other, number) for other, number in zip(others, numbers, strict=True)]
    return [proposal for proposal in fewer if proposal.number]


def _in_words(criteria: Asked, name: str) -> str:
    asked = criteria.stored(name)  # without the whole of which a part is chosen
    label = criteria.facets_known[name].label
    return f"{label}: {', '.join(choice.label for choice in criteria.facets[name] if choice.stored in asked)}"


def _with_less(criteria: Asked) -> Iterator[tuple[str, str, Asked]]:
    words = criteria.text.typed.split()
    if 1 < len(words) <= _MOST_WORDS:
        for number, word in enumerate(words):
            shorter = criteria.with_text(" ".join(words[:number] + words[number + 1 :]))
            if shorter.text:
                yield "word", word, shorter
    if criteria.text and len(criteria.facets) > 1:
        yield "words alone", criteria.text.typed, criteria.without_facets()
    if criteria.text.typed and criteria.facets:
        yield "filters alone", "", criteria.with_text("")
