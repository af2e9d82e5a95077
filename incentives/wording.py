"""A criterion as a plain sentence, in the language of the reader: for staff who write it, and for the public."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, Protocol

from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firms.models import Certificate, Cluster, Industry, Organisation, Subdistrict
from incentives.facts import Text
from incentives.models.parameters import check_parameters
from portal.local_form import is_chinese, money

type Names = Mapping[str, tuple[str, str]]
"""What clusters, places, industries and firms are called in English and Chinese, by the key that criteria hold."""


class Criterionlike(Protocol):
    """A criterion, or a rule of a published version."""

    kind: Any
    parameters: Any


class Said(NamedTuple):
    """What a criterion says, and the names of what its choice is among; nothing where it is no choice."""

    sentence: Text
    choices: Text


def in_words(criteria: Iterable[Criterionlike]) -> list[Text]:
    """Return what each criterion says: "The firm was founded at most 10 years ago.", 企业成立不超过10年.

    Args:
        criteria: at most one query for each kind of name that they mention.
    """
    return [said.sentence for said in said_of(criteria)]


def said_of(criteria: Iterable[Criterionlike]) -> list[Said]:
    """Return what each criterion says, with the names of its choices; at most one query for each kind of name."""
    pairs = [(str(criterion.kind), criterion.parameters) for criterion in criteria]
    names = _names(pairs)
    return [Said(_said(kind, parameters, names), _chosen(kind, parameters, names)) for kind, parameters in pairs]


# --- Names ------------------------------------------------------------------------------


def _names(pairs: Iterable[tuple[str, Any]]) -> Names:
    keys: dict[str, set[str]] = {}
    for kind, parameters in pairs:
        if isinstance(parameters, dict):
            for listed in (parameters.get("any_of"), parameters.get("prefixes")):
                keys.setdefault(kind, set()).update(map(str, listed if isinstance(listed, list) else []))
    return {key: pair for kind, find in _NAMED.items() if keys.get(kind) for key, pair in find(keys[kind])}


type _Found = Iterable[tuple[str, tuple[str, str]]]


def _of_clusters(slugs: set[str]) -> _Found:
    return ((c.slug, (c.title_en, c.title_zh)) for c in Cluster.objects.filter(slug__in=slugs))


def _of_subdistricts(slugs: set[str]) -> _Found:
    return ((s.slug, (s.name_en, s.name_zh)) for s in Subdistrict.objects.filter(slug__in=slugs))


def _of_industries(codes: set[str]) -> _Found:
    found = Industry.objects.filter(code__in=codes)
    return ((i.code, (f"{i.code} ({i.name_en})", f"{i.code}（{i.name_zh}）")) for i in found)


def _of_firms(codes: set[str]) -> _Found:
    for firm in Organisation.objects.filter(uscc__in=codes):
        english, chinese = firm.name_en or firm.name_zh, firm.name_zh or firm.name_en
        yield firm.uscc or "", (f"{english} ({firm.uscc})", f"{chinese}（{firm.uscc}）")


_NAMED: dict[str, Callable[[set[str]], _Found]] = {
    "cluster": _of_clusters,
    "subdistrict": _of_subdistricts,
    "industry": _of_industries,
    "firm": _of_firms,
}


def _listed(keys: Iterable[str], names: Names) -> str:
    side = 1 if is_chinese() else 0
    return ("、" if side else ", ").join(names[key][side] if key in names else key for key in keys)


# --- One sentence for each kind ---------------------------------------------------------


def _say(kind: str, parameters: Any, names: Names) -> str:
    try:
        check_parameters(kind, {key: value for key, value in parameters.items() if key != "programme"})
    except (ValidationError, AttributeError):
        return _("This criterion is not complete.")
    return _SENTENCES[kind](parameters, names)


_said = lazy(_say, str)


def _choices(kind: str, parameters: Any, names: Names) -> str:
    keys = (parameters.get("any_of") or parameters.get("prefixes") or []) if isinstance(parameters, dict) else []
    if kind == "certificate":
        return _listed(_levels(keys), {})
    return _listed(map(str, keys), names)


_chosen = lazy(_choices, str)


def _levels(keys: Iterable[str]) -> list[str]:
    return [str(dict(Certificate.Level.choices).get(key, key)) for key in keys]


def _age(parameters: Mapping[str, Any], names: Names) -> str:
    least, most = parameters.get("minimum"), parameters.get("maximum")
    if least is not None and most is not None:
        return _("The firm was founded at least %(least)s and at most %(most)s years ago.") % {
            "least": least,
            "most": most,
        }
    if most is not None:
        words = ngettext(
            "The firm was founded at most %(number)s year ago.",
            "The firm was founded at most %(number)s years ago.",
            most,
        )
        return words % {"number": most}
    words = ngettext(
        "The firm was founded at least %(number)s year ago.",
        "The firm was founded at least %(number)s years ago.",
        least or 0,
    )
    return words % {"number": least}


def _range(
    least: Callable[[], str], most: Callable[[], str], both: Callable[[], str], write: Callable[[int], str]
) -> Callable[[Mapping[str, Any], Names], str]:
    """Return what writes a range: a sentence for its lower end, its upper end, or both."""

    def sentence(parameters: Mapping[str, Any], names: Names) -> str:
        ends = {name: write(value) for name, value in parameters.items() if name in {"minimum", "maximum"}}
        words = both if len(ends) > 1 else least if "minimum" in ends else most
        return words() % {"least": ends.get("minimum", ""), "most": ends.get("maximum", "")}

    return sentence


def _any_of(one: Callable[[], str], many: Callable[[], str]) -> Callable[[Mapping[str, Any], Names], str]:
    """Return what writes a choice: a sentence for one, or for one of several."""

    def sentence(parameters: Mapping[str, Any], names: Names) -> str:
        keys = parameters.get("any_of") or parameters.get("prefixes") or []
        return (one if len(keys) == 1 else many)() % {"names": _listed(keys, names)}

    return sentence


def _certificate(parameters: Mapping[str, Any], names: Names) -> str:
    labels = _levels(parameters["any_of"])
    words = _("The firm holds a valid certificate: %(names)s.")
    if len(labels) > 1:
        words = _("The firm holds at least one of these valid certificates: %(names)s.")
    return words % {"names": _listed(labels, {})}


def _foreign(parameters: Mapping[str, Any], names: Names) -> str:
    return _("The firm is foreign-invested.") if parameters["is"] else _("The firm is not foreign-invested.")


def _awarded(parameters: Mapping[str, Any], names: Names) -> str:
    words = ngettext(
        "This programme awarded nothing to the firm in the last %(number)s year.",
        "This programme awarded nothing to the firm in the last %(number)s years.",
        parameters["years"],
    )
    return words % {"number": parameters["years"]}


def _live_awards(parameters: Mapping[str, Any], names: Names) -> str:
    words = _("The live awards of the firm, of all programmes together, are at most %(most)s.")
    return words % {"most": money(parameters["maximum"])}


def _tax(parameters: Mapping[str, Any], names: Names) -> str:
    return _("The firm paid at least %(least)s in tax in the last year.") % {"least": money(parameters["minimum"])}


_SENTENCES: dict[str, Callable[[Mapping[str, Any], Names], str]] = {
    "age": _age,
    "staff": _range(
        lambda: _("The firm has at least %(least)s staff."),
        lambda: _("The firm has at most %(most)s staff."),
        lambda: _("The firm has %(least)s to %(most)s staff."),
        "{:,}".format,
    ),
    "capital": _range(
        lambda: _("The registered capital is at least %(least)s."),
        lambda: _("The registered capital is at most %(most)s."),
        lambda: _("The registered capital is between %(least)s and %(most)s."),
        money,
    ),
    "rd_intensity": _range(
        lambda: _("The R&D spend is at least %(least)s %% of the revenue."),
        lambda: _("The R&D spend is at most %(most)s %% of the revenue."),
        lambda: _("The R&D spend is between %(least)s %% and %(most)s %% of the revenue."),
        str,
    ),
    "growth": _range(
        lambda: _("The revenue grew by at least %(least)s %% over the year before."),
        lambda: _("The revenue grew by at most %(most)s %% over the year before."),
        lambda: _("The revenue grew by %(least)s %% to %(most)s %% over the year before."),
        str,
    ),
    "tax": _tax,
    "live_awards": _live_awards,
    "cluster": _any_of(
        lambda: _("The firm belongs to the cluster %(names)s."),
        lambda: _("The firm belongs to one of these clusters: %(names)s."),
    ),
    "subdistrict": _any_of(
        lambda: _("The firm is registered in the subdistrict %(names)s."),
        lambda: _("The firm is registered in one of these subdistricts: %(names)s."),
    ),
    "industry": _any_of(
        lambda: _("The industry code of the firm begins with %(names)s."),
        lambda: _("The industry code of the firm begins with one of these: %(names)s."),
    ),
    "firm": _any_of(lambda: _("The firm is %(names)s."), lambda: _("The firm is one of these: %(names)s.")),
    "certificate": _certificate,
    "foreign": _foreign,
    "awarded": _awarded,
}
