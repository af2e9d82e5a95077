"""What the words of letters are made of: blocks, each kept as JSON, and amounts as decisions write them."""

from decimal import Decimal
from typing import Any

from firms.naming import has_chinese
from incentives.facts import in_language
from portal.amount_words import chinese_words, english_words
from portal.local_form import is_chinese

type Block = dict[str, Any]


def text(words: str) -> Block:
    """Return a paragraph."""
    return {"kind": "text", "text": words}


def heading(words: str) -> Block:
    """Return a heading."""
    return {"kind": "heading", "text": words}


def question(words: str) -> Block:
    """Return what was asked, above what was answered."""
    return {"kind": "question", "text": words}


def rows(*pairs: tuple[Any, Any]) -> Block:
    """Return terms with their values; those without a value are left out."""
    return {"kind": "rows", "rows": [pair for pair in pairs if pair[1]]}


def table(head: list[str], lines: list[list[str]]) -> Block:
    """Return a table with a heading for each column."""
    return {"kind": "table", "head": head, "rows": lines}


def typed(words: str) -> Block:
    """Return words that a person typed, in the language that they are in."""
    return {"kind": "typed", "text": words, "language": "zh-Hans" if has_chinese(words) else "en"}


def named(english: str, chinese: str) -> str:
    """Return a name that exists as a pair, in the language of the letter."""
    return str(in_language(english, chinese))


def figures(amount: Decimal) -> str:
    """Return an amount to the fen, as a decision writes it."""
    return f"{amount:,.2f}元" if is_chinese() else f"CNY {amount:,.2f}"


def in_words(amount: Decimal) -> str:
    """Return an amount in words."""
    return chinese_words(amount) if is_chinese() else f"Renminbi {english_words(amount)}"
