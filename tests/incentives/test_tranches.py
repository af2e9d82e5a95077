"""The tranche plan: it adds up, it is published with the programme, and the database keeps both."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from incentives import services
from incentives.models import PlannedTranche, Programme
from incentives.publishing import as_it_stands, what_is_forgotten, what_is_missing
from incentives.services.copying import copy_programme
from portal.roles import Role
from tests.incentives import make

pytestmark = pytest.mark.django_db


def missing(made: Programme) -> list[str]:
    return [str(text) for text in what_is_missing(made)]


def test_programme_needs_a_plan_that_adds_up() -> None:
    made = make.programme()
    assert missing(made) == []

    made.tranches.filter(position=1).update(share=30)
    assert missing(made) == ["The shares of the tranche plan add up to 80, not to 100."]
    made.tranches.all().delete()
    assert missing(made) == ["Write the tranche plan: at least one instalment."]


def test_rubric_needs_weights_that_add_up() -> None:
    made = make.programme()
    made.rubric.filter(slug="quality").update(weight=40)
    assert missing(made) == ["The weights of the rubric add up to 80, not to 100."]
    made.rubric.all().delete()
    assert missing(made) == ["Write the rubric by which reviewers score."]
    made.reviewers_needed = 0
    assert missing(made) == []


def test_texts_in_one_language_and_other_gaps_are_named() -> None:
    made = make.programme(text_en="Money", contact="", cap_firm=1)
    made.criteria.filter(kind="age").update(evidence_zh="营业执照")
    made.tranches.filter(position=0).update(evidence_en="Contract")
    made.criteria.filter(kind="staff").update(title_en="")

    assert missing(made)[:2] == [
        "Give a contact or a telephone number.",
        "One award may be higher than all awards of a firm together: correct the caps.",
    ]
    assert [text.partition(" lacks a text: ")[2] for text in missing(made)[2:]] == [
        "what it gives, in Chinese.",
        "evidence in English.",
        "criterion in English.",
        "evidence in Chinese.",
    ]


def test_what_is_forgotten_stops_nothing() -> None:
    made = make.programme()
    made.criteria.all().delete()
    made.sections.all().delete()

    assert [str(text) for text in what_is_forgotten(made)] == [
        "There is no criterion: every firm could apply.",
        "The application form asks no question.",
        "There is no round: nobody could apply.",
    ]
    make.round_of(made, budget=None)
    assert [str(text) for text in what_is_forgotten(made)][2:] == [
        "The round “First round” has no money allocated to it yet."
    ]


@pytest.mark.parametrize("change", [{"share": 0}, {"share": 101}, {"milestone_zh": ""}])
def test_wrong_tranche_is_refused_by_the_database(change: dict[str, Any]) -> None:
    tranche = make.programme().tranches.all()[0]

    with pytest.raises(IntegrityError), transaction.atomic():
        PlannedTranche.objects.filter(pk=tranche.pk).update(**change)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content["tranches"].pop(),
        lambda content: content["tranches"].clear(),
        lambda content: content.pop("tranches"),
        lambda content: content["tranches"][0].pop("share"),
        lambda content: content["rubric"].pop(),
        lambda content: content["rubric"][0].update(weight=61),
    ],
)
def test_version_that_does_not_add_up_is_refused_by_the_database(spoil: Any) -> None:
    version = as_it_stands(make.programme())
    spoil(version.content)

    def publish_so() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            # the other rule of a version, that two people publish it, is not the subject
            cursor.execute("SET CONSTRAINTS pgtrigger_proposed_and_published_d2c64 DEFERRED")
            version.save()
            cursor.execute(f"SET CONSTRAINTS {_adds_up()} IMMEDIATE")

    with pytest.raises(IntegrityError, match="do not add up to 100"):
        publish_so()


def _adds_up() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_adds_up%'")
        return str(cursor.fetchone()[0])


def test_version_and_copy_keep_the_plan() -> None:
    made = make.programme()
    tranche = {
        "share": 50,
        "milestone_en": "Contract signed",
        "milestone_zh": "签订合同",
        "evidence_en": "",
        "evidence_zh": "",
    }

    assert as_it_stands(made).content["tranches"][0] == tranche
    assert copy_programme(programme=made).tranches.count() == 2


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "the first instalment also waits for its registration"), ("zh-hans", "拟迁入企业的首期拨付")],
)
def test_public_page_tells_the_plan(client: Client, language: str, sentence: str) -> None:
    made = make.programme(open_to_incoming=True)
    make.publish(made)

    page = client.get(f"/{language}/incentives/{made.slug}/").text

    assert page.count('class="numbers">50%</th>') == 2
    assert [word for word in ("Contract signed", "签订合同") if word in page] == [
        "Contract signed" if language == "en" else "签订合同"
    ]
    assert sentence in page


def test_page_of_the_programme_shows_what_rows_add_up_to(settings: Any) -> None:
    settings.DEMONSTRATION = True
    made = make.programme()
    made.rubric.filter(slug="quality").update(weight=10)
    client = Client()
    client.force_login(make.person("m", Role.MANAGER))

    page = client.get(reverse("admin:incentives_programme_change", args=[made.pk])).text

    assert (page.count("Together 50%"), page.count("Together 100%")) == (1, 1)


def test_address_of_another_page_is_no_address_of_a_programme() -> None:
    for slug in ("check", "calendar"):
        with pytest.raises(IntegrityError), transaction.atomic():
            make.programme(slug=slug)


def test_changed_plan_makes_the_next_version() -> None:
    made = make.programme()
    make.publish(made)
    made.tranches.update(milestone_en="Something else")

    publication = services.propose_publication(programme=made, by=make.person(role=Role.MANAGER))

    services.publish_programme(publication=publication, by=make.person(role=Role.HEAD))
    assert [version.content["tranches"][0]["milestone_en"] for version in made.versions.all()] == [
        "Something else",
        "Contract signed",
    ]
