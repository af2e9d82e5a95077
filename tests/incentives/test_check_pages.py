"""The check without an account, and that of a member."""

import pytest
from django.test import Client

from tests.incentives import make
from tests.incentives.stories import Story
from tests.incentives.test_pages import signed_in


@pytest.mark.django_db
def test_check_without_account_answers_from_a_few_questions(client: Client) -> None:
    make.round_of()
    make.cluster()
    answers = {"age": "2020-05-01", "staff": "60", "cluster": "ai", "certificate": "hnte"}

    html = client.post("/en/incentives/check/", answers).content.decode()

    assert html.count("tag--green") == 4
    assert "All required criteria are met." in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    "answers",
    [
        {"age": "9999-12-31"},
        {"age": "0001-01-01"},
        {"age": "x"},
        {"staff": "１２"},
        {"staff": "1_0"},
        {"staff": "-1"},
        {"staff": "9" * 30},
        {"cluster": "nothing"},
        {"certificate": "x"},
    ],
)
def test_check_refuses_answers_that_are_none(client: Client, answers: dict[str, str]) -> None:
    make.round_of()

    answer = client.post("/en/incentives/check/", answers)

    assert (answer.status_code, "error-summary" in answer.content.decode()) == (422, True)


@pytest.mark.django_db
@pytest.mark.parametrize("tail", ["", "check of one"])
def test_answers_of_the_check_stand_in_no_address_and_in_no_cache(tail: str) -> None:
    slug = make.round_of().programme.slug
    address = f"/en/incentives/{slug}/check/" if tail else "/en/incentives/check/"
    client = Client(enforce_csrf_checks=True)

    empty = client.get(address, {"staff": "60"})
    answered = client.post(address, {"staff": "60"})

    assert f'<form method="post" action="{address}"' in empty.text
    assert (empty.context["form"].is_bound, "csrfmiddlewaretoken" in empty.text, empty.cookies) == (False, False, {})
    assert "Cache-Control" not in empty.headers
    assert (answered.status_code, answered.context["form"].is_bound, answered.cookies) == (200, True, {})
    assert "no-store" in answered.headers["Cache-Control"]
    assert client.put(address).status_code == 405


@pytest.mark.django_db
def test_check_of_a_member_is_filled_from_the_profile() -> None:
    story = Story()

    html = signed_in(story.signatory).get("/en/incentives/check/").content.decode()

    assert html.count("tag--green") == 4
    assert "registry" in html
