"""Everything that follows from an organisation's names: pinyin, and the address on the site."""

from collections.abc import Iterable
from dataclasses import dataclass

from firms import naming
from firms.models import Organisation

LONGEST_PINYIN = 600
"""What the column holds; no registered name comes near it."""

_OTHER_PAGES = frozenset({"suggestions"})
"""What stands where the address of an organisation would stand."""


@dataclass(frozen=True)
class Names:
    """What follows from the names of one organisation."""

    code: str
    slug: str
    name_pinyin: str


def derive(named: Iterable[tuple[str, str, str]]) -> list[Names]:
    """Return what follows from names; addresses are unique among them and in the database.

    Args:
        named: code (USCC, or any text that tells apart), Chinese name, English name.
    """
    named = list(named)
    wanted = {code: naming.slug_base(name_en, name_zh) for code, name_zh, name_en in named}
    longer = {code: f"{slug}-{naming.slug_tail(code)}" for code, slug in wanted.items()}
    asked = {*wanted.values(), *longer.values()}
    taken = {*_OTHER_PAGES, *Organisation.objects.filter(slug__in=asked).values_list("slug", flat=True)}
    names = []
    for code, name_zh, _name_en in named:
        slug = wanted[code]
        if slug in taken:
            slug = longer[code]
        if slug in taken:
            slug = f"{wanted[code]}-{code.lower()}"
        taken.add(slug)
        pinyin = naming.romanise(name_zh)[:LONGEST_PINYIN]
        names.append(Names(code, slug, pinyin))
    return names
