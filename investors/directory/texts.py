"""A text that is looked for in opportunities: words of titles and texts, and what choices are called."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from django.utils import translation

from firms import naming
from firms.search.lexemes import letters
from firms.search.texts import Sql, Text
from investors.directory.choices import FACETS

_SHORTEST = 2
_NO_WORDS = frozenset({"of", "the", "or", "in", "is", "for", "at", "on", "to", "by", "below", "more", "any", "cny"})
_CALLED = (
    *("kind", "stage", "instrument", "role", "object", "mode", "price", "legal", "export", "scope", "use"),
    "foreign",
)


@cache
def _called() -> dict[str, tuple[str, ...]]:
    """Return the labels of choices in both languages, each with the values that have it."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in _CALLED:
        for value, label in (FACETS[name].words or {}).items():
            for language in ("en", "zh-hans"):
                with translation.override(language):
                    found[str(label)].append(f"{name}:{value}")
    return {label: tuple(values) for label, values in found.items()}


@cache
def _by_word() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for label, values in _called().items():
        for word in letters(label):
            if word not in _NO_WORDS:
                found[word] += values
    return {word: tuple(dict.fromkeys(values)) for word, values in found.items()}


def values_called(part: str) -> tuple[str, ...]:
    """Return the values of facets whose label has a word, or some Chinese characters side by side."""
    if not naming.has_chinese(part):
        return _by_word().get(part, ())
    named = (
        values
        for label, values in _called().items()
        if (part in label if len(part) >= _SHORTEST else part in naming.chinese_runs(label))
    )
    return tuple(dict.fromkeys(value for values in named for value in values))


@dataclass(frozen=True)
class Words(Text):
    """What is searched for; what a choice is called is found too where that choice applies."""

    def found_in(self, column: str) -> Sql:
        """Return the condition that ``names`` (titles and owner), or ``words`` (all that is told), have every part."""
        if column != "words" or not any(values_called(part) for part in (*self.runs, *self.words)):
            return super().found_in(column)
        conditions, params = [], []
        for part in (*self.runs, *self.words):
            sql, more = Text(part, typing=self.typing).found_in(column)
            if called := values_called(part):
                sql, more = f"(({sql}) OR facets && %s::text[])", [*more, [*called]]
            conditions.append(sql)
            params += more
        return " AND ".join(conditions), params
