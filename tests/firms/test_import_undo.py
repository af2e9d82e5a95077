"""Undoing an import, while nothing later touched what it wrote."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from firms.models import Certificate, ClusterMembership, Organisation
from portal.models import HistoryEntry, User
from portal.roles import Role
from tests.firms import files
from tests.firms.conftest import MakeUser
from tests.firms.test_import_admin import A, B, C, page, press, registry, signed_in, upload


@pytest.fixture
def officer(make_user: MakeUser, settings: Any) -> User:
    settings.DEMONSTRATION = True
    return make_user("registry", Role.REGISTRY)


@pytest.fixture
def client(officer: User) -> Client:
    return signed_in(officer)


def test_undo_restores_firms_certificates_clusters_and_search(client: Client, officer: User, tmp_path: Path) -> None:
    first = [
        files.row(name=A, 资质="高新技术企业", 经营范围="人工智能"),
        files.row(files.CODES[1], B, 资质="专精特新", 行业代码="2710"),
    ]
    press(client, upload(client, files.text(tmp_path / "a.csv", *first)), "apply")
    kept = Organisation.objects.get(name_zh=B)
    Certificate.objects.create(organisation=kept, level="innovative", authority="市经信委")
    before = registry()
    second = [
        files.row(name="上海新名有限公司", 资质="专精特新", 行业代码="2710", 从业人数="99", 经营范围="生物医药"),
        files.row(files.CODES[1], B, 资质="", 行业代码="6513"),
        files.row(files.CODES[2], C, 资质="高新技术企业"),
    ]

    found = press(client, upload(client, files.text(tmp_path / "b.csv", *second), source="second"), "apply")
    changed = registry()
    found = press(client, found, "undo")

    assert all(changed[name] != before[name] for name in before)
    assert (found.status, registry()) == ("undone", before)
    undone = HistoryEntry.objects.filter(request=f"import-{found.pk}-undo", subject_table="firms_organisation")
    assert sorted(undone.values_list("operation", "actor")) == [
        ("delete", f"user:{officer.pk}"),
        ("update", f"user:{officer.pk}"),
        ("update", f"user:{officer.pk}"),
    ]


@pytest.mark.parametrize("touch", ["firm", "certificate", "membership", "reference", "later import"])
def test_undo_is_refused_when_something_later_touched_its_rows(
    client: Client, make_user: MakeUser, tmp_path: Path, touch: str
) -> None:
    found = press(client, upload(client, files.text(tmp_path / "a.csv", files.row(name=A, 资质="专精特新"))), "apply")
    firm = Organisation.objects.get()
    if touch == "firm":
        Organisation.objects.update(website="https://firm.example/")
    elif touch == "certificate":
        Certificate.objects.update(authority="市经信委")
    elif touch == "membership":
        ClusterMembership.objects.update(rule=None)
    elif touch == "reference":
        make_user("member", member_of=firm)
    else:
        press(client, upload(client, files.text(tmp_path / "b.csv", files.row(name=A, 从业人数="99"))), "apply")
    before = registry()

    text = client.get(page(found, "step", "undo")).text
    kept = press(client, found, "undo")

    assert A in text or firm.title in text
    assert "<form method" not in text.split("<main")[1]
    assert (kept.status, kept.problem != [], registry()) == ("applied", True, before)


def test_later_import_that_changed_other_rows_alone_does_not_stand_in_the_way(client: Client, tmp_path: Path) -> None:
    found = press(client, upload(client, files.text(tmp_path / "a.csv", files.row(name=A))), "apply")
    later = files.text(tmp_path / "b.csv", files.row(name=A), files.row(files.CODES[1], B))
    press(client, upload(client, later), "apply")

    assert press(client, found, "undo").status == "undone"
    assert Organisation.objects.get().name_zh == B
