"""What two organisations have in common, as PostgreSQL compares it: address, telephone and the host of the website.

Each is one expression, written here alone: it is indexed, so that who shares one is found among a million, and the
search for duplicates reads it. ``firms.duplicates`` says what else is compared, and what each counts for.
"""

from typing import Any

from django.db.models import CharField, F, Func, Index, Q

_WITHOUT_PLACES = "^(中国|上海市|上海|杨浦区|杨浦)+"
_BETWEEN = "([[:punct:]、。·]|号|弄|栋|幢|楼|层|室|单元)+"
_EXTENSION = "(转|分机|ext[.]?|x)[[:space:]]*[0-9]+[[:space:]]*$"
_COUNTRY = f"^(00)?86(?={'[0-9]' * 9})"
_AREA = f"^0?21(?={'[0-9]' * 8}$)"

ADDRESS = (
    "btrim(regexp_replace(regexp_replace(regexp_replace("
    f"lower(normalize({{}}, NFKC)), '[[:space:]]+', '', 'g'), '{_WITHOUT_PLACES}', ''), '{_BETWEEN}', '-', 'g'), '-')"
)
"""An address without city, district, punctuation and words for house and room."""

HOST = "substring(lower({}), '//(?:www[.])?([^/:?#]+)')"
"""The host of a website without ``www``."""

TELEPHONE = (
    "regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace("
    f"normalize({{}}, NFKC), '[/、].*$', ''), '{_EXTENSION}', '', 'i'), '[^0-9]', '', 'g'), "
    f"'{_COUNTRY}', ''), '{_AREA}', '')"
)
"""The digits of a number, the first of several, without the codes of country and city and the extension."""

TELLS: dict[str, str] = {
    "address": "length({0}) >= 6 AND {0} ~ '[0-9]'",  # one without a house tells nothing
    "website": "{0} <> ''",
    "telephone": "length({0}) >= 7",
}
"""By column, when what is compared tells anything."""

_PLAIN = {"address": ADDRESS, "website": HOST, "telephone": TELEPHONE}


def plain(column: str, table: str) -> str:
    """Return as SQL what is compared of a column of a table."""
    return _PLAIN[column].format(f"{table}.{column}")


def telling(column: str, table: str) -> str:
    """Return as SQL what is compared of a column, NULL where it tells nothing."""
    return f"CASE WHEN {TELLS[column].format(plain(column, table))} THEN {plain(column, table)} END"


def _compared(column: str) -> Func:
    template: Any = _PLAIN[column].format("%(expressions)s")
    return Func(F(column), template=template, output_field=CharField())


def likeness_indexes() -> list[Index]:
    """Return the indexes over what is compared."""
    return [
        Index(_compared(column), name=f"organisation_like_{column}", condition=~Q(**{column: ""})) for column in _PLAIN
    ]
