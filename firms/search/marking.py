"""Marks what a search found where it stands: in names, in texts, in codes. What was typed is never markup."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.db import connection
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from firms import naming
from firms.models import Organisation
from firms.search import pinyin
from firms.search.lexemes import core_zh
from firms.search.texts import Text

_WORD = re.compile(r"[^\W_\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]+")
_SHORTEST_BEGUN, _SHORTEST_CODE, _SAME_BEGINNING = 3, 8, 3
_BEFORE, _AFTER = 30, 90

type Span = tuple[int, int, str]


@dataclass(frozen=True)
class Snippet:
    """Where a search was met outside the names: which text it is, its language, and the marked part of it."""

    kind: str
    language: str
    text: SafeString


@dataclass(frozen=True)
class Hit:
    """A firm that was found, and why, where its names do not show it."""

    organisation: Organisation
    snippet: Snippet | None = None


class Marks:
    """Marks the parts of a text that someone searched for.

    Args:
        text: what was searched for.
        organisations: those whose words are compared by their stem; English stems are asked of PostgreSQL, once.
        english: other texts whose words are.
    """

    do_not_call_in_templates = True

    def __init__(self, text: Text, organisations: Iterable[Organisation] = (), english: Iterable[str] = ()) -> None:
        self._text = text
        self._organisations = list(organisations)
        self._english = [*english]
        for organisation in self._organisations:
            self._english += (organisation.name_en, organisation.description_en)

    def __call__(self, text: str, *, is_pinyin: bool = False) -> SafeString:
        """Return a text as markup, with what was searched for marked."""
        return _marked(text, [(start, end) for start, end, _part in self._spans(text, is_pinyin=is_pinyin)])

    def hits(self) -> list[Hit]:
        """Return the organisations, each with where it was met."""
        return [Hit(organisation, self._snippet(organisation)) for organisation in self._organisations]

    def _snippet(self, organisation: Organisation) -> Snippet | None:
        """Return the first place in the texts that has a part which the names have not; else perhaps the code."""
        names = [(organisation.name_zh, False), (organisation.name_en, False), (organisation.name_pinyin, True)]
        missing = self.not_in(names)
        return (self.snippet(_texts(organisation), missing) or self.code_of(organisation)) if missing else None

    def not_in(self, names: Iterable[tuple[str, bool]]) -> set[str]:
        """Return the parts of what was searched for that none of some texts has; with each whether it is pinyin."""
        named = {part for name, is_pinyin in names for _start, _end, part in self._spans(name, is_pinyin=is_pinyin)}
        return set(self._parts) - named

    def snippet(self, texts: Iterable[tuple[str, str, str]], missing: Collection[str]) -> Snippet | None:
        """Return the first place in some texts (each with its kind and language) that has one of some parts."""
        for kind, language, text in texts:
            for span in self._spans(text):
                if span[2] in missing:
                    return Snippet(kind, language, self._cut(text, span))
        return None

    def code_of(self, organisation: Organisation) -> Snippet | None:
        """Return the code of the organisation if that is what was searched for."""
        for code in filter(None, (organisation.uscc, organisation.foreign_number)):
            for word in self._text.words:
                if len(word) >= _SHORTEST_CODE and code.casefold().startswith(word):
                    return Snippet("code", "", _marked(code, [(0, len(word))]))
        return None

    def _cut(self, text: str, span: Span) -> SafeString:
        start, end = max(0, span[0] - _BEFORE), min(len(text), span[1] + _AFTER)
        while 0 < start < span[0] and _is_inside_word(text, start):
            start += 1
        while span[1] < end < len(text) and _is_inside_word(text, end):
            end -= 1
        piece = text[start:end].strip()
        marked = self(piece)
        return format_html("{}{}{}", "…" if start else "", marked, "…" if end < len(text) else "")

    @cached_property
    def _parts(self) -> list[str]:
        return [*self._text.runs, *self._text.words]

    @cached_property
    def _sounds(self) -> list[str]:
        """The words that may be pinyin or its first letters, all as one and each alone."""
        words = [word for word in self._text.words if word.isascii() and word.isalpha()]
        return [sound for sound in dict.fromkeys(["".join(words), *words]) if len(sound) > 1]

    @cached_property
    def _stems(self) -> dict[str, str]:
        """The stems of the words looked for, and of words on the page that begin like one of them."""
        asked = {word for word in self._text.words if word.isascii()}
        beginnings = tuple({word[:_SAME_BEGINNING] for word in asked})
        found = {
            word for text in self._english for word in _WORD.findall(text.casefold()) if word.startswith(beginnings)
        }
        if not beginnings or not found - asked:
            return {}
        with connection.cursor() as cursor:
            sql = "SELECT word, (ts_lexize('english_stem', word))[1] FROM unnest(%s::text[]) AS word"
            cursor.execute(sql, [sorted(found | asked)])
            return {word: stem for word, stem in cursor.fetchall() if stem}

    def _spans(self, text: str, *, is_pinyin: bool = False) -> list[Span]:
        if not text or not self._text:
            return []
        folded, places = _folded(text)
        found = [*self._runs_in(folded), *self._words_in(folded), *self._sounds_in(folded)]
        if is_pinyin:
            found += self._inside(folded)
        return sorted((places[start], places[end - 1] + 1, part) for start, end, part in found if end > start)

    def _runs_in(self, folded: str) -> Iterator[Span]:
        for run in self._text.runs:
            for match in re.finditer(re.escape(run.casefold()), folded):
                yield match.start(), match.end(), run

    def _words_in(self, folded: str) -> Iterator[Span]:
        words = self._text.words
        for match in _WORD.finditer(folded) if words else ():
            for word in words:
                if match[0] == word or self._is_same_stem(match[0], word):
                    yield match.start(), match.end(), word
                elif word == words[-1] and len(word) >= _SHORTEST_BEGUN and match[0].startswith(word):
                    yield match.start(), match.start() + len(word), word

    def _is_same_stem(self, one: str, other: str) -> bool:
        if one[:_SAME_BEGINNING] != other[:_SAME_BEGINNING]:
            return False
        stem = self._stems.get(one)
        return stem is not None and stem == self._stems.get(other)

    def _sounds_in(self, folded: str) -> Iterator[Span]:
        """Find Chinese characters by their pinyin, or by its first letters from the beginning of the name."""
        if not self._sounds or not naming.has_chinese(folded) or len(folded) > 100:  # noqa: PLR2004 -- a name, no text
            return
        at = [place for place, character in enumerate(folded) if naming.has_chinese(character)]
        syllables = naming.syllables(folded)
        if len(syllables) != len(at):
            return
        core = folded.find(core_zh(folded)[:2])
        for sound in self._sounds:
            for first in range(len(at)):
                last = _sounding(syllables, first, sound)
                if not last and at[first] in {at[0], core} and _are_initials(syllables[first:], sound):
                    last = first + len(sound)
                if last:
                    yield from ((at[first], at[last - 1] + 1, part) for part in self._text.words if part in sound)
                    if sound == self._sounds[0]:
                        return  # bo kai is one name, and not also another bo elsewhere
                    break

    def _inside(self, folded: str) -> Iterator[Span]:
        """Find what is written inside a word of pinyin: kaiyu in Bokaiyu."""
        for sound in self._sounds:
            if len(sound) >= _SHORTEST_BEGUN and (start := folded.find(sound)) >= 0:
                for part in self._text.words:
                    if part in sound:
                        yield start, start + len(sound), part


def _texts(organisation: Organisation) -> list[tuple[str, str, str]]:
    return [
        ("description", "en", organisation.description_en),
        ("description", "zh-Hans", organisation.description_zh),
        ("scope", "zh-Hans", organisation.business_scope),
    ]


def _folded(text: str) -> tuple[str, list[int]]:
    """Return a text as it is searched, and for each character its place in the text."""
    if text.isascii():
        return text.casefold(), list(range(len(text)))
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for letter in unicodedata.normalize("NFKC", character).casefold():
            letters.append(letter)
            places.append(place)
    return "".join(letters), places


def _marked(text: str, spans: list[tuple[int, int]]) -> SafeString:
    pieces: list[tuple[SafeString]] = []
    done = 0
    for start, end in _merged(spans):
        pieces += [(format_html("{}", text[done:start]),), (format_html("<mark>{}</mark>", text[start:end]),)]
        done = end
    return format_html_join("", "{}", [*pieces, (format_html("{}", text[done:]),)])


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _is_inside_word(text: str, place: int) -> bool:
    return bool(_WORD.fullmatch(text[place - 1 : place + 1]) and len(text[place - 1 : place + 1]) > 1)


def _sounding(syllables: list[str], first: int, sound: str) -> int:
    """Return up to which syllable a sound reaches that begins at one; 0 where it does not."""
    heard = ""
    for place in range(first, len(syllables)):
        heard += syllables[place]
        if heard == sound or (len(sound) >= _SHORTEST_BEGUN and heard.startswith(sound)):
            return place + 1
        if not sound.startswith(heard):
            return 0
    return 0


def _are_initials(syllables: list[str], sound: str) -> bool:
    return (
        len(sound) >= _SHORTEST_BEGUN
        and pinyin.may_be_initials(sound)
        and "".join(syllable[0] for syllable in syllables).startswith(sound)
    )
