"""A text that someone searches for, as conditions on search entries. Pure: it gives SQL and asks nothing."""

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from itertools import groupby
from typing import Any

from firms import naming
from firms.search import pinyin
from firms.search.lexemes import (
    CODE,
    COMMON,
    EXACT,
    INITIALS,
    LEGAL_CHARACTERS,
    SYLLABLES_KEPT,
    WORD,
    core_latin,
    core_zh,
    fuzzy,
    letters,
)  # fmt: skip

type Sql = tuple[str, list[Any]]

MOST_CHARACTERS = 100
"""Of a longer text only so much is searched for."""

_SHORTEST_BEGUN = 3
_SHORTEST_CODE = 8
_INITIALS = range(3, 15)


@dataclass(frozen=True)
class Text:
    """What is searched for; all of its parts have to be found.

    Args:
        typed: as someone typed it.
        typing: whether the last word may be unfinished, as for suggestions.
    """

    typed: str
    typing: bool = False

    @cached_property
    def _clean(self) -> str:
        return naming.clean(self.typed)[:MOST_CHARACTERS]

    @property
    def folded(self) -> str:
        """It, in small letters."""
        return self._clean.casefold()

    @cached_property
    def runs(self) -> list[str]:
        """Its Chinese, piece by piece."""
        return naming.chinese_runs(self._clean)

    @cached_property
    def words(self) -> list[str]:
        """Its other words, without legal forms."""
        return letters(naming.latin_words(self._clean))

    def __bool__(self) -> bool:
        """Whether there is anything to search for."""
        return bool(self.runs or self.words)

    @cached_property
    def tsquery(self) -> Sql:
        """What has every part of the text; longer Chinese may still lie apart."""
        parts: list[str] = []
        params: list[Any] = []
        if grams := sorted(naming.wanted_grams(self._clean)):
            parts.append("%s::tsquery")
            params.append(" & ".join(map(quoted, grams)))
        groups = [list(group) for _key, group in groupby(enumerate(self.words), self._group_of)]
        for number, group in enumerate(groups):
            sql, more = self._group([word for _place, word in group], is_last=number == len(groups) - 1)
            parts.append(sql)
            params += more
        return f"({' && '.join(parts)})", params

    @staticmethod
    def _group_of(item: tuple[int, str]) -> int:
        """Keep single syllables together: bo kai yu is one word."""
        place, word = item
        return -1 if word in pinyin.SYLLABLES else place

    def _group(self, words: list[str], *, is_last: bool) -> Sql:
        parts = [self._word(word, is_last=is_last and place == len(words)) for place, word in enumerate(words, 1)]
        sql, params = " && ".join(part[0] for part in parts), [value for part in parts for value in part[1]]
        joined = "".join(words)
        full = pinyin.readings(joined)
        begun = pinyin.begun_readings(joined) if is_last and (self.typing or not full) else ()
        sounds = [_sounds(way, whole=True) for way in full] + [_sounds(way, whole=False) for way in begun]
        if not sounds:
            return f"({sql})", params
        return f"(({sql}) || %s::tsquery)", [*params, " | ".join(sounds)]

    def _word(self, word: str, *, is_last: bool) -> Sql:
        """Find a word by its stem, as it stands, begun, as first letters of the pinyin or as a code."""
        ways = [quoted(WORD + word)]
        if (is_last or self.typing) and len(word) >= _SHORTEST_BEGUN:
            ways.append(quoted(WORD + word) + ":*")
        if len(word) in _INITIALS and pinyin.may_be_initials(word):
            ways.append(quoted(INITIALS + word) + ":*")
        if len(word) >= _SHORTEST_CODE:
            ways.append(quoted(CODE + word) + ":*")
        return "(plainto_tsquery('english', %s) || %s::tsquery)", [word, " | ".join(ways)]

    def found_in(self, column: str) -> Sql:
        """Return the condition that ``names``, or ``words`` (names and texts), have it."""
        sql, params = self.tsquery
        body = "split_part(body, E'\\n', 1)" if column == "names" else "body"
        conditions, values = [f"{column} @@ {sql}"], [*params]
        for run in self.runs:
            if len(run) > 2:  # noqa: PLR2004 -- two neighbours are one lexeme
                conditions.append(f"strpos({body}, %s) > 0")
                values.append(run)
        return " AND ".join(conditions), values

    @cached_property
    def rank(self) -> Sql:
        """Return 0 for the very name or code, 1 for a name that begins with it, else 2."""
        key = core_zh(self._clean) if self.runs else core_latin(self._clean).replace(" ", "_")
        exact, begun = quoted(EXACT + key), quoted(EXACT + key) + ":*"
        if len(self.words) == 1:
            exact += f" | {quoted(CODE + self.words[0])}"
        return "CASE WHEN names @@ %s::tsquery THEN 0 WHEN names @@ %s::tsquery THEN 1 ELSE 2 END", [exact, begun]

    @cached_property
    def near(self) -> list[str]:
        """What finds names in spite of one wrong character, the strictest first; as tsqueries."""
        sound = core_latin(naming.romanise(self._clean) if self.runs else self._clean).split()
        words = [word for word in sound if len(word) > 2 and not _is_common(word)][:8]  # noqa: PLR2004
        strict = " & ".join(f"({_any(fuzzy(word))})" for word in words)
        loose = " | ".join(_any(fuzzy(word)) for word in words)
        queries = [strict, loose] if len(words) > 1 else [loose]
        if self.runs:
            core = core_zh(self._clean).rstrip(LEGAL_CHARACTERS)
            same = [fuzzy(core), fuzzy(naming.brand(core), least=3)]
            if {"上", "海"} < set(core[:4]):  # the place, with a character of the name in between
                same.append(fuzzy(core.replace("上", "", 1).replace("海", "", 1)))
            queries.insert(0, " | ".join(_any(keys) for keys in same if any(keys)))
        elif len(sound) > 1:
            queries[0] = " | ".join(filter(None, [queries[0], quoted("".join(sound[:2]))]))
        elif sound:
            queries.append(_any(fuzzy(sound[0])))
        return [query for query in dict.fromkeys(queries) if query]


def quoted(lexeme: str) -> str:
    """Write a lexeme as a tsquery does."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _any(lexemes: set[str]) -> str:
    return " | ".join(quoted(lexeme) for lexeme in sorted(lexemes) if lexeme)


def _sounds(way: tuple[str, ...], *, whole: bool) -> str:
    """Find syllables that follow each other; the last may be unfinished."""
    pieces = [way[start : start + SYLLABLES_KEPT] for start in range(0, len(way), SYLLABLES_KEPT)]
    texts = [".".join(piece) + "." for piece in pieces]
    if not whole:
        texts[-1] = texts[-1][:-1]
    return "(" + " & ".join(quoted(text) + ":*" for text in texts) + ")"


def _is_common(word: str) -> bool:
    return bool(word in naming.common_pinyin() or get_close_matches(word, COMMON, n=1, cutoff=0.85))
