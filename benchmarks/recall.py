"""Whether the firm meant is among the first ten, in spite of one typo in its name."""

import zlib
from collections.abc import Iterator

from benchmarks import asking
from benchmarks.measuring import Goal, Result, share
from firms.models import Organisation
from firms.search.engine import similar
from firms.search.pages import page_of

_NAMES = 200
_FIRST = 10


def measure(size: int) -> Iterator[Result]:
    """Look for names that lost a character or have two of them swapped."""
    firms = asking.sample(_NAMES)
    yield share(
        "name search with one typo, in Chinese", size, Goal.at_least(0.95), _hits(firms, "name_zh"), against="recall"
    )
    named = [firm for firm in firms if firm.name_en]
    yield share(
        "name search with one typo, in English", size, Goal.at_least(0.95), _hits(named, "name_en"), against="recall"
    )


def _hits(firms: list[Organisation], column: str) -> list[bool]:
    names = [getattr(firm, column) for firm in firms]
    return [name in _found(mistyped(name, number), column) for number, name in enumerate(names)]


def _found(text: str, column: str) -> list[str]:
    """Return the names that a page shows first: what is found, or else the similar names.

    Several of a million invented firms have one name; which of them is meant, no name tells.
    """
    criteria = asking.asked(text)
    found = page_of(criteria, criteria.query(), size=_FIRST).items
    return [getattr(firm, column) for firm in found + similar(text, _FIRST)][:_FIRST]


def mistyped(name: str, number: int) -> str:
    """Return a name without one of its characters or, each other time, with two neighbours swapped."""
    places = [at for at in range(len(name) - 1) if name[at] != name[at + 1]]
    at = places[zlib.crc32(name.encode()) % len(places)]
    rest = name[at + 1] + name[at] + name[at + 2 :] if number % 2 else name[at + 1 :]
    return name[:at] + rest
