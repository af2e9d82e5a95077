"""A company that is moving in: verified, and not registered in Yangpu yet."""

from firms.lifecycle import ORGANISATION
from firms.models import Organisation, Verification
from firms.registry.normalising import today_in_shanghai
from firms.services.organisations import register_organisation
from portal.models import User


def load_verified(accounts: dict[str, User]) -> None:
    """Register an invented company and verify it.

    Args:
        accounts: the demonstration's users by name; ``investor`` registers, ``registry`` verifies.
    """
    company = register_organisation(
        by=accounts["investor"],
        organisation=Organisation(
            name_en="Demonstration Sensors Ltd",
            name_zh="示例传感器有限公司",
            country="GB",
            foreign_number="00000000",
            industry_code="3983",
            description_en="An invented company that waits for its registration in Yangpu.",
            description_zh="虚构企业，待在杨浦区注册。",
        ),
    )
    ORGANISATION.apply(
        company,
        "verify",
        by=accounts["registry"],
        basis=Verification.Basis.FOREIGN_REGISTER,
        reference="示例编号 Demonstration 0001",
        checked_on=today_in_shanghai(),
    )
