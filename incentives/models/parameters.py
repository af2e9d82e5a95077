"""The parameters that each kind of criterion understands."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

type Check = Callable[[Any], bool]

_MOST = 10**12


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST


def _words(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(w, str) and 0 < len(w) <= 80 for w in value)  # noqa: PLR2004


def _prefixes(value: Any) -> bool:
    return _words(value) and all(len(w) <= 4 and w.isascii() and w.isalnum() for w in value)  # noqa: PLR2004


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
}
"""For each kind, its parameters and what each may be; a range needs at least one end."""

RESTRICTING = frozenset({"subdistrict", "foreign"})
"""Kinds about the place of registration or ownership: they need the exception's legal basis."""


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
