"""What is asked of invented firms: words that few of them have, and words of many; and the floor of all reading."""

from collections.abc import Iterator

from django.http import QueryDict

from benchmarks.measuring import Work
from firms import naming
from firms.models import Organisation
from firms.search.counting import count_only
from firms.search.criteria import Criteria
from firms.search.lexemes import letters

SELECTIVE = 200
"""A text is selective if it finds at most so many firms."""

_QUERIES = 24
_SAMPLES = 1_500
COMMON_WORDS = ("技术", "软件", "科技", "technology", "information", "销售")
MIDDLING_WORDS = ("机器人", "集成电路", "robotics", "光伏", "semiconductor", "城市")


def criteria(query: str) -> Criteria:
    """Read a query string as pages do."""
    return Criteria.read(QueryDict(query))


def asked(text: str, more: str = "") -> Criteria:
    """Search for a text, with other parameters."""
    query = QueryDict(more, mutable=True)
    query["q"] = text
    return Criteria.read(query)


def sample(number: int = _SAMPLES) -> list[Organisation]:
    """Return listed firms evenly spread over all."""
    listed = Organisation.objects.listed().firms().order_by("pk")
    keys = list(listed.values_list("pk", flat=True))
    number = min(number, len(keys))
    found = listed.in_bulk([keys[place * len(keys) // number] for place in range(number)])
    return list(found.values())


def chinese_words(firms: list[Organisation], length: int) -> list[str]:
    """Return words of so many characters that begin names."""
    words = (naming.brand(firm.name_zh)[:length] for firm in firms)
    return _selective(word for word in words if len(word) == length)


def english_words(firms: list[Organisation]) -> list[str]:
    """Return what tells English names apart: the word after Shanghai."""
    named = (letters(firm.name_en) for firm in firms if firm.name_en)
    return _selective(words[1] for words in named if len(words) > 1)


def _selective(words: Iterator[str]) -> list[str]:
    found: list[str] = []
    for word in dict.fromkeys(words):
        if len(found) == _QUERIES:
            break
        if 0 < count_only(asked(word)) <= SELECTIVE:
            found.append(word)
    return found


def primary_key_pages(firms: list[Organisation]) -> Work:
    """Return the floor: twenty rows from a primary key on, as objects with their subdistricts."""
    keys = sorted(firm.pk for firm in firms)

    def read(turn: int) -> object:
        after = keys[turn * 7 % len(keys)]
        return list(Organisation.objects.filter(pk__gt=after).select_related("subdistrict").order_by("pk")[:20])

    return read
