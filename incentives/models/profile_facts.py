"""What of an organisation's profile can answer a question of an application before anybody types."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProfileFact(models.TextChoices):
    """A fact of the profile, its certificates or its yearly figures."""

    NAME_ZH = "name_zh", _("name in Chinese")
    NAME_EN = "name_en", _("name in English")
    CODE = "code", _("unified social credit code, or registration number")
    ADDRESS = "address", _("address")
    WEBSITE = "website", _("website")
    SCOPE = "business_scope", _("business scope")
    DESCRIPTION_EN = "description_en", _("description in English")
    DESCRIPTION_ZH = "description_zh", _("description in Chinese")
    CERTIFICATES = "certificates", _("numbers of the valid certificates")
    FOUNDED = "founded", _("founded")
    STAFF = "staff", _("staff")
    CAPITAL = "registered_capital", _("registered capital (CNY)")
    REVENUE = "revenue", _("revenue of last year (CNY)")
    RD_SPEND = "rd_spend", _("R&D spend of last year (CNY)")


_WORDS = (
    ProfileFact.NAME_ZH,
    ProfileFact.NAME_EN,
    ProfileFact.CODE,
    ProfileFact.ADDRESS,
    ProfileFact.WEBSITE,
    ProfileFact.SCOPE,
    ProfileFact.DESCRIPTION_EN,
    ProfileFact.DESCRIPTION_ZH,
    ProfileFact.CERTIFICATES,
)

FITTING: dict[str, tuple[ProfileFact, ...]] = {
    "text": _WORDS,
    "long": _WORDS,
    "number": (ProfileFact.STAFF,),
    "money": (ProfileFact.CAPITAL, ProfileFact.REVENUE, ProfileFact.RD_SPEND),
    "date": (ProfileFact.FOUNDED,),
}
"""By the kind of a question, the facts that can answer it."""


def fits_its_kind() -> models.Q:
    """Return the condition that a question is filled from nothing, or from a fact that can answer its kind."""
    condition = models.Q(filled_from="")
    for kind, facts in FITTING.items():
        condition |= models.Q(kind=kind, filled_from__in=[fact.value for fact in facts])
    return condition
