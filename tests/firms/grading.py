"""Graded queries, derived by rule from the registry file, with the firms that each should find."""

import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pypinyin import Style, lazy_pinyin

from firms.registry.rows import Row

WANTED = {"scope phrase": 35, "typo": 30, "two characters": 20, "initials": 20, "stem": 20, "nothing": 10}
"""How many queries there are of each kind."""

_LEGAL = re.compile(r"(股份有限公司|（集团）有限公司|有限责任公司|集团有限公司|有限公司|（有限合伙）)$")


@dataclass(frozen=True)
class Graded:
    """A query and the codes (USCC) of the firms that it should find."""

    kind: str
    text: str
    wanted: frozenset[str]


def graded_queries(rows: Iterable[Row]) -> list[Graded]:
    """Return the queries of every kind; the same rows give the same queries."""
    firms = sorted({row.uscc: row for row in rows}.values(), key=lambda row: row.uscc)
    return [
        *_scope_phrases(firms), *_typos(firms), *_two_characters(firms), *_initials(firms), *_stems(firms),
        *_nothing(firms),
    ]  # fmt: skip


def spread[T](things: list[T], number: int) -> list[T]:
    """Return so many of a list, evenly spaced."""
    return [things[index * len(things) // number] for index in range(number)]


def _core(row: Row) -> str:
    return _LEGAL.sub("", row.name_zh).removeprefix("上海")


def _having(firms: list[Row], has: Callable[[Row], bool]) -> frozenset[str]:
    return frozenset(row.uscc for row in firms if has(row))


def _phrases(row: Row) -> list[str]:
    return [phrase for phrase in re.split("[、；。]", row.business_scope) if phrase]


def _in_chinese(kind: str, text: str, firms: list[Row]) -> Graded:
    return Graded(kind, text, _having(firms, lambda row: text in row.name_zh or text in row.business_scope))


def _scope_phrases(firms: list[Row]) -> Iterator[Graded]:
    """Every phrase of a business scope finds the firms that have it in scope or name."""
    for phrase in sorted({phrase for row in firms for phrase in _phrases(row)}):
        yield _in_chinese("scope phrase", phrase, firms)


def _typos(firms: list[Row]) -> Iterator[Graded]:
    """15 Chinese and 15 English names lose a character or have two swapped; the firm meant is found."""
    named = [row for row in firms if row.name_en]
    for number, row in enumerate(spread(named, WANTED["typo"])):
        name = row.name_zh if number % 2 else row.name_en
        places = [at for at in range(len(name) - 1) if name[at] != name[at + 1]]
        at = places[zlib.crc32(row.uscc.encode()) % len(places)]
        swapped = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
        yield Graded("typo", name[:at] + name[at + 1 :] if number % 4 < 2 else swapped, frozenset({row.uscc}))


def _two_characters(firms: list[Row]) -> Iterator[Graded]:
    """Pairs of characters inside phrases and names: half of them frequent, half from there to the rare."""
    texts = Counter(text for row in firms for text in {_core(row), *_phrases(row)})
    pairs: Counter[str] = Counter()
    for text, number in texts.items():
        for pair in {text[i : i + 2] for i in range(len(text) - 1)}:
            if re.match("[一-鿿]{2}", pair):
                pairs[pair] += number
    ordered = [pair for pair, number in sorted(pairs.items(), key=lambda item: (-item[1], item[0])) if number > 1]
    half = WANTED["two characters"] // 2
    for pair in spread(ordered[:80], half) + spread(ordered[80:], half):
        yield _in_chinese("two characters", pair, firms)


def _initials(firms: list[Row]) -> Iterator[Graded]:
    """The first letters of a name's pinyin, without Shanghai and legal form, find those that begin with them."""
    letters = {row.uscc: "".join(lazy_pinyin(_core(row), style=Style.FIRST_LETTER)) for row in firms}
    plain = [row for row in firms if re.fullmatch("[一-鿿]{4,}", _core(row))]
    for row in spread(plain, WANTED["initials"]):
        text = letters[row.uscc][:6]
        yield Graded("initials", text, frozenset(code for code, all_ in letters.items() if all_.startswith(text)))


def _plural(word: str) -> str:
    if re.search("[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + ("es" if re.search("(s|x|ch|sh)$", word) else "s")


def _stems(firms: list[Row]) -> Iterator[Graded]:
    """Words of English names, singular asked as plural and plural as singular."""
    known = {row.uscc: set(re.findall("[a-z]+", row.name_en.lower())) for row in firms}
    words = Counter(word for found in known.values() for word in found if len(word) > 3)
    common = sorted(word for word, number in words.items() if number > 50 and word not in {"shanghai", "data"})
    begun = Counter(word[:5] for word in common)  # robots and robotics are one stem, which only a stemmer knows
    for word in spread([word for word in common if begun[word[:5]] == 1], WANTED["stem"]):
        other = word[:-1] if word.endswith("s") else _plural(word)
        yield Graded("stem", other, frozenset(code for code, said in known.items() if said & {word, other}))


def _nothing(firms: list[Row]) -> Iterator[Graded]:
    """Ends of a phrase that nowhere touch, pairs that only nearly follow, and words turned round."""
    texts = "\n".join({text for row in firms for text in (row.name_zh, *_phrases(row))})
    apart = sorted({p[0] + p[-1] for row in firms for p in _phrases(row) if p[0] + p[-1] not in texts})
    nearly = set()
    for row in firms[:500]:
        seen = {text[i : i + 2] for text in (row.name_zh, *_phrases(row)) for i in range(len(text) - 1)}
        nearly |= {a + b[1] for a in seen for b in seen if a[1] == b[0] and a + b[1] not in texts}
    latin = {word for row in firms for word in re.findall("[a-z]{6,}", row.name_en.lower())}
    turned = sorted({word[::-1] for word in latin} - latin)
    for text in [*spread(apart, 4), *spread(sorted(nearly), 3), *spread(turned, 3)]:
        yield Graded("nothing", text, frozenset())


@dataclass(frozen=True)
class Mark:
    """How the search does on one kind of query: means over its queries."""

    kind: str
    queries: int
    recall: float
    precision: float

    def __str__(self) -> str:
        return f"{self.kind:<16}{self.queries:>4}   recall {self.recall:.3f}   precision {self.precision:.3f}"


def graded(queries: Iterable[Graded], found: Callable[[Graded], list[str]]) -> dict[str, Mark]:
    """Return the marks by kind.

    Args:
        queries: what is asked.
        found: gives the codes that the search finds. What finds nothing, and should, is right in full.
    """
    by_kind: dict[str, list[tuple[float, float]]] = {}
    for query in queries:
        codes = set(found(query))
        right = len(codes & query.wanted)
        recall = right / len(query.wanted) if query.wanted else 1.0
        precision = right / len(codes) if codes else float(not query.wanted)
        by_kind.setdefault(query.kind, []).append((recall, precision))
    return {
        kind: Mark(kind, len(pairs), sum(r for r, _p in pairs) / len(pairs), sum(p for _r, p in pairs) / len(pairs))
        for kind, pairs in by_kind.items()
    }
