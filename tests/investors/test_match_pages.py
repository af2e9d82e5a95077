"""Pages of profiles and matches: what people type, what each side sees, and that nobody else sees a byte."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from firms.models import Cluster, Membership, Organisation
from investors.models import InvestorProfile, Match, MatchNews, MatchWish, Opportunity, PremisesSearch
from investors.services import match_news
from portal import work
from portal.models import Consent, User
from tests.investors.conftest import make_organisation
from tests.investors.test_matches import AI, profile_of, published
from tests.investors.test_pages import browser, statuses

type Make = Callable[..., Opportunity]

PROFILE = {
    "version": "0", "investor_type": "venture_capital", "country": "SG", "kinds": ["capital_sought"],
    "ticket_min": "1000000", "ticket_max": "30000000", "stages": ["series_a"], "instruments": ["equity"],
    "horizon_years": "7", "roles": ["lead"], "languages": ["en"], "tell": "immediate",
}  # fmt: skip
SEARCH = {"version": "0", "area_min": "300", "area_max": "500", "rent_max": "6", "uses": ["office"], "tell": "daily"}


@pytest.fixture(autouse=True)
def _staff_without_second_factor(settings: Any) -> None:
    settings.DEMONSTRATION = True


def test_investor_fills_the_profile_and_sees_why_things_fit(people: SimpleNamespace, make_opportunity: Make) -> None:
    opportunity = published(make_opportunity)
    client, cluster = browser(people.investor), Cluster.objects.get(slug=AI)

    saved = client.post("/en/desk/profile/", {**PROFILE, "clusters": [cluster.pk]})
    looking = client.get(saved["Location"])
    work.run("matches")
    page = client.get(saved["Location"])

    assert (saved.status_code, saved["Location"]) == (302, "/en/desk/matches/")
    assert "We are looking for matches." in looking.text
    assert "We are looking for matches." not in page.text
    assert opportunity.title_en in page.text
    assert "of 8 criteria" in page.text
    assert "The listing takes at most CNY 25 million from one investor; the profile says CNY 1 million to" in page.text
    assert list(Consent.objects.values_list("user", "purpose")) == [(people.investor.pk, "matching")]


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"kinds": []}, "Choose at least one."),
        ({"ticket_max": "10"}, "The largest amount is below the smallest."),
        ({"ticket_min": "１０００"}, "Enter a number in digits, for example 1500000."),
        ({"ticket_min": "1e9"}, "Enter a number in digits, for example 1500000."),
        ({"horizon_years": "99"}, "Ensure this value is less than or equal to 15."),
        ({"country": "XX"}, "Select a valid choice. XX is not one of the available choices."),
        ({"stages": ["late"]}, "Select a valid choice. late is not one of the available choices."),
        ({"tell": "hourly"}, "Select a valid choice. hourly is not one of the available choices."),
        ({"investor_type": "x\x00y"}, "Null characters are not allowed."),
        ({"clusters": ["999999999999999999999"]}, "“999999999999999999999” is not a valid value."),
    ],
)
def test_what_is_typed_wrongly_is_said_and_nothing_kept(people: SimpleNamespace, typed: Any, error: str) -> None:
    answer = browser(people.investor).post("/en/desk/profile/", {**PROFILE, **typed})

    assert (answer.status_code, InvestorProfile.objects.count()) == (422, 0)
    assert error in answer.text or "is not one of the available choices" in answer.text


def test_cluster_looked_for_and_ruled_out_is_refused(people: SimpleNamespace) -> None:
    cluster = Cluster.objects.get(slug=AI).pk

    answer = browser(people.investor).post(
        "/en/desk/profile/", {**PROFILE, "clusters": [cluster], "excluded_clusters": [cluster]}
    )

    assert (answer.status_code, "You look for this and never invest in it" in answer.text) == (422, True)


def test_older_tab_gets_both_and_overwrites_nothing(people: SimpleNamespace) -> None:
    profile_of(people.investor, ticket_min=7_000_000)

    answer = browser(people.investor).post("/en/desk/profile/", PROFILE)

    assert (answer.status_code, str(InvestorProfile.objects.get().ticket_min)) == (409, "7000000.00")
    assert "7000000.00" in answer.text
    assert 'value="1000000"' in answer.text


def test_profile_for_an_organisation_of_others_is_refused(people: SimpleNamespace, firm: Organisation) -> None:
    alien = make_organisation("Alien")

    refused = browser(people.viewer).post("/en/desk/profile/", {**PROFILE, "organisation": alien.pk})
    kept = browser(people.viewer).post("/en/desk/profile/", {**PROFILE, "organisation": firm.pk})

    assert (refused.status_code, kept.status_code) == (422, 302)
    assert InvestorProfile.objects.get().organisation == firm


def test_match_is_hidden_and_put_back(people: SimpleNamespace, make_opportunity: Make) -> None:
    opportunity = published(make_opportunity)
    profile_of(people.investor)
    client, match = browser(people.investor), Match.objects.get()

    hidden = client.get(client.post(f"/en/desk/matches/{match.pk}/hide/")["Location"])
    rows_then, among_hidden = hidden.context["rows"], client.get("/en/desk/matches/?show=hidden").context["rows"]
    client.post(f"/en/desk/matches/{match.pk}/hide/", {"again": "1"})

    assert (rows_then, [shown.match for shown in among_hidden]) == ([], [match])
    assert f"Hidden: {opportunity.title_en}" in hidden.text
    assert [shown.match for shown in client.get("/en/desk/matches/").context["rows"]] == [match]


@pytest.mark.parametrize(
    "query",
    ["page=1000000000000000000000000000000", "page=-1", "page=x", "kind=x&show=y", "hidden=99999999999999999999", "hidden=１",
     "kind=technology_offered", "show=good"],
)  # fmt: skip
def test_no_query_string_breaks_the_page(people: SimpleNamespace, query: str) -> None:
    profile_of(people.investor, kinds=["capital_sought", "technology_offered"])

    assert browser(people.investor).get(f"/en/desk/matches/?{query}").status_code == 200


def test_number_of_queries_does_not_grow_with_the_matches(people: SimpleNamespace, make_opportunity: Make) -> None:
    client, counts = browser(people.investor), []
    profile_of(people.investor)
    for number in (1, 2):
        for _one in range(number):
            published(make_opportunity)
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get("/en/desk/matches/").context["rows"]) == {1: 1, 2: 3}[number]
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 12


def test_how_it_fits_is_fetched_by_the_page_and_opens_by_itself(
    people: SimpleNamespace, make_opportunity: Make
) -> None:
    opportunity = published(make_opportunity)
    profile_of(people.investor)
    path = f"/en/opportunities/{opportunity.slug}/"

    pages = {who: browser(getattr(people, who, None)).get(path).text for who in ("anonymous", "investor", "officer")}
    part = browser(people.investor).get(f"{path}fit/", headers={"HX-Request": "true"}).text
    whole = browser(people.investor).get(f"{path}fit/").text

    assert [who for who, page in pages.items() if f"{path}fit/" in page] == ["investor"]
    assert ("<html" in part, "<html" in whole) == (False, True)
    assert ("good match" in part, "(weight 20)" in whole) == (True, True)
    assert "Make an investor profile" in browser(people.stranger).get(f"{path}fit/").text
    assert browser().get(f"{path}fit/").status_code == 302


def test_owner_sees_type_and_reasons_and_a_name_only_by_consent(
    people: SimpleNamespace, make_opportunity: Make
) -> None:
    User.objects.filter(pk=people.investor.pk).update(name="Wei Secretive")
    opportunity = published(make_opportunity)
    profile_of(people.investor)
    path = f"/en/desk/opportunities/{opportunity.slug}/matches/"

    before = browser(people.editor).get(path).text
    InvestorProfile.objects.update(is_named=True)
    after = browser(people.editor).get(path).text

    assert ("Venture capital · Singapore" in before, "Wei Secretive" in before) == (True, False)
    assert people.investor.email not in before + after
    assert "Wei Secretive · Venture capital · Singapore" in after


def test_profile_and_matches_open_for_their_people_alone(
    people: SimpleNamespace, firm: Organisation, make_opportunity: Make
) -> None:
    opportunity = published(make_opportunity)
    profile_of(people.investor)
    match = Match.objects.get()
    members = {"signatory", "editor", "viewer"}

    of_opportunity = statuses(people, f"/en/desk/opportunities/{opportunity.slug}/matches/")
    of_firm = statuses(people, f"/en/desk/organisation/{firm.slug}/premises/")
    hiding = statuses(people, f"/en/desk/matches/{match.pk}/hide/", "post")

    assert {who for who, status in of_opportunity.items() if status == 200} == members
    assert {who for who, status in of_firm.items() if status == 200} == members
    assert set(of_opportunity.values()) == {200, 302, 404}
    assert hiding.pop("investor") == 302
    assert (hiding.pop("anonymous"), set(hiding.values())) == (302, {404})


def test_editor_searches_premises_and_viewer_reads(
    people: SimpleNamespace, firm: Organisation, make_opportunity: Make
) -> None:
    park = make_organisation("Park", kind="park")
    Membership.objects.create(user=people.investor, organisation=park, role="signatory")
    people.signatory, signatory = people.investor, people.signatory
    premises = published(
        make_opportunity, owner=park, kind="premises", area=400, rent=5, available_from=timezone.localdate(),
        premises_use="office", title_en="Floor by the river",
    )  # fmt: skip
    path = f"/en/desk/organisation/{firm.slug}/premises/"

    refused = browser(people.viewer).post(path, SEARCH)
    saved = browser(people.editor).post(path, SEARCH)
    stale = browser(signatory).post(path, SEARCH)
    work.run("matches")
    page = browser(people.viewer).get(path).text
    owners = browser(people.investor).get(f"/en/desk/opportunities/{premises.slug}/matches/").text

    assert (refused.status_code, saved.status_code, stale.status_code) == (403, 302, 409)
    assert ("Floor by the river" in page, "<form method" in page.split("</header>")[-1].split("<footer")[0]) == (
        True,
        False,
    )
    assert ("An organisation that looks for premises (firm)" in owners, firm.name_en in owners) == (True, False)
    browser(people.editor).post(f"{path}end/")
    assert PremisesSearch.objects.count() == 0


def test_members_see_their_matches_and_choose_how_often_they_are_told(
    people: SimpleNamespace, firm: Organisation, make_opportunity: Make
) -> None:
    opportunity = published(make_opportunity)
    profile_of(people.investor)
    tell, typed = f"/en/desk/matches/organisations/{firm.slug}/", {f"{firm.slug}-tell": "daily"}

    page = browser(people.viewer).get("/en/desk/matches/organisations/").text
    answers = [browser(getattr(people, who)).post(tell, typed).status_code for who in ("editor", "viewer", "stranger")]

    assert (opportunity.title_en in page, "1 match" in page) == (True, True)
    assert (answers, MatchWish.objects.get().tell) == ([302, 403, 404], "daily")


def test_link_in_a_message_stops_them_without_signing_in(people: SimpleNamespace, make_opportunity: Make) -> None:
    profile = profile_of(people.investor)
    published(make_opportunity)
    token = match_news._token({"profile": profile})

    opened = [getattr(Client(), verb)(f"/en/matching/stop/{token}/").status_code for verb in ("get", "head")]
    profile.refresh_from_db()
    still = profile.tell
    stopped = Client(enforce_csrf_checks=True).post(
        f"/en/matching/stop/{token}/", "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )

    profile.refresh_from_db()
    assert (opened, still, stopped.status_code, profile.tell) == ([200, 200], "immediate", 200, "never")
    assert not MatchNews.objects.open().filter(profile=profile).exists()
    assert [Client().post(f"/en/matching/stop/{bad}/").status_code for bad in ("x", token + "x", token[:-1])] == [
        410
    ] * 3


def test_mail_says_by_its_head_how_to_stop(
    people: SimpleNamespace, make_opportunity: Make, mailoutbox: list[Any]
) -> None:
    profile_of(people.investor)
    published(make_opportunity)
    work.run("match_news")
    work.run("notices")

    (mail,) = [mail for mail in mailoutbox if people.investor.email in mail.to[0]]
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/en/matching/stop/" in mail.extra_headers["List-Unsubscribe"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_method_is_public_with_every_weight(db: None, language: str) -> None:
    page = Client().get(f"/{language}/matching/")

    assert page.status_code == 200
    assert len(page.context["pairings"]) == 6
    assert page.text.count('<td class="text-end numbers">') == sum(
        len(one.criteria) for one in page.context["pairings"]
    )


def test_deleting_the_profile_is_one_click(people: SimpleNamespace) -> None:
    profile_of(people.investor)

    browser(people.investor).post("/en/desk/profile/delete/")

    assert InvestorProfile.objects.count() == 0
    assert browser(people.investor).get("/en/desk/matches/")["Location"] == "/en/desk/profile/"


def test_staff_who_introduce_see_both_sides_and_other_staff_nothing(
    people: SimpleNamespace, make_opportunity: Make
) -> None:
    published(make_opportunity)
    profile_of(people.investor)
    match = Match.objects.get()
    paths = ["/admin/investors/match/", f"/admin/investors/match/{match.pk}/change/"]

    pages = {who: [browser(getattr(people, who)).get(path) for path in paths] for who in ("officer", "head")}
    others = {who: browser(getattr(people, who)).get(paths[1]).status_code for who in ("auditor", "registry", "norole")}

    for listed, shown in pages.values():
        assert (listed.status_code, shown.status_code) == (200, 200)
        assert people.investor.email in shown.content.decode()
        assert "Ticket" in shown.content.decode()
    assert others == {"auditor": 403, "registry": 403, "norole": 403}
