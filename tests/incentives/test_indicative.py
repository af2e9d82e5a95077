"""The indicative amount: its arithmetic, where it is shown, and who may apply in doubt."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from firms.models import Organisation
from incentives.indicative import indicate
from incentives.lifecycle import APPLICATION
from tests.incentives import make
from tests.incentives.stories import Story

CONTENT = {"matching_rate": "50.00", "cap_award": "1000000.00", "cap_firm": "1500000.00"}


@pytest.mark.parametrize(
    ("costs", "held", "left", "amount", "decides"),
    [
        ("900000", "0", "9000000", "450000", ["Share of the eligible costs"]),
        ("3000000", "0", "9000000", "1000000", ["Most per award"]),
        ("3000000", "900000", "9000000", "600000", ["Most per firm over all its live awards"]),
        ("3000000", "1600000", "9000000", "0", ["Most per firm over all its live awards"]),
        ("3000000", "0", "1200.50", "1200.50", ["Left of the budget of the round"]),
        ("2000000", "500000", "1000000", "1000000", 4),
        (None, "0", "9000000", "1000000", ["Most per award"]),
        (None, "0", None, "0", ["Left of the budget of the round"]),
        ("0.01", "0", "9000000", "0", ["Share of the eligible costs"]),  # half a fen is none
    ],
)
def test_amount_is_the_least_of_its_limits(costs: Any, held: str, left: Any, amount: str, decides: Any) -> None:
    found = indicate(
        CONTENT,
        costs=Decimal(costs) if costs else None,
        held=Decimal(held),
        left=Decimal(left) if left else None,
    )

    assert found.amount == Decimal(amount)
    deciding = [str(line.title) for line in found.lines if line.decides]
    assert (len(deciding) if isinstance(decides, int) else deciding) == decides
    assert found.costs_known == (costs is not None)


def test_arithmetic_is_written_out() -> None:
    found = indicate(CONTENT, costs=Decimal(900_000), held=Decimal(100_000), left=Decimal(5))

    assert [(str(line.working), line.amount) for line in found.lines] == [
        ("CNY 900,000 × 50%", Decimal("450000.00")),
        ("", Decimal("1000000.00")),
        ("CNY 1.5 million − CNY 100,000 of live awards", Decimal("1400000.00")),
        ("", Decimal(5)),
    ]


def test_public_check_says_what_could_come_of_it_and_saves_nothing(
    client: Client, db: None, django_assert_max_num_queries: Any
) -> None:
    make.cluster()
    opened = make.round_of(make.programme(cap_award=Decimal(800_000)))
    answers = {"age": "2020-05-01", "staff": "20", "cluster": "ai", "standing": "listed", "costs": "1,000,000"}

    with django_assert_max_num_queries(12):
        page = client.post("/en/incentives/check/", answers)
    moving = client.post("/en/incentives/check/", answers | {"standing": "incoming"}).content.decode()

    text = page.content.decode()
    assert "Indicative amount: CNY 500,000" in text
    assert "CNY 1 million × 50%" in text
    assert "not a promise" in text
    assert page.context["entries"][0].programme == opened.programme
    assert "This programme is open to listed organisations only." in moving
    assert "Indicative amount" not in moving
    assert not page.cookies
    assert client.post("/en/incentives/check/", {"costs": "1e9"}).context["form"].errors.keys() == {"costs"}


def test_check_of_a_member_names_live_awards_and_takes_costs(db: None) -> None:
    story = Story(cap_firm=Decimal(600_000), cap_award=Decimal(550_000)).fill().submit().accept().review().recommend()
    story.approve()
    client = Client()
    client.force_login(story.signatory)

    data = {"organisation": story.firm.slug, "costs": "900000"}
    page = client.post("/en/incentives/check/", data).content.decode()

    assert "CNY 600,000 − CNY 500,000 of live awards" in page
    assert "Indicative amount: CNY 100,000" in page
    assert 'name="age"' not in page


def test_draft_and_review_screen_show_the_arithmetic(db: None, settings: Any) -> None:
    settings.DEMONSTRATION = True
    story = Story().fill()
    client = Client()
    client.force_login(story.signatory)
    draft = client.get(story.application.get_absolute_url()).content.decode()
    story.submit()
    client.force_login(story.screener)
    review = client.get(f"/admin/incentives/application/{story.application.pk}/change/").content.decode()

    assert "CNY 9 million × 50%" in draft
    assert "CNY 9 million × 50%" in review


# --- In doubt ---------------------------------------------------------------------------


def reasons(story: Story) -> list[str]:
    door = next(d for d in APPLICATION.allowed(story.signatory, story.application) if d.step.name == "submit")
    return [str(reason) for reason in door.reasons]


@pytest.mark.parametrize(("open_to_borderline", "closed"), [(True, []), (False, ["staff"])])
def test_borderline_firms_apply_where_the_programme_says_so(
    db: None, settings: Any, open_to_borderline: bool, closed: list[str]
) -> None:
    settings.DEMONSTRATION = True
    story = Story(open_to_borderline=open_to_borderline).fill()
    Organisation.objects.filter(pk=story.firm.pk).update(staff=None)
    story.firm.certificates.update(level="innovative")
    story.application.organisation.refresh_from_db()
    sentence = "This programme takes no borderline cases, and a required criterion is not known: “{}”"

    assert reasons(story) == [sentence.format(title) for title in closed]
    if closed:
        return
    story.submit()
    client = Client()
    client.force_login(story.screener)
    page = client.get(f"/admin/incentives/application/{story.application.pk}/change/")
    assert [(str(words), tone) for words, tone in page.context["doubts"]] == [
        ("Borderline, not known: staff", "amber"),
        ("Borderline, preferred and not met: certificate", "grey"),
    ]
