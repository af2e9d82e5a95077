"""People and organisations that tests of firms share."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group

from firms.models import Membership, Organisation
from firms.services.organisations import save_organisation
from portal.models import User
from portal.roles import Role

type MakeFirm = Callable[..., Organisation]
type MakeUser = Callable[..., User]


@pytest.fixture
def make_firm(db: None) -> MakeFirm:
    """Return a function that saves a listed firm."""

    def make(name_zh: str = "上海示例软件有限公司", **fields: object) -> Organisation:
        values: dict[str, object] = {"status": "listed", "source": "test", "industry_code": "6513"}
        organisation = Organisation(name_zh=name_zh, **(values | fields))
        save_organisation(organisation=organisation)
        return organisation

    return make


@pytest.fixture
def make_user(db: None) -> MakeUser:
    """Return a function that saves a user, with staff roles or as a member of an organisation."""

    def make(name: str, *roles: Role, member_of: Organisation | None = None, role: str = "signatory") -> User:
        user = User.objects.create_user(f"{name}@demo.example", "a long password", name=name, is_staff=bool(roles))
        user.groups.set(Group.objects.filter(name__in=roles))
        if member_of:
            Membership.objects.create(user=user, organisation=member_of, role=role)
        return user

    return make
