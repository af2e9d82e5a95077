"""What laboratories, universities, clusters and firms offer and need; the way from the laboratory to the investor."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from firms.models import Cluster, ClusterMembership, Laboratory, Organisation, Subdistrict
from firms.services.counting import count_now
from investors.chain import chain_of
from investors.models import Inquiry, Opportunity, OpportunityCluster
from investors.snapshots import compared, last_published
from tests.firms.merging import merge
from tests.incentives import make
from tests.investors.conftest import make_organisation
from tests.investors.test_pages import browser, question, statuses

type MakeOpportunity = Callable[..., Opportunity]

LIFE, GREEN = "life-and-health", "green-and-low-carbon"


def laboratory_of(owner: Organisation, name: str = "Laboratory of Grippers", **fields: Any) -> Laboratory:
    values = {"name_en": name, "name_zh": "示例夹爪实验室", "slug": name.lower().replace(" ", "-"), "source": "test"}
    return Laboratory.objects.create(organisation=owner, **{**values, "is_listed": True, **fields})


def in_cluster(opportunity: Opportunity, slug: str) -> Opportunity:
    OpportunityCluster.objects.create(opportunity=opportunity, cluster=Cluster.objects.get(slug=slug))
    return opportunity


def told(technology: Opportunity) -> dict[str, list[tuple[str, str]]]:
    return {
        link.name: [(entry.url.rstrip("/").rpartition("/")[2], entry.reason) for entry in link.entries]
        for link in chain_of(Opportunity.objects.get(pk=technology.pk))
    }


# --- The chain ------------------------------------------------------------------------


def test_chain_names_what_belongs_to_an_offer_and_why(firm: Organisation, make_opportunity: MakeOpportunity) -> None:
    place = Subdistrict.objects.get(slug="daqiao")
    offer = in_cluster(
        make_opportunity(kind="technology_offered", laboratory=laboratory_of(firm), subdistrict=place), LIFE
    )
    need = {"kind": "technology_needed", "object_kind": "patent"}
    in_cluster(make_opportunity(**need, title_en="Both"), LIFE)
    in_cluster(make_opportunity(**need, title_en="Object"), GREEN)
    in_cluster(make_opportunity(kind="technology_needed", object_kind="know_how", title_en="Cluster"), LIFE)
    in_cluster(make_opportunity(kind="technology_needed", object_kind="know_how", title_en="Neither"), GREEN)
    in_cluster(make_opportunity("draft", **need, title_en="Draft"), LIFE)
    space = {"kind": "premises", "area": 900, "available_from": "2027-01-01"}
    in_cluster(make_opportunity(**space, title_en="For it"), LIFE)
    make_opportunity(**space, title_en="Near it", subdistrict=place)
    make_opportunity(**space, title_en="Far")
    named = make.programme(slug="for-life")
    named.clusters.add(Cluster.objects.get(slug=LIFE))
    make.round_of(named)
    make.round_of(make.programme(slug="for-all"))
    other = make.programme(slug="for-others")
    other.clusters.add(Cluster.objects.get(slug=GREEN))
    make.round_of(other)

    assert told(offer) == {
        "laboratory": [("laboratory-of-grippers", "The technology comes from here.")],
        "needs": [
            ("both", "Same object and cluster"),
            ("cluster", "Same cluster, another object"),
            ("object", "Same object, another cluster"),
        ],
        "premises": [("for-it", "Offered to the same cluster"), ("near-it", "In the same subdistrict")],
        "incentives": [("for-life", "For this cluster"), ("for-all", "For every cluster")],
    }


def test_chain_of_a_need_names_offers_first(make_opportunity: MakeOpportunity) -> None:
    need = in_cluster(make_opportunity(kind="technology_needed", object_kind="patent", title_en="Need"), LIFE)
    in_cluster(make_opportunity(kind="technology_offered", title_en="Offer"), LIFE)

    assert told(need) == {
        "offers": [("offer", "Same object and cluster")],
        "owner": [("demonstration-robotics", "It looks for this technology.")],
        "premises": [],
        "incentives": [],
    }


def test_chain_says_plainly_what_there_is_not(firm: Organisation, make_opportunity: MakeOpportunity) -> None:
    hidden = laboratory_of(firm, is_listed=False)
    offer = make_opportunity(kind="technology_offered", laboratory=hidden, title_en="Alone")

    page = browser().get("/en/opportunities/alone/").text

    assert told(offer)["laboratory"] == [("demonstration-robotics", "Its owner names no laboratory.")]
    assert "Laboratory of Grippers" not in page
    for sentence in (
        "No firm has published a need of the same object or cluster.",
        "No premises are offered to this cluster or in this subdistrict now.",
        "No programme for this cluster is open now.",
    ):
        assert sentence in page


def test_chain_is_for_technology_alone_and_costs_six_queries(
    firm: Organisation, make_opportunity: MakeOpportunity
) -> None:
    offer = in_cluster(make_opportunity(kind="technology_offered", laboratory=laboratory_of(firm)), LIFE)
    in_cluster(make_opportunity(kind="technology_needed", object_kind="patent"), LIFE)
    make.round_of()
    capital = make_opportunity()
    offer = Opportunity.objects.select_related("owner").prefetch_related("clusters").get(pk=offer.pk)

    with CaptureQueriesContext(connection) as captured:
        assert len(chain_of(offer)) == 4

    assert len(captured) <= 6
    assert chain_of(capital) == []
    assert 'class="chain"' not in browser().get(f"/en/opportunities/{capital.slug}/").text


# --- Laboratories of opportunities ------------------------------------------------------


def test_opportunity_comes_from_a_laboratory_of_its_owner(
    firm: Organisation, make_opportunity: MakeOpportunity
) -> None:
    own, foreign = laboratory_of(firm), laboratory_of(make_organisation("Grippers"), "Foreign Laboratory")
    offer, capital = make_opportunity("draft", kind="technology_offered", laboratory=own), make_opportunity("draft")
    update = "UPDATE investors_opportunity SET laboratory_id = %s WHERE id = %s"

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(update, [foreign.pk, offer.pk])
        with pytest.raises(DatabaseError, match="laboratory of another organisation"):
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
    with pytest.raises(DatabaseError, match="opportunity_from_a_laboratory"), connection.cursor() as cursor:
        cursor.execute(update, [own.pk, capital.pk])


def test_merge_takes_laboratory_and_offers_along(
    people: SimpleNamespace, firm: Organisation, make_opportunity: MakeOpportunity
) -> None:
    offer, kept = make_opportunity(kind="technology_offered", laboratory=laboratory_of(firm)), make_organisation("Kept")

    merge(people.registry, kept, firm)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    offer.refresh_from_db()
    assert (offer.owner, offer.laboratory.organisation) == (kept, kept)


def test_owner_chooses_among_the_laboratories_of_the_own_organisation(
    people: SimpleNamespace, firm: Organisation, make_opportunity: MakeOpportunity
) -> None:
    own, foreign = laboratory_of(firm), laboratory_of(make_organisation("Grippers"), "Foreign Laboratory")
    laboratory_of(firm, "Unlisted Laboratory", is_listed=False)
    lab, capital = make_opportunity("draft", kind="joint_lab"), make_opportunity("draft")
    client = browser(people.editor)
    paths = [f"/en/desk/opportunities/{one.slug}/" for one in (lab, capital)]

    shown = client.get(paths[0]).context["form"].fields["laboratory"].queryset
    data = {"version": "1", "title_en": "Joint laboratory"}
    refused = client.post(paths[0], {**data, "laboratory": foreign.pk})
    client.post(paths[0], {**data, "laboratory": own.pk})

    lab.refresh_from_db()
    assert list(shown) == [own]
    assert "laboratory" not in client.get(paths[1]).context["form"].fields
    assert (refused.status_code, lab.laboratory) == (422, own)


def test_pages_of_laboratory_and_university_tell_what_it_offers(
    firm: Organisation, make_opportunity: MakeOpportunity
) -> None:
    Organisation.objects.filter(pk=firm.pk).update(kind="university")
    laboratory = laboratory_of(firm)
    make_opportunity(kind="technology_offered", laboratory=laboratory, title_en="A gripper of paper")
    make_opportunity("draft", kind="technology_offered", laboratory=laboratory, title_en="Secret draft")

    for page in ("laboratories/laboratory-of-grippers/", "universities/demonstration-robotics/"):
        text = browser().get(f"/en/{page}").text
        assert ("A gripper of paper" in text, "Secret draft" in text) == (True, False)
    assert "Intellectual property: 1" in browser().get("/en/laboratories/").text
    assert "Intellectual property: 1" in browser().get("/en/universities/demonstration-robotics/").text


def test_page_and_published_version_name_the_laboratory(firm: Organisation, make_opportunity: MakeOpportunity) -> None:
    joint = make_opportunity(kind="joint_lab", laboratory=laboratory_of(firm))
    version = last_published(joint)
    Opportunity.objects.filter(pk=joint.pk).update(laboratory=None)

    text = browser().get(f"/en/opportunities/{joint.slug}/").text
    joint.refresh_from_db()
    changed = [(str(row.label), row.before, row.now) for row in compared(joint, version) if row.is_changed]

    assert 'href="/en/laboratories/' not in text
    assert changed == [("Laboratory", ["Laboratory of Grippers"], [])]
    Opportunity.objects.filter(pk=joint.pk).update(laboratory=Laboratory.objects.get())
    assert (
        'Laboratory: <a href="/en/laboratories/laboratory-of-grippers/">'
        in browser().get(joint.get_absolute_url()).text
    )


# --- Asking ---------------------------------------------------------------------------


def test_question_about_a_laboratory_keeps_what_it_is_about(people: SimpleNamespace, firm: Organisation) -> None:
    laboratory_of(firm)
    client = browser(people.investor)

    page = client.get("/en/inquiries/new/?laboratory=laboratory-of-grippers")
    client.post(
        "/en/inquiries/new/",
        question(laboratory="laboratory-of-grippers", subject=page.context["form"]["subject"].value()),
    )

    inquiry = Inquiry.objects.get()
    assert 'name="laboratory" value="laboratory-of-grippers"' in page.text
    assert (inquiry.about_organisation, inquiry.subject) == (firm, "Laboratory of Grippers")


@pytest.mark.parametrize("slug", ["unlisted-laboratory", "%00", "x" * 500, "../../"])
def test_laboratory_that_is_not_public_is_asked_about_as_nothing(
    people: SimpleNamespace, firm: Organisation, slug: str
) -> None:
    laboratory_of(firm, "Unlisted Laboratory", is_listed=False)

    page = browser(people.investor).get(f"/en/inquiries/new/?laboratory={slug}")

    assert "Unlisted" not in page.text
    assert page.status_code in {200, 400}


# --- Clusters, firms, talent ------------------------------------------------------------


def test_cluster_and_firm_tell_what_is_offered_and_needed_and_lead_to_it(
    firm: Organisation, make_opportunity: MakeOpportunity
) -> None:
    for title in ("One", "Two"):
        in_cluster(make_opportunity(kind="technology_offered", title_en=title), LIFE)
    in_cluster(make_opportunity(title_en="Money"), LIFE)
    in_cluster(make_opportunity("draft", title_en="Draft"), LIFE)

    cluster, own = (browser().get(f"/en/{page}").text for page in ("clusters/life-and-health/", f"firms/{firm.slug}/"))

    for text, narrowed in ((cluster, "cluster=life-and-health"), (own, f"owner={firm.slug}")):
        for kind, words in (("technology_offered", "Technology offered (2)"), ("capital_sought", "Capital sought (1)")):
            link = f'<a href="/en/opportunities/?{narrowed}&amp;kind={kind}">{words}</a>'
            assert link in text
            found = browser().get(f"/en/opportunities/?{narrowed}&kind={kind}")
            assert found.context["counts"].total == int(words[-2])


def test_cluster_shows_premises_where_most_of_its_firms_are(make_opportunity: MakeOpportunity) -> None:
    cluster = Cluster.objects.get(slug=LIFE)
    places = list(Subdistrict.objects.order_by("pk")[:4])
    for number, place in enumerate(places):
        for turn in range(4 - number):
            member = make_organisation(f"Member{number}{turn}", subdistrict=place)
            ClusterMembership.objects.create(organisation=member, cluster=cluster)
    count_now()
    space = {"kind": "premises", "area": 900, "available_from": "2027-01-01"}
    for number, place in enumerate(places):
        make_opportunity(**space, title_en=f"Space {number}", subdistrict=place)
    in_cluster(make_opportunity(**space, title_en="Own", subdistrict=places[0]), LIFE)

    text = browser().get("/en/clusters/life-and-health/").text

    own, _heading, near = text.partition("Where most of its firms are")
    assert ("Own" in own, "Own" in near) == (True, False)
    assert [f"Space {number}" in near for number in range(4)] == [True, True, True, False]


@pytest.mark.parametrize("query", ["", "?page=9", "?page=-1", "?page=1e30", "?page=%E2%80%AE"])
def test_talent_page_lists_programmes_for_people_and_bears_any_query(
    people: SimpleNamespace, make_opportunity: MakeOpportunity, query: str
) -> None:
    make_opportunity(kind="talent_programme", places=8, starts_on="2027-07-01", title_en="Places for postdocs")
    make_opportunity(kind="joint_lab", title_en="Joint work")
    make_opportunity(title_en="Money")
    make.round_of(make.programme(slug="talent", instrument="talent", title_en="Subsidy for people"))
    make.round_of(make.programme(slug="rent", instrument="rent", title_en="Subsidy for rent"))

    page = browser().get(f"/en/talent/{query}")

    assert [group.label for group in page.context["groups"]] == ["Talent programmes", "Joint laboratories"]
    shown = [
        words in page.text
        for words in ("Places for postdocs", "Joint work", "Subsidy for people", "Money", "Subsidy for rent")
    ]
    assert shown == [True, True, True, False, False]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("path", ["talent/", "laboratories/"])
def test_pages_open_for_everyone_also_while_empty(
    people: SimpleNamespace, settings: Any, path: str, language: str
) -> None:
    settings.DEMONSTRATION = True
    assert set(statuses(people, f"/{language}/{path}").values()) == {200}
