"""The parameters that each kind of criterion understands."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc

type Check = Callable[[Any], bool]

_MOST = 10**12
MOST_YEARS = 50
"""No award is older than this many years."""


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST


def _words(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(w, str) and 0 < len(w) <= 80 for w in value)  # noqa: PLR2004


def _prefixes(value: Any) -> bool:
    return _words(value) and all(len(w) <= 4 and w.isascii() and w.isalnum() for w in value)  # noqa: PLR2004


def _codes(value: Any) -> bool:
    return _words(value) and all(uscc.is_valid(code) for code in value)


def _some_years(value: Any) -> bool:
    return _whole(value) and 1 <= value <= MOST_YEARS


def _yes_no(value: Any) -> bool:
    return isinstance(value, bool)


_RANGE: dict[str, Check] = {"minimum": _whole, "maximum": _whole}
_ANY_OF: dict[str, Check] = {"any_of": _words}

KINDS: dict[str, dict[str, Check]] = {
    "age": _RANGE,
    "cluster": _ANY_OF,
    "staff": _RANGE,
    "certificate": _ANY_OF,
    "subdistrict": _ANY_OF,
    "industry": {"prefixes": _prefixes},
    "capital": _RANGE,
    "foreign": {"is": _yes_no},
    "rd_intensity": _RANGE,
    "growth": _RANGE,
    "awarded": {"years": _some_years},
    "live_awards": {"maximum": _whole},
    "tax": {"minimum": _whole},
    "firm": {"any_of": _codes},
}
"""For each kind, its parameters and what each may be; a range needs at least one end."""

RESTRICTING: dict[str, str | Promise] = {
    "subdistrict": _("the place of registration"),
    "foreign": _("ownership"),
    "tax": _("the tax paid"),
    "firm": _("a named firm"),
}
"""Kinds that favour certain firms, and by what: staff are warned, and publishing needs the exception's legal basis.

Source: Regulations on Fair Competition Review (公平竞争审查条例, State Council Order No. 783, in force since
1 August 2024), article 10 on what must not be given to certain operators, article 12 on the exceptions.
"""


def check_parameters(kind: str, parameters: Any) -> None:
    """Refuse parameters that a kind of criterion does not understand.

    Raises:
        ValidationError: with the message under ``parameters``.
    """
    known = KINDS.get(kind)
    if known is None:
        raise ValidationError({"kind": _("This kind of criterion is unknown.")})
    names = ", ".join(known)
    if not isinstance(parameters, dict) or not parameters or parameters.keys() - known.keys():
        raise ValidationError({"parameters": _("Give these parameters and no other: %(names)s.") % {"names": names}})
    if any(not known[name](value) for name, value in parameters.items()):
        raise ValidationError({"parameters": _("A value is not of the right type for: %(names)s.") % {"names": names}})
    if parameters.get("minimum", 0) > parameters.get("maximum", _MOST):
        raise ValidationError({"parameters": _("The minimum is above the maximum.")})
