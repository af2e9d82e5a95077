"""Edits of profiles: one decided, field by field, and two that wait."""

from firms import profile
from firms.models import Organisation, ProposedEdit
from firms.services.edits import Verdict, moderate_edit, open_edit, propose_edit, shown_state
from portal.models import User

WEBSITE = "https://www.example.com/"
DESCRIPTION_EN = "An example profile: software for the digital works of manufacturers on the waterfront."
DESCRIPTION_ZH = "示例简介：为滨江地区制造企业提供数字化车间软件。"


def load_edits(accounts: dict[str, User], firm: Organisation, university: Organisation) -> None:
    """Propose and decide.

    Args:
        accounts: the demonstration's users by name.
        firm: the company of ``signatory`` and ``editor``.
        university: the one of ``university``.
    """
    decided = _propose(accounts["editor"], firm, website=WEBSITE, staff=str((firm.staff or 0) + 5))
    reason = "请附最近一个月的社会保险缴纳人数证明。Please add proof of the staff insured last month."
    verdicts = {
        value.pk: Verdict(
            accept=value.field == "website", reason=reason, seen=profile.digest(profile.published(firm, value.field))
        )
        for value in decided.values.all()
    }
    moderate_edit(by=accounts["registry"], edit=decided, version=decided.version, verdicts=verdicts)
    _propose(
        accounts["editor"],
        firm,
        description_en=DESCRIPTION_EN,
        description_zh=DESCRIPTION_ZH,
        address="杨浦区示例路1号",
    )
    _propose(accounts["university"], university, website=WEBSITE)


def _propose(by: User, organisation: Organisation, **values: str) -> ProposedEdit:
    organisation.refresh_from_db()
    seen = shown_state(organisation, open_edit(organisation))
    return propose_edit(by=by, organisation=organisation, values=values, seen=seen)
