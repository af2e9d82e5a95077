"""What an organisation is found by: the lexemes of its names and texts. Pure functions.

Lexemes of Chinese are single characters and pairs of neighbours: trigrams find nothing for words of two characters.
English is stemmed by PostgreSQL. Other lexemes begin with a mark that no word has.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from firms import naming

EXACT, WORD, INITIALS, CODE = "^", "=", "~", "#"
"""Marks: a whole name without place and legal form, a word unstemmed, first letters of the pinyin, a code."""

SYLLABLES_KEPT = 6
"""Pinyin is looked up by so many syllables from any one on."""

_LONGEST_KEY = 40
_LONGEST_FUZZY = 24
_LEGAL_ZH = re.compile(r"[（(](集团|(特殊)?(有限|普通)合伙)[）)]|(股份|集团)?(有限责任公司|有限公司|公司)$|有限合伙$")
LEGAL_CHARACTERS = "有限责任公司股份集团合伙（）()"
_LETTERS = re.compile(r"[^\W_]+")
COMMON = frozenset(
    re.findall(
        r"\S+",
        """
    shanghai technology technologies technical information network software data robotics robots artificial
    intelligence intelligent design research applications application internet services service equipment
    commerce cloud computing system systems industrial energy saving media carbon electrical biotech digital
    content pharma microelectronics chip integrated circuit metal structures semiconductor architecture
    engineering advanced materials textile knitting group international trading trade consulting management
    development industry science culture construction environment environmental medical health education
    electronics communication communications automation precision
    """,
    )
)
"""Words of so many English names that they tell nothing apart."""


@dataclass(frozen=True)
class Lexemes:
    """What is written of one organisation; the English texts are left for PostgreSQL to stem."""

    organisation_id: int
    names: list[str]
    words: list[str]
    near: list[str]
    english_names: str
    english_texts: str
    body: str
    size: int


def lexemes_of(
    pk: int, name_zh: str, name_en: str, name_pinyin: str, codes: Iterable[str], texts: Iterable[str]
) -> Lexemes:
    """Cut the names, codes and texts (business scope, descriptions) of an organisation."""
    texts = [naming.clean(text) for text in texts if text]
    syllables = naming.syllables(name_zh)
    core = core_zh(name_zh)
    core_syllables = naming.syllables(core)
    names = naming.grams(name_zh) | _exact(core, name_en, name_pinyin)
    names |= {WORD + word for word in letters(f"{name_en} {name_zh} {name_pinyin}")}
    names |= {CODE + code.casefold() for code in codes if code}
    names |= {INITIALS + "".join(part[0] for part in parts) for parts in (syllables, core_syllables) if parts}
    names |= _tails(core_syllables) | _tails(syllables, most=2)
    words = set().union(*(naming.grams(text) for text in texts)) if texts else set()
    return Lexemes(
        pk,
        sorted(names),
        sorted(words - names),
        sorted(near_names(core, name_en, name_pinyin)),
        " ".join(letters(f"{name_en} {name_zh}")),
        " ".join(word for text in texts for word in letters(text)),
        "\n".join([naming.clean(name_zh), *(text for text in texts if naming.has_chinese(text))]),
        min(len(core or name_en), 999),
    )


def letters(text: str) -> list[str]:
    """Return the words of a text in any letters but Chinese, in small ones."""
    return _LETTERS.findall(naming.without_chinese(naming.clean(text)).casefold())


def core_zh(name: str) -> str:
    """Return a Chinese name without Shanghai and legal form; the name itself where nothing would be left."""
    name = naming.clean_chinese(name)
    if not naming.has_chinese(name):
        return ""
    core = _LEGAL_ZH.sub("", _LEGAL_ZH.sub("", name)).removeprefix("上海市").removeprefix("上海")
    return core or name


def core_latin(name: str) -> str:
    """Return the words of a name without Shanghai and legal form, one space apart."""
    words = _LETTERS.findall(naming.latin_words(name))
    return " ".join(words[1:] if len(words) > 1 and words[0] == "shanghai" else words)


def _exact(core: str, name_en: str, name_pinyin: str) -> set[str]:
    keys = {core, core_latin(name_en).replace(" ", "_"), core_latin(name_pinyin).replace(" ", "_")}
    keys.add(core_latin(name_pinyin).replace(" ", ""))
    return {EXACT + key[:_LONGEST_KEY] for key in keys if key}


def _tails(syllables: list[str], most: int = 100) -> set[str]:
    """Return the pinyin from each syllable on: ``bo.kai.yu.`` and ``kai.yu.`` and ``yu.``."""
    return {".".join(syllables[start : start + SYLLABLES_KEPT]) + "." for start in range(min(len(syllables), most))}


def near_names(core: str, name_en: str, name_pinyin: str) -> set[str]:
    """Return what finds a name in spite of one wrong character: its parts, whole and with one character left out."""
    found = fuzzy(core.rstrip(LEGAL_CHARACTERS)[:_LONGEST_FUZZY], least=4)
    found |= fuzzy(naming.brand(core), least=3)
    for name in (name_en, name_pinyin):
        words = core_latin(name).split()
        for word in words:
            found |= {word} if word in COMMON or word in naming.common_pinyin() else fuzzy(word)
        found.add("".join(words[:2]))
    return found - {""}


def fuzzy(text: str, least: int = 4) -> set[str]:
    """Return a word, and the word without each of its characters if it has at least so many."""
    text = text[:_LONGEST_FUZZY]
    return {text} | ({text[:at] + text[at + 1 :] for at in range(len(text))} if len(text) >= least else set()) - {""}
