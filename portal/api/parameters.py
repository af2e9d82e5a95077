"""Reading the query strings of the API: what makes no sense is refused, never passed over."""

import re
from collections.abc import Collection

from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.api.problems import Refused

_MOST_VALUES = 30
_NUMBER = re.compile(r"[0-9]{1,9}")
_SHOWN = 40


def check(query: QueryDict, *, single: Collection[str], several: Collection[str] = ()) -> None:
    """Refuse parameters that an address does not have, and more values than one takes.

    Args:
        query: the query string.
        single: the parameters that may stand once.
        several: those that may stand as often as wanted (up to 30 times).
    """
    known = [*single, *several]
    for name, values in query.lists():
        words = {"name": name[:_SHOWN], "known": ", ".join(known), "most": _MOST_VALUES}
        if name not in known:
            raise Refused(
                _("There is no parameter “%(name)s” here. There are: %(known)s.") % words
                if known
                else _("This address takes no parameters.")
            )
        if name in single and len(values) > 1:
            raise Refused(_("Give “%(name)s” once.") % words)
        if len(values) > _MOST_VALUES:
            raise Refused(_("Give “%(name)s” at most %(most)s times.") % words)


def whole_number(query: QueryDict, name: str, *, default: int, least: int, most: int) -> int:
    """Return a parameter as a number between two bounds."""
    typed = query.get(name)
    if typed is None:
        return default
    if not _NUMBER.fullmatch(typed) or not least <= int(typed) <= most:
        words = {"name": name, "least": least, "most": most}
        raise Refused(_("“%(name)s” must be a whole number from %(least)s to %(most)s.") % words)
    return int(typed)
