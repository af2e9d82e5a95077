"""By what two entries of one organisation are told: what of each is compared, and what it counts for."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from firms import naming
from firms.models import Duplicate
from firms.search.lexemes import LEGAL_CHARACTERS, core_latin, core_zh, fuzzy

Reason = Duplicate.Reason

ENOUGH = 40
"""What must speak for a pair before an officer looks at it."""

CODES_DIFFER = 20
"""So much speaks against a pair in which each has a code of its own: by law these are two companies."""

MOST_SHARING = 10
"""What more organisations than this have in common tells nothing: the address of a park, a common name, a portal."""

WEIGHTS = {
    Reason.FULL_NAME: 80,
    Reason.NAME: 60,
    Reason.SOUND: 40,
    Reason.SIMILAR: 30,
    Reason.ENGLISH: 40,
    Reason.WEBSITE: 40,
    Reason.TELEPHONE: 40,
    Reason.ADDRESS: 40,
}
"""What each counts for. Of the names the strongest alone does: English ones are often but the sound of the Chinese."""

ADDRESS_OF_THREE, ADDRESS_OF_MORE = 30, 15
"""An address counts less the more share it."""

CHINESE = (Reason.FULL_NAME, Reason.NAME, Reason.SOUND, Reason.SIMILAR)
NAMES = (*CHINESE, Reason.ENGLISH)

_PLACES = re.compile(r"上海市|上海|杨浦区|杨浦|（）")
_SOUNDS = frozenset({"shanghai", "yangpu"})
_SHORTEST_NAME, _SHORTEST_FUZZY, _SHORTEST_ENGLISH = 2, 4, 4
_LONGEST = 200


class Key(NamedTuple):
    """Something that two entries of one organisation may have in common."""

    reason: str
    text: str


def keys_of(
    name_zh: str, name_en: str, name_pinyin: str, address: str | None, website: str | None, telephone: str | None
) -> Iterator[Key]:
    """Yield what an organisation is compared by.

    Args:
        name_zh: its name in Chinese.
        name_en: its name in English.
        name_pinyin: the romanised name.
        address: what ``likeness.telling`` says of it, as of the two that follow.
        website: its host.
        telephone: its digits.
    """
    core = core_name(name_zh)
    if naming.has_chinese(name_zh):
        yield Key(Reason.FULL_NAME, naming.clean_chinese(name_zh))
    if len(core) >= _SHORTEST_NAME:
        yield Key(Reason.NAME, core)
        yield Key(Reason.SOUND, "".join(word for word in core_latin(name_pinyin).split() if word not in _SOUNDS))
    if len(core) >= _SHORTEST_FUZZY:
        yield from (Key(Reason.SIMILAR, text) for text in fuzzy(core))
    english = core_latin(name_en).replace(" ", "")
    if len(english) >= _SHORTEST_ENGLISH:
        yield Key(Reason.ENGLISH, english[:_LONGEST])
    for reason, text in ((Reason.ADDRESS, address), (Reason.WEBSITE, website), (Reason.TELEPHONE, telephone)):
        if text:
            yield Key(reason, text[:_LONGEST])


def core_name(name: str) -> str:
    """Return a Chinese name without places of the city and legal form, wherever in the name they stand."""
    if not naming.has_chinese(name):
        return ""
    core = _PLACES.sub("", core_zh(name)).rstrip(LEGAL_CHARACTERS)
    return core.replace("（）", "") or core_zh(name)
