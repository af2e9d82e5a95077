"""What two organisations have in common, as PostgreSQL compares it: address, telephone and the host of the website.

All are indexed, so that who shares one is found among a million. ``firms.duplicates`` compares more, in Python.
"""

from django.db.models import CharField, F, Func, Index, Q, Value
from django.db.models.functions import Lower

PLACES = "^(中国|上海市|上海|杨浦区|杨浦)+"
BETWEEN = "([[:space:][:punct:]]|号|弄|栋|幢|楼|层|室|单元)+"
HOST = "//(?:www[.])?([^/:?#]+)"

PLAIN_ADDRESS = f"""
    btrim(regexp_replace(regexp_replace({{0}}.address, '{PLACES}', ''), '{BETWEEN}', '-', 'g'), '-')
""".strip()
"""An address without city, district and punctuation, of the table that is put in."""

PLAIN_HOST = f"lower(substring({{0}}.website, '{HOST}'))"
"""The host of a website without ``www``, of the table that is put in."""

EXTENSION = "(转|分机|ext|x|/|、).*$"
COUNTRY = f"^(00)?86(?={'[0-9]' * 9})"
AREA = f"^0?21(?={'[0-9]' * 8}$)"

PLAIN_TELEPHONE = f"""
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(
        {{0}}.telephone, '{EXTENSION}', '', 'i'), '[^0-9]', '', 'g'), '{COUNTRY}', ''), '{AREA}', '')
""".strip()
"""The digits of a telephone without the codes of country and city and the extension, of the table that is put in."""

__all__ = ["PLAIN_ADDRESS", "PLAIN_HOST", "PLAIN_TELEPHONE", "likeness_indexes"]


def _without(text: F | Func, pattern: str, *flags: str) -> Func:
    return Func(text, Value(pattern), Value(""), *map(Value, flags), function="regexp_replace")


def likeness_indexes() -> list[Index]:
    """Return the indexes over what is compared."""
    without_places = Func(F("address"), Value(PLACES), Value(""), function="regexp_replace")
    words = Func(without_places, Value(BETWEEN), Value("-"), Value("g"), function="regexp_replace")
    address = Func(words, Value("-"), function="btrim")
    first = _without(F("telephone"), EXTENSION, "i")
    telephone = _without(_without(_without(first, "[^0-9]", "g"), COUNTRY), AREA)
    host = Lower(Func(F("website"), Value(HOST), function="substring", output_field=CharField()))
    return [
        Index(address, name="organisation_plain_address", condition=~Q(address="")),
        Index(telephone, name="organisation_plain_telephone", condition=~Q(telephone="")),
        Index(host, name="organisation_host", condition=~Q(website="")),
    ]
