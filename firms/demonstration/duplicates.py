"""A firm that somebody registered a second time, and the pairs that a search finds."""

from django.db.models.functions import Now

from firms.models import DuplicateSearch, Organisation
from firms.search.lexemes import core_zh
from firms.services.duplicates import ask_for_search, search
from firms.services.organisations import register_organisation
from portal.models import User


def load_duplicates(accounts: dict[str, User], firm: Organisation) -> None:
    """Register a listed firm again under its name in another form, and look for duplicates.

    Args:
        accounts: the demonstration's users by name; ``investor`` registers.
        firm: the listed one.
    """
    register_organisation(
        by=accounts["investor"],
        organisation=Organisation(
            name_zh=f"{core_zh(firm.name_zh)}（上海）有限公司",
            address=firm.address,
            description_en="An invented company, registered a second time by somebody who did not find it.",
            description_zh="虚构企业，因未查到已有记录而重复登记。",
        ),
    )
    ask_for_search(at_once=True)
    wish = DuplicateSearch.objects.open().get()
    search(wish)
    DuplicateSearch.objects.filter(pk=wish.pk).update(done_at=Now())
