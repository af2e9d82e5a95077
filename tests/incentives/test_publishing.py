"""Programmes reach the public in two people's hands: one proposes what stands there, another publishes just that."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from incentives import services
from incentives.lifecycle import PUBLICATION
from incentives.models import Criterion, Programme, Publication
from incentives.publishing import as_it_stands, differences
from portal.lifecycle import StepClosed
from portal.models import Notice, User
from portal.roles import Role
from tests.editing import save
from tests.incentives import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _second_factor_is_not_the_subject(settings: Any) -> None:
    settings.DEMONSTRATION = True


@pytest.fixture
def manager() -> User:
    return make.person("wei", Role.MANAGER)


@pytest.fixture
def head() -> User:
    return make.person("lin", Role.HEAD)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def programme_data(made: Programme, **changes: Any) -> dict[str, Any]:
    data: dict[str, Any] = {
        name: str(value)
        for name in (
            "slug",
            "instrument",
            "title_en",
            "title_zh",
            "summary_en",
            "summary_zh",
            "text_en",
            "text_zh",
            "cap_award",
            "cap_firm",
            "matching_rate",
            "four_eyes_threshold",
            "reviewers_needed",
            "notice_days",
            "offer_days",
            "appeal_days",
            "contact",
            "telephone",
            "legal_basis",
            "fair_competition_reference",
            "exception_basis",
        )
        if (value := getattr(made, name)) is not None
    }
    data["fair_competition_date"] = "2026-01-05"
    for prefix in ("criteria", "sections", "wanted_documents", "rubric", "tranches", "rounds"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return data | changes


def press(user: User, made: Programme, button: str, **changes: str) -> Any:
    """Save a programme by one of the buttons below its form."""
    client = signed_in(user)
    (name,) = re.findall(rf'name="([a-z_]*{button})"', client.get(page(made)).text)
    return save(client, page(made), programme_data(made, **changes, **{name: "1"}))


def page(made: Programme) -> str:
    return reverse("admin:incentives_programme_change", args=[made.pk])


def test_programme_proposed_by_one_is_published_by_another(manager: User, head: User) -> None:
    made = make.programme()

    publication = services.propose_publication(programme=made, by=manager)
    services.publish_programme(publication=publication, by=head)

    made.refresh_from_db()
    version = made.versions.get()
    publication.refresh_from_db()
    assert (made.status, version.number, version.published_by) == ("published", 1, head)
    assert (publication.status, publication.version, publication.decided_by) == ("published", version, head)
    assert sorted(Notice.objects.filter(channel="in_app").values_list("kind", "recipient__name")) == [
        ("incentives.programme_published", "wei"),
        ("incentives.to_publish", "lin"),
    ]


@pytest.mark.parametrize(
    ("role", "step", "allowed"),
    [
        (Role.MANAGER, "publish", True),
        (Role.APPROVER, "publish", True),
        (Role.HEAD, "publish", True),
        (Role.HEAD, "refuse", True),
        (Role.SCREENING, "publish", False),
        (Role.REVIEWER, "publish", False),
        (Role.FINANCE, "publish", False),
        (Role.AUDITOR, "publish", False),
        (Role.ADMINISTRATOR, "publish", False),
        (Role.HEAD, "withdraw", False),
        ("proposer", "publish", False),
        ("proposer", "refuse", False),
        ("proposer", "withdraw", True),
    ],
)
def test_publication_is_decided_by_these(manager: User, role: Any, step: str, allowed: bool) -> None:
    publication = services.propose_publication(programme=make.programme(), by=manager)
    user = manager if role == "proposer" else make.person("other", role)

    assert PUBLICATION.can(user, step, publication) == allowed


def test_programme_changed_since_it_was_proposed_is_not_published(manager: User, head: User) -> None:
    made = make.programme()
    publication = services.propose_publication(programme=made, by=manager)
    Criterion.objects.filter(programme=made, kind="staff").update(parameters={"minimum": 99})

    with pytest.raises(StepClosed, match="changed since it was proposed"):
        services.publish_programme(publication=publication, by=head)

    assert made.versions.count() == 0


def test_same_content_is_not_proposed_twice(manager: User, head: User) -> None:
    made = make.programme()
    first = services.propose_publication(programme=made, by=manager)
    with pytest.raises(ValidationError, match="waits for its decision"):
        services.propose_publication(programme=made, by=manager)
    services.publish_programme(publication=first, by=head)
    with pytest.raises(ValidationError, match="Nothing was changed since version 1"):
        services.propose_publication(programme=made, by=manager)

    Programme.objects.filter(pk=made.pk).update(title_en="Other title")
    second = services.publish_programme(publication=services.propose_publication(programme=made, by=manager), by=head)

    assert second.version.number == 2
    assert made.versions.get(number=1).content["title_en"] == made.title_en


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("legal_basis", "", "Give the legal basis."),
        ("fair_competition_reference", "", "Give the reference and date of the fair-competition review."),
        ("fair_competition_date", None, "Give the reference and date of the fair-competition review."),
    ],
)
def test_programme_without_its_basis_is_not_proposed(manager: User, field: str, value: Any, reason: str) -> None:
    made = make.programme(**{field: value})

    with pytest.raises(ValidationError) as missing:
        services.propose_publication(programme=made, by=manager)

    assert missing.value.messages == [reason]


def test_criterion_about_place_needs_the_basis_of_its_exception(manager: User) -> None:
    made = make.programme()
    place = {"kind": "subdistrict", "parameters": {"any_of": ["daqiao"]}, "title_en": "Place", "title_zh": "注册地"}
    Criterion.objects.create(programme=made, **place)

    with pytest.raises(ValidationError, match="legal basis of the exception"):
        services.propose_publication(programme=made, by=manager)

    Programme.objects.filter(pk=made.pk).update(exception_basis="示例依据")
    assert services.propose_publication(programme=made, by=manager).status == "proposed"


def test_refused_publication_tells_why_and_can_be_proposed_again(manager: User, head: User) -> None:
    made = make.programme()
    publication = services.propose_publication(programme=made, by=manager)
    with pytest.raises(StepClosed, match="Give the reasons"):
        PUBLICATION.apply(publication, "refuse", by=head)

    PUBLICATION.apply(publication, "refuse", by=head, reason="The cap is too high")

    notice = Notice.objects.get(kind="incentives.publication_refused", channel="in_app")
    assert (notice.recipient, notice.context["reason"]) == (manager, "The cap is too high")
    assert services.propose_publication(programme=made, by=manager).status == "proposed"


# --- What the database keeps -------------------------------------------------------------


def _refuses(statement: str, *values: Any) -> None:
    def run() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(DatabaseError):
        run()


def test_version_without_two_people_is_refused_by_the_database(manager: User, head: User) -> None:
    made = make.programme()
    publication = services.propose_publication(programme=made, by=manager)

    def attempt(by: User, decided_by: User | None, sha256: str = "") -> None:
        with transaction.atomic():
            version = as_it_stands(made)
            version.published_by = by
            version.sha256 = sha256 or version.sha256
            version.save()
            if decided_by:
                Publication.objects.filter(pk=publication.pk).update(
                    status="published", decided_by=decided_by, decided_at=publication.proposed_at, version=version
                )
            connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")

    for by, decided_by, sha256 in [
        (manager, manager, ""),
        (manager, head, ""),
        (head, None, ""),
        (head, head, "0" * 64),
    ]:
        with pytest.raises(DatabaseError):
            attempt(by, decided_by, sha256)
    attempt(head, head)

    assert made.versions.get().published_by == head


def test_publication_is_not_rewritten(manager: User, head: User) -> None:
    publication = services.propose_publication(programme=make.programme(), by=manager)
    _refuses("UPDATE incentives_publication SET proposed_by_id = %s", head.pk)
    _refuses("UPDATE incentives_publication SET sha256 = 'x'")
    _refuses("UPDATE incentives_publication SET status = 'published'")
    _refuses("DELETE FROM incentives_publication")
    services.publish_programme(publication=publication, by=head)
    _refuses("UPDATE incentives_publication SET status = 'proposed'")
    _refuses("UPDATE incentives_publication SET decided_by_id = %s", manager.pk)
    _refuses("UPDATE incentives_programmeversion SET content = '{}'")


# --- In the workplace ----------------------------------------------------------------------


def test_programme_is_proposed_and_published_in_the_workplace(manager: User, head: User) -> None:
    made = make.programme()
    assert "The public does not see this programme yet." in signed_in(manager).get(page(made)).text

    press(manager, made, "propose", title_en="New title")
    publication = Publication.objects.get()
    screen = reverse("admin:incentives_publication_change", args=[publication.pk])
    url = reverse("admin:incentives_publication_step", args=[publication.pk, "publish"])
    shown = signed_in(head).get(screen)
    refused = signed_in(manager).post(url)
    signed_in(head).post(url)

    assert shown.text.index("<ins>New title</ins>") < shown.text.index(url)  # read before deciding
    assert ("/preview/" in shown.text, refused.status_code) == (True, 403)
    assert made.versions.get().content["title_en"] == "New title"
    assert "The public sees version 1" in signed_in(manager).get(page(made)).text


def test_what_is_missing_stands_on_the_page_and_proposes_nothing(manager: User) -> None:
    made = make.programme(legal_basis="")

    answer = press(manager, made, "propose")

    assert answer.status_code == 302
    assert Publication.objects.count() == 0
    assert "Give the legal basis." in signed_in(manager).get(page(made)).text


def test_differences_name_what_would_change(manager: User, head: User) -> None:
    made = make.programme()
    make.publish(made)
    assert differences(made) == []

    Programme.objects.filter(pk=made.pk).update(cap_award=Decimal(1_000_000))
    Criterion.objects.filter(programme=made, kind="staff").delete()

    changed = {place: (before, after) for place, before, after in differences(made)}
    assert changed["most per award (CNY)"] == ("15000000.00", "1000000.00")
    assert {after for place, (_before, after) in changed.items() if place.startswith("criteria")} == {""}


def test_lines_that_a_browser_ends_otherwise_are_no_difference(manager: User) -> None:
    made = make.programme(legal_basis="One\nTwo")
    make.publish(made)

    Programme.objects.filter(pk=made.pk).update(legal_basis="One\r\nTwo")

    assert differences(made) == []


def test_copied_programme_is_a_draft_of_its_own(manager: User) -> None:
    made = make.programme()
    make.round_of(made)

    press(manager, made, "copy")

    copy = Programme.objects.get(slug=f"{made.slug}-2")
    assert (copy.status, copy.fair_competition_reference, copy.rounds.count(), copy.versions.count()) == (
        "draft",
        "",
        0,
        0,
    )
    want, have = as_it_stands(made).content, as_it_stands(copy).content
    assert [name for name in want if want[name] != have[name]] == ["criteria"]  # each has keys of its own
    for criteria in (want["criteria"], have["criteria"]):
        for criterion in criteria:
            del criterion["key"]
    assert want["criteria"] == have["criteria"]
    assert services.copy_programme(programme=made).slug == f"{made.slug}-3"


def test_preview_is_for_staff_and_shows_the_form(manager: User) -> None:
    made = make.programme(legal_basis="")
    url = reverse("incentives:preview", args=[made.slug])

    shown = signed_in(manager).get(url)

    assert (shown.status_code, Client().get(url).status_code) == (200, 302)
    assert signed_in(make.person("applicant")).get(url).status_code == 404
    for text in ("What is the aim?", "Give the legal basis.", "Amount requested (CNY)"):
        assert text in shown.text
