"""What two organisations have in common, as PostgreSQL compares it: their address and the host of their website.

Both are indexed, so that who shares one is found among a million. ``firms.duplicates`` compares more, in Python.
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

__all__ = ["PLAIN_ADDRESS", "PLAIN_HOST", "likeness_indexes"]


def likeness_indexes() -> list[Index]:
    """Return the indexes over what is compared."""
    without_places = Func(F("address"), Value(PLACES), Value(""), function="regexp_replace")
    words = Func(without_places, Value(BETWEEN), Value("-"), Value("g"), function="regexp_replace")
    address = Func(words, Value("-"), function="btrim")
    host = Lower(Func(F("website"), Value(HOST), function="substring", output_field=CharField()))
    return [
        Index(address, name="organisation_plain_address", condition=~Q(address="")),
        Index(host, name="organisation_host", condition=~Q(website="")),
    ]
