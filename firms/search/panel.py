"""What the directory's page shows of a search: its facets with counts, what is chosen, and how to undo it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.functional import Promise

from firms.search.asked import Asked
from firms.search.choices import Choice, Facet
from firms.search.counting import Counts

_OPEN_AT_FIRST = frozenset({"cluster", "kind", "area"})


@dataclass(frozen=True)
class Option:
    """A choice with the number it would leave, also in words, and its parts where it is opened."""

    choice: Choice
    number: int
    words: str
    is_chosen: bool
    parts: list["Option"] = field(default_factory=list)


@dataclass(frozen=True)
class Group:
    """A facet with the choices that find something, and those that are chosen."""

    facet: Facet
    options: list[Option]
    chosen: int

    @property
    def is_open(self) -> bool:
        """Whether the page shows its choices at once."""
        return bool(self.chosen) or self.facet.name in _OPEN_AT_FIRST


@dataclass(frozen=True)
class Link:
    """Where else one could look: in words, and its address."""

    label: str | Promise
    url: str
    facet: str | Promise = ""
    is_current: bool = False


def address(criteria: Asked, **extra: str) -> str:
    """Return the address of a search, below that of the directory."""
    return f"?{criteria.query(**extra).urlencode()}"


def groups(criteria: Asked, counts: Counts) -> list[Group]:
    """Return the facets that offer anything."""
    found = []
    for facet in criteria.facets_offered:
        name = facet.name
        chosen = {choice.value for choice in criteria.facets.get(name, ())}
        choices = criteria.choices.by_facet[name].values()
        options = _options(criteria, choices, counts, chosen)
        if options:
            found.append(Group(facet, options, len(chosen)))
    return found


def _options(
    criteria: Asked, choices: Iterable[Choice], counts: Counts, chosen: set[str], parent: str = ""
) -> list[Option]:
    found = []
    for choice in choices:
        if choice.parent != parent:
            continue
        is_whole = choice.stored.startswith("industry:")
        parts = _options(criteria, choices, counts, chosen, choice.value) if is_whole else []
        number, is_chosen = counts.numbers.get(choice.stored, 0), choice.value in chosen
        if number or is_chosen or any(part.is_chosen or part.parts for part in parts):
            found.append(Option(choice, number, criteria.counted(number), is_chosen, parts))
    return found


def chosen(criteria: Asked, **extra: str) -> list[Link]:
    """Return what the search asks for, each with the address of the search without it."""
    found = [Link(f"“{criteria.text.typed}”", address(criteria.with_text(""), **extra))] if criteria.text.typed else []
    for name, choices in criteria.facets.items():
        for choice in choices:
            url = address(criteria.without(name, choice.value), **extra)
            found.append(Link(choice.label, url, facet=criteria.facets_known[name].label))
    return found


def sorts(criteria: Asked, **extra: str) -> list[Link]:
    """Return the orders there are."""
    return [
        Link(criteria.sorts_known[name], address(criteria.sorted_by(name), **extra), is_current=name == criteria.sort)
        for name in criteria.sorts_offered
    ]
