"""By what two entries of one organisation are told: what of each is compared, and what it counts for."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

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
_PREFIXES = re.compile(r"^(?:中国|上海市|上海|杨浦区)+")
_BETWEEN_NUMBERS = re.compile(r"(?:[\W_]|号|弄|栋|幢|楼|层|室|单元)+")
_SHORTEST_NAME, _SHORTEST_FUZZY, _SHORTEST_ENGLISH, _SHORTEST_ADDRESS = 2, 4, 4, 6
_LONGEST = 200
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x)\s*[0-9]+\s*$", re.IGNORECASE)
_COUNTRY, _AREA = re.compile(r"^(?:00)?86(?=[0-9]{9})"), re.compile(r"^0?21(?=[0-9]{8}$)")
_SHORTEST_TELEPHONE = 7


class Key(NamedTuple):
    """Something that two entries of one organisation may have in common."""

    reason: str
    text: str


def keys_of(name_zh: str, name_en: str, name_pinyin: str, address: str, website: str, telephone: str) -> Iterator[Key]:
    """Yield what an organisation is compared by."""
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
    if place := core_address(address):
        yield Key(Reason.ADDRESS, place[:_LONGEST])
    if host := host_of(website):
        yield Key(Reason.WEBSITE, host[:_LONGEST])
    if number := core_telephone(telephone):
        yield Key(Reason.TELEPHONE, number[:_LONGEST])


def core_name(name: str) -> str:
    """Return a Chinese name without places of the city and legal form, wherever in the name they stand."""
    if not naming.has_chinese(name):
        return ""
    core = _PLACES.sub("", core_zh(name)).rstrip(LEGAL_CHARACTERS)
    return core.replace("（）", "") or core_zh(name)


def core_address(address: str) -> str:
    """Return an address without city, district, punctuation and words for house and room; empty without a number."""
    text = _PREFIXES.sub("", naming.clean(address).replace(" ", "")).removeprefix("杨浦区")
    text = _BETWEEN_NUMBERS.sub("-", text).strip("-").casefold()
    return text if len(text) >= _SHORTEST_ADDRESS and any(c.isdigit() for c in text) else ""


def host_of(website: str) -> str:
    """Return the host of a website, without ``www``."""
    try:
        host = urlsplit(website).hostname or ""
    except ValueError:
        return ""
    return host.casefold().removeprefix("www.")


def core_telephone(telephone: str) -> str:
    """Return the digits of a number, the first of several, without the codes of country and city and the extension."""
    first = re.split("[/、]", naming.clean(telephone))[0]
    digits = "".join(c for c in _EXTENSION.sub("", first) if c in "0123456789")
    number = _AREA.sub("", _COUNTRY.sub("", digits))
    return number if len(number) >= _SHORTEST_TELEPHONE else ""
