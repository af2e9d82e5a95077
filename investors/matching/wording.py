"""Values in words, written when they are read: amounts and their ranges, numbers, days, lists of names."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from investors.matching.verdicts import Text
from portal.local_form import day, is_chinese, money

lazy_money = lazy(money, str)
lazy_day = lazy(day, str)


def _range(least: Decimal | None, most: Decimal | None) -> str:
    if least is not None and most is not None and least != most:
        return _("%(least)s to %(most)s") % {"least": money(least), "most": money(most)}
    if least is not None and most is not None:
        return money(least)
    if least is not None:
        return _("at least %(least)s") % {"least": money(least)}
    return _("at most %(most)s") % {"most": money(most)}


money_range = lazy(_range, str)


def _listed(names: Iterable[Text]) -> str:
    return ("、" if is_chinese() else ", ").join(str(name) for name in names)


listed = lazy(_listed, str)


def choice(choices: type[TextChoices], value: str) -> Text:
    """Return what one of several choices is called."""
    return choices(value).label if value in choices.values else value


def labels(choices: type[TextChoices], values: Iterable[str]) -> Text:
    """Return what several choices are called, in their usual order."""
    wanted = set(values)
    return listed(tuple(choices(value).label for value in choices.values if value in wanted))


def _number(value: Decimal | int) -> str:
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


number = lazy(_number, str)
