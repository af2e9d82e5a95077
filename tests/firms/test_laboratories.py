"""Laboratories: who sees them, who writes them, and that they stay with their organisation."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firms.models import Cluster, Laboratory, LaboratoryCluster, Organisation
from firms.services.laboratories import save_laboratory
from portal.lifecycle import NotAllowed
from portal.models import HistoryEntry
from portal.roles import Role
from tests.editing import save
from tests.firms.conftest import MakeFirm, MakeUser
from tests.firms.merging import merge

INLINE = {"-1-TOTAL_FORMS": "0", "-1-INITIAL_FORMS": "0"}
HTML = "</h1><script>alert(1)</script>{{ 7|add:1 }}"


@pytest.fixture
def place(make_firm: MakeFirm, make_user: MakeUser) -> SimpleNamespace:
    """Return a university, its member, an officer, and what makes a laboratory of it."""
    university = make_firm("示例大学甲", name_en="Demonstration University A", kind="university")
    officer = make_user("officer", Role.REGISTRY)

    def make(name_en: str = "Laboratory of Sensors", **fields: Any) -> Laboratory:
        values: dict[str, Any] = {"organisation": university, "source": "test", "is_listed": True}
        laboratory = Laboratory(name_en=name_en, **(values | fields))
        save_laboratory(by=officer, laboratory=laboratory)
        return laboratory

    member = make_user("member", member_of=university)
    return SimpleNamespace(university=university, officer=officer, member=member, make=make)


def client_of(user: Any) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def test_page_of_a_laboratory_says_what_is_known(place: SimpleNamespace) -> None:
    laboratory = place.make(name_zh="示例传感实验室", field_en="Sensor chips", opened=date(2018, 9, 1))
    LaboratoryCluster.objects.create(laboratory=laboratory, cluster=Cluster.objects.all()[0])

    english, chinese = (
        Client().get(f"/{language}/laboratories/{laboratory.slug}/").text for language in ("en", "zh-hans")
    )

    assert laboratory.slug == "laboratory-of-sensors"
    for words in (
        "Sensor chips",
        "1 September 2018",
        "Demonstration University A",
        "?laboratory=laboratory-of-sensors",
    ):
        assert words in english
    assert "示例传感实验室" in chinese
    assert '<span lang="en">Sensor chips</span>' in chinese


def test_two_of_one_name_have_addresses_of_their_own(place: SimpleNamespace) -> None:
    first, second = place.make(), place.make()

    assert second.slug.startswith(f"{first.slug}-")
    assert second.slug != first.slug


@pytest.mark.parametrize(("is_listed", "status"), [(True, "listed"), (False, "listed"), (True, "suspended")])
def test_unlisted_is_for_its_members_and_staff_alone(
    place: SimpleNamespace, make_user: MakeUser, settings: Any, is_listed: bool, status: str
) -> None:
    settings.DEMONSTRATION = True
    laboratory = place.make(is_listed=is_listed)
    Organisation.objects.filter(pk=place.university.pk).update(status=status)
    readers = {"nobody": None, "stranger": make_user("stranger"), "member": place.member, "officer": place.officer}
    url = f"/en/laboratories/{laboratory.slug}/"

    found = {name: client_of(user).get(url).status_code for name, user in readers.items()}

    public = 200 if (is_listed, status) == (True, "listed") else 404
    assert found == {"nobody": public, "stranger": public, "member": 200, "officer": 200}
    listed = list(Client().get("/en/laboratories/").context["page"])
    assert listed == ([laboratory] if public == 200 else [])
    assert set(Laboratory.objects.visible_to(AnonymousUser())) == set(listed)


@pytest.mark.parametrize("number", [1, 3])
def test_list_takes_as_many_queries_for_three_as_for_one(place: SimpleNamespace, number: int) -> None:
    cluster = Cluster.objects.all()[0]
    for name in range(number):
        LaboratoryCluster.objects.create(laboratory=place.make(f"Laboratory {name}"), cluster=cluster)
    Client().get("/en/laboratories/")

    with CaptureQueriesContext(connection) as captured:
        answer = Client().get("/en/laboratories/")

    assert len(answer.context["page"]) == number
    assert len(captured) <= 10


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("cluster=life-and-health", 1),
        ("cluster=green-and-low-carbon", 2),
        ("cluster=%E2%80%AE&page=-1", 2),
        ("cluster=__regex&page=10e30", 2),
        ("cluster=life-and-health&cluster=x&page=9999999999999999999999999999", 2),
    ],
)
def test_list_is_narrowed_by_cluster_and_bears_any_query(place: SimpleNamespace, query: str, number: int) -> None:
    place.make("Other")
    inside = place.make()
    LaboratoryCluster.objects.create(laboratory=inside, cluster=Cluster.objects.get(slug="life-and-health"))

    answer = Client().get(f"/en/laboratories/?{query}")

    assert (answer.status_code, len(answer.context["page"])) == (200, number)


def test_text_of_a_laboratory_is_text(place: SimpleNamespace) -> None:
    laboratory = place.make(HTML, field_en=HTML, description_en=HTML, source=HTML)

    pages = [
        Client().get(f"/en/{path}").text
        for path in (f"laboratories/{laboratory.slug}/", "laboratories/", f"universities/{place.university.slug}/")
    ]

    assert [("<script>alert" in page, "{{ 7|add:1 }}" in page) for page in pages] == [(False, True)] * 3


@pytest.mark.parametrize(
    "values",
    [
        {"name_en": "", "name_zh": ""},
        {"source": ""},
        {"website": "javascript:alert(1)"},
        {"opened": "0001-01-01"},
        {"opened": "9999-12-31"},
    ],
)
def test_impossible_values_are_refused_by_the_database(place: SimpleNamespace, values: dict[str, str]) -> None:
    laboratory = place.make()

    with pytest.raises(DatabaseError), transaction.atomic():
        Laboratory.objects.filter(pk=laboratory.pk).update(**values)


def test_laboratory_leaves_its_organisation_by_a_merge_alone(place: SimpleNamespace, make_firm: MakeFirm) -> None:
    laboratory, other = place.make(), make_firm("示例大学乙", name_en="Demonstration University B", kind="university")
    move = "UPDATE firms_laboratory SET organisation_id = %s WHERE id = %s"

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(move, [other.pk, laboratory.pk])
        with pytest.raises(DatabaseError, match="stays with organisation"):
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
    merge(place.officer, other, place.university)

    laboratory.refresh_from_db()
    assert laboratory.organisation == other
    with pytest.raises(DatabaseError, match="was merged into another"), transaction.atomic():
        Laboratory.objects.create(organisation=place.university, name_en="Late", slug="late", source="test")


def test_changes_are_kept_in_history(place: SimpleNamespace) -> None:
    laboratory = place.make()
    laboratory.field_en = "Something else"
    save_laboratory(by=place.officer, laboratory=laboratory)

    entries = HistoryEntry.objects.filter(subject_table="firms_laboratory", subject_id=str(laboratory.pk))
    assert [(entry.was or {}).get("field_en") for entry in entries.order_by("id")] == [None, ""]


def test_service_and_workplace_are_for_registry_officers_of_others(
    place: SimpleNamespace, make_user: MakeUser, settings: Any
) -> None:
    settings.DEMONSTRATION = True
    laboratory = place.make()
    own = make_user("own", Role.REGISTRY, member_of=place.university)
    people = {
        "officer": place.officer,
        "own": own,
        "auditor": make_user("auditor", Role.AUDITOR),
        "norole": make_user("norole"),
    }
    url = f"/admin/firms/laboratory/{laboratory.pk}/change/"
    form = {"name_en": "Renamed", "source": "test", "is_listed": "on"}

    with pytest.raises(NotAllowed):
        save_laboratory(by=own, laboratory=laboratory)
    reading = {name: client_of(user).get(url).status_code for name, user in people.items()}
    refused = {name: client_of(user).post(url, form).status_code for name, user in people.items() if name != "officer"}
    save(client_of(place.officer), url, {**form, **INLINE})

    assert reading == {"officer": 200, "own": 200, "auditor": 200, "norole": 302}
    assert refused == {"own": 403, "auditor": 403, "norole": 302}
    laboratory.refresh_from_db()
    assert (laboratory.name_en, laboratory.slug) == ("Renamed", "laboratory-of-sensors")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name_en": "", "source": "test"}, "__all__"),
        ({"name_en": "Laboratory", "source": "\u202e"}, "source"),
        ({"name_en": "Lab\x00", "source": "test"}, "name_en"),
        ({"name_en": "Laboratory", "source": "test", "website": "ftp://example.org/"}, "__all__"),
        ({"name_en": "Laboratory", "source": "test", "opened": "9999-12-31"}, "__all__"),
    ],
)
def test_workplace_says_what_is_wrong(
    place: SimpleNamespace, settings: Any, values: dict[str, str], field: str
) -> None:
    settings.DEMONSTRATION = True
    form = {"organisation": place.university.pk, **INLINE, **values}

    answer = client_of(place.officer).post("/admin/firms/laboratory/add/", form)

    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == [field]
    assert not Laboratory.objects.exists()


def test_members_read_their_own_and_propose_by_a_correction(place: SimpleNamespace) -> None:
    place.make("Hidden Laboratory", is_listed=False)

    page = client_of(place.member).get(f"/en/desk/organisation/{place.university.slug}/").text

    for words in (
        "Hidden Laboratory",
        "the public does not see it",
        f"?about={place.university.slug}&amp;topic=correction",
    ):
        assert words in page
