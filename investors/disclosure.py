"""Why a tier is closed to an interested side, in words: what PostgreSQL asks at each opening, told beforehand."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from investors.export_gate import MAINLAND, WORDS, Reason, gate
from investors.models import Interest
from investors.models.dataroom import Tier
from investors.models.dataroom_triggers import OFFERED, SHUT
from investors.models.facts import Kind
from portal.models import User

type Text = str | Promise


def counterparty_country(interest: Interest, reader: User | None = None) -> str:
    """Return where the interested side counts as being: abroad as soon as anything that is said of it is.

    The interest says it, the organisation, and the investor profiles of who is interested and of who reads.

    Args:
        interest: with its organisation, where it has one.
        reader: who of that side would read; None for the side as such.
    """
    profiles = (getattr(person, "investor_profile", None) for person in (interest.person, reader))
    countries = [str(one.country) for one in (interest, interest.organisation, *profiles) if one]
    return next((country for country in countries if country != MAINLAND), MAINLAND)


def export_reasons(interest: Interest, reader: User | None = None) -> list[Reason]:
    """Return why the owner's export declaration keeps what is confidential closed to this side, and to its reader."""
    return gate(interest.opportunity, counterparty_country(interest, reader))


def closed(interest: Interest, tier: str, reader: User | None = None) -> list[Text]:
    """Return why a tier is closed to the interested side now; nothing means that it is open.

    Args:
        interest: with its opportunity, the owner of that, and its organisation.
        tier: one of ``Tier``.
        reader: who of that side would read; None for the side as such.
    """
    opportunity = interest.opportunity
    if interest.status in {Interest.Status.DECLINED, Interest.Status.WITHDRAWN}:
        return [_("This expression of interest has ended.")]
    found = export_reasons(interest, reader)
    if opportunity.status not in OFFERED or opportunity.owner.status in SHUT:
        prohibited = [WORDS[Reason.PROHIBITED]] if Reason.PROHIBITED in found else []
        return [*prohibited, _("This opportunity is not offered at present.")]
    reasons: list[Text] = [WORDS[reason] for reason in found]
    if not interest.is_disclosed:
        reasons.append(_("Both sides have yet to accept the confidentiality agreement."))
    elif interest.access_revoked_at:
        reasons.append(_("The owner has revoked the access."))
    elif tier == Tier.ROOM and not interest.room_opened_at:
        reasons.append(_("The owner has not opened the data room to you yet."))
    return reasons


def closed_to_files(interest: Interest, reader: User | None = None) -> list[Text]:
    """Return why the owner may send no file about a technology: it passes where the confidential tier is open.

    Args:
        interest: with its opportunity, the owner of that, and its organisation.
        reader: who of the interested side would read; None for the side as such.
    """
    return closed(interest, Tier.CONFIDENTIAL, reader) if interest.opportunity.kind == Kind.OFFER else []
