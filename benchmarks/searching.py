"""Searching by keyword, in each language."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from benchmarks import asking
from benchmarks.measuring import Goal, Result, Work, by_turns, ratio
from firms.search.counting import count_only
from firms.search.pages import page_of

_FROM = 100_000
_LIKE = """
    SELECT id FROM firms_organisation
     WHERE status = 'listed' AND kind = 'firm' AND (name_zh LIKE %(like)s OR business_scope LIKE %(like)s
           OR description_zh LIKE %(like)s)
"""


def measure(size: int) -> Iterator[Result]:
    """Compare the first page of a selective search with a page by primary key, and a short word with LIKE."""
    firms = asking.sample()
    floor = asking.primary_key_pages(firms)
    words = {
        "English": asking.english_words(firms),
        "Chinese": asking.chinese_words(firms, 2) + asking.chinese_words(firms, 3),
    }
    for language, texts in words.items():
        name = f"selective keyword search, {language}"
        rounds = by_turns(_first_pages(texts), floor)
        yield ratio(name, size, Goal.at_most(5), rounds, against="page by primary key", counts=size >= _FROM)
    short = asking.chinese_words(firms, 2)
    rounds = by_turns(_ids(short), _like(short))
    name = "two-character Chinese word"
    yield ratio(name, size, Goal.at_least(100), rounds, against="LIKE '%…%'", counts=size >= _FROM)


def _first_pages(texts: list[str]) -> Work:
    """Return what a page of the directory does to find, count and read its firms."""
    asked = [asking.asked(text) for text in texts]

    def search(turn: int) -> object:
        criteria = asked[turn % len(asked)]
        return page_of(criteria, criteria.query(), total=count_only(criteria))

    return search


def _ids(texts: list[str]) -> Work:
    found = [asking.asked(text).conditions() for text in texts]

    def look(turn: int) -> object:
        condition, params = found[turn % len(found)]
        return _rows(f"SELECT organisation_id FROM firms_searchentry WHERE {condition}", params)

    return look


def _like(texts: list[str]) -> Work:
    return lambda turn: _rows(_LIKE, {"like": f"%{texts[turn % len(texts)]}%"})


def _rows(statement: str, params: Any) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()
