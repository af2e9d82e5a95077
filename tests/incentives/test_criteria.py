"""Criteria as staff write them: one small form for each kind, and one sentence in each language."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from firms.models import Subdistrict
from incentives.facts import facts_of, pair_of
from incentives.forms.criteria import FORMS
from incentives.models import Award, Criterion, Programme
from incentives.models.parameters import KINDS, RESTRICTING
from incentives.publishing import as_it_stands, what_is_missing
from incentives.wording import in_words
from portal.local_form import SHANGHAI
from portal.roles import Role
from tests.editing import save
from tests.incentives import make
from tests.incentives.stories import story_in
from tests.incentives.test_eligibility import TODAY, outcome

pytestmark = pytest.mark.django_db

USCC = "91310110591673062R"


@pytest.fixture(autouse=True)
def _second_factor_is_not_the_subject(settings: Any) -> None:
    settings.DEMONSTRATION = True


@pytest.fixture
def manager() -> Client:
    client = Client()
    client.force_login(make.person("wei", Role.MANAGER))
    return client


def said(kind: str, parameters: dict[str, Any]) -> tuple[str, str]:
    (sentence,) = in_words([Criterion(kind=kind, parameters=parameters)])
    words = pair_of(str, sentence)
    return words["en"], words["zh"]


def add(manager: Client, programme: Programme, kind: str, **data: str) -> Any:
    url = f"{reverse('admin:incentives_criterion_add')}?programme={programme.pk}&kind={kind}"
    return manager.post(url, {"position": "1", "hard": "on", **data})


@pytest.mark.parametrize(
    ("kind", "parameters", "english", "chinese"),
    [
        ("age", {"maximum": 10}, "The firm was founded at most 10 years ago.", "企业成立不超过10年"),
        ("age", {"minimum": 1}, "The firm was founded at least 1 year ago.", "企业成立满1年"),
        (
            "age",
            {"minimum": 1, "maximum": 5},
            "The firm was founded at least 1 and at most 5 years ago.",
            "企业成立满1年且不超过5年",
        ),
        ("staff", {"minimum": 10, "maximum": 1500}, "The firm has 10 to 1,500 staff.", "从业人员10至1,500人"),
        ("capital", {"minimum": 500_000}, "The registered capital is at least CNY 500,000.", "注册资本不低于50万元"),
        (
            "rd_intensity",
            {"minimum": 5},
            "The R&D spend is at least 5 % of the revenue.",
            "研发费用占营业收入比重不低于5%",
        ),
        (
            "growth",
            {"minimum": 20},
            "The revenue grew by at least 20 % over the year before.",
            "营业收入同比增长不低于20%",
        ),
        (
            "tax",
            {"minimum": 1_000_000},
            "The firm paid at least CNY 1 million in tax in the last year.",
            "上一年度实缴税款不低于100万元",
        ),
        (
            "awarded",
            {"years": 3},
            "This programme awarded nothing to the firm in the last 3 years.",
            "近3年未获得本政策立项",
        ),
        (
            "live_awards",
            {"maximum": 5_000_000},
            "The live awards of the firm, of all programmes together, are at most CNY 5 million.",
            "企业执行中的各项立项金额合计不超过500万元",
        ),
        ("cluster", {"any_of": ["ai"]}, "The firm belongs to the cluster AI.", "属于人工智能产业集群"),
        (
            "cluster",
            {"any_of": ["ai", "gone"]},
            "The firm belongs to one of these clusters: AI, gone.",
            "属于下列产业集群之一：人工智能、gone",
        ),
        (
            "certificate",
            {"any_of": ["hnte", "innovative"]},
            "The firm holds at least one of these valid certificates: High and new technology enterprise, Innovative SME.",
            "持有下列有效资质之一：高新技术企业、创新型中小企业",
        ),
        (
            "subdistrict",
            {"any_of": ["daqiao"]},
            "The firm is registered in the subdistrict Daqiao.",
            "注册地在大桥街道",
        ),
        (
            "industry",
            {"prefixes": ["65", "651"]},
            (
                "The industry code of the firm begins with one of these: "
                "65 (Software and information technology services), 651."
            ),
            "行业代码以下列代码之一开头：65（软件和信息技术服务业）、651",
        ),
        ("foreign", {"is": True}, "The firm is foreign-invested.", "企业为外商投资企业"),
        ("foreign", {"is": False}, "The firm is not foreign-invested.", "企业不是外商投资企业"),
        ("firm", {"any_of": [USCC]}, f"The firm is {USCC}.", f"企业为{USCC}"),
        ("age", {"maximum": "10"}, "This criterion is not complete.", "该条件尚未填写完整"),
    ],
)
def test_each_kind_is_said_in_both_languages(kind: str, parameters: dict[str, Any], english: str, chinese: str) -> None:
    make.cluster()

    assert said(kind, parameters) == (english, chinese)


def test_every_kind_has_its_form_and_its_sentence() -> None:
    assert FORMS.keys() == KINDS.keys() == set(Criterion.Kind.values)


@pytest.mark.parametrize("rows", [1, 3])
def test_names_of_many_criteria_are_read_at_once(rows: int, django_assert_num_queries: Any) -> None:
    criteria = [
        Criterion(kind=kind, parameters=parameters)
        for kind, parameters in (
            ("cluster", {"any_of": ["ai"]}),
            ("subdistrict", {"any_of": ["daqiao", "yinhang"]}),
            ("industry", {"prefixes": ["65"]}),
            ("firm", {"any_of": [USCC]}),
            ("age", {"maximum": 1}),
        )
        for _row in range(rows)
    ]

    with django_assert_num_queries(4):
        assert len([str(sentence) for sentence in in_words(criteria)]) == 5 * rows


@pytest.mark.parametrize(
    ("kind", "typed", "parameters"),
    [
        ("age", {"maximum": "10"}, {"maximum": 10}),
        ("staff", {"minimum": "10", "maximum": "300"}, {"minimum": 10, "maximum": 300}),
        ("capital", {"minimum": "1,000,000"}, {"minimum": 1_000_000}),
        ("rd_intensity", {"minimum": "0"}, {"minimum": 0}),
        ("growth", {"minimum": "20"}, {"minimum": 20}),
        ("tax", {"minimum": "500000.00"}, {"minimum": 500_000}),
        ("awarded", {"years": "3"}, {"years": 3}),
        ("live_awards", {"maximum": "5000000"}, {"maximum": 5_000_000}),
        ("cluster", {"any_of": ["ai"]}, {"any_of": ["ai"]}),
        ("certificate", {"any_of": ["hnte", "little_giant"]}, {"any_of": ["hnte", "little_giant"]}),
        ("subdistrict", {"any_of": ["daqiao"]}, {"any_of": ["daqiao"]}),
        ("industry", {"prefixes": "65， 6513"}, {"prefixes": ["65", "6513"]}),
        ("industry", {"prefixes": "development of Basic software\n应用软件开发, 6511"}, {"prefixes": ["6511", "6513"]}),
        ("foreign", {"is": "False"}, {"is": False}),
        ("firm", {"any_of": USCC}, {"any_of": [USCC]}),
    ],
)
def test_each_kind_is_written_by_its_form(
    manager: Client, kind: str, typed: dict[str, Any], parameters: dict[str, Any]
) -> None:
    made = make.programme()
    make.cluster()
    made.criteria.all().delete()

    answer = add(manager, made, kind, **typed)

    criterion = made.criteria.get()
    assert (criterion.kind, criterion.parameters, criterion.hard) == (kind, parameters, True)
    assert answer.headers["Location"] == f"{reverse('admin:incentives_programme_change', args=[made.pk])}#criteria"
    page = manager.get(reverse("admin:incentives_criterion_change", args=[criterion.pk])).text
    assert str(said(kind, parameters)[0]).replace("&", "&amp;") in page
    assert ("articles 10 and 12" in page) == (kind in RESTRICTING)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("age", {}),
        ("age", {"minimum": "５"}),
        ("age", {"minimum": "5", "maximum": "4"}),
        ("age", {"maximum": "9" * 30}),
        ("age", {"maximum": "10\u0000"}),
        ("capital", {"minimum": "1.50"}),
        ("capital", {"minimum": "NaN"}),
        ("awarded", {"years": "0"}),
        ("awarded", {"years": "51"}),
        ("cluster", {"any_of": ["nowhere"]}),
        ("cluster", {}),
        ("industry", {"prefixes": "65134"}),
        ("industry", {"prefixes": "=65"}),
        ("foreign", {"is": "perhaps"}),
        ("foreign", {}),
        ("firm", {"any_of": "91310110591673062X"}),
    ],
)
def test_what_a_kind_does_not_understand_is_refused_kindly(manager: Client, kind: str, typed: dict[str, Any]) -> None:
    made = make.programme()
    made.criteria.all().delete()

    answer = add(manager, made, kind, **typed)

    assert (answer.status_code, made.criteria.count()) == (200, 0)
    assert "Please correct the error" in answer.text


def test_name_that_several_industries_have_is_answered_with_their_codes(manager: Client) -> None:
    answer = add(manager, make.programme(), "industry", prefixes="基础软件, 软件开发")

    several = "“软件开发” is in the names of several industries: 6511 Development of basic software; 6512 "
    assert (answer.status_code, several in answer.text) == (200, True)


def test_preview_shows_both_languages_and_saves_nothing(manager: Client) -> None:
    made = make.programme()
    criterion = made.criteria.get(kind="age")
    page = reverse("admin:incentives_criterion_change", args=[criterion.pk])

    shown = save(manager, page, {"position": "0", "maximum": "3", "_preview": "1"}).text
    added = add(manager, made, "staff", minimum="7", _preview="1").text

    assert "Nothing is saved yet." in shown
    assert re.findall(r'<span lang="(?:en|zh-Hans)">([^<]+)</span>', shown) == [
        "The firm was founded at most 3 years ago.",
        "企业成立不超过3年",
    ]
    assert "从业人员不少于7人" in added
    criterion.refresh_from_db()
    assert (criterion.parameters, made.criteria.count()) == ({"maximum": 10}, 4)


@pytest.mark.parametrize("query", ["", "?programme=x", "?programme=99999999999", "?kind=age", "?programme={pk}&kind=x"])
def test_programme_and_kind_are_chosen_before_the_form(manager: Client, query: str) -> None:
    made = make.programme()

    page = manager.get(reverse("admin:incentives_criterion_add") + query.format(pk=made.pk)).text

    assert 'name="position"' not in page
    links = re.findall(r'href="([^"]*\?programme=\d+[^"]*)"', page)
    assert len(links) == (len(FORMS) if "{pk}" in query else 1)


def test_programme_page_lists_its_criteria_as_sentences(manager: Client, django_assert_max_num_queries: Any) -> None:
    made = make.programme()

    with django_assert_max_num_queries(60):
        page = manager.get(reverse("admin:incentives_programme_change", args=[made.pk])).text

    assert "企业成立不超过10年" in page
    assert f"?programme={made.pk}&amp;kind=live_awards" in page
    assert "parameters" not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)


def test_others_read_a_criterion_and_change_nothing() -> None:
    made = make.programme()
    criterion = made.criteria.get(kind="staff")
    auditor = Client()
    auditor.force_login(make.person("a", Role.AUDITOR))
    page = reverse("admin:incentives_criterion_change", args=[criterion.pk])

    shown = auditor.get(page)

    assert (shown.status_code, "从业人员不少于10人" in shown.text) == (200, True)
    assert auditor.post(page, {"minimum": "1", "position": "1"}).status_code == 403
    assert auditor.get(reverse("admin:incentives_criterion_add")).status_code == 403


def test_version_says_the_sentence_where_staff_gave_no_title() -> None:
    made = make.programme()
    made.criteria.all().delete()
    made.criteria.create(kind="age", parameters={"maximum": 2}, position=0)
    made.criteria.create(kind="awarded", parameters={"years": 3}, title_en="Not again", title_zh="不重复", position=1)

    with override("zh-hans"):
        first, second = as_it_stands(made).content["criteria"]

    assert (first["title_en"], first["title_zh"]) == ("The firm was founded at most 2 years ago.", "企业成立不超过2年")
    assert (second["title_en"], second["words_zh"]) == ("Not again", "近3年未获得本政策立项")
    assert second["parameters"] == {"years": 3, "programme": made.pk}


@pytest.mark.parametrize("kind", RESTRICTING)
def test_kinds_that_favour_firms_are_warned_of_and_need_a_basis(kind: str) -> None:
    parameters = {"foreign": {"is": True}, "tax": {"minimum": 1}}.get(kind, {"any_of": [USCC]})
    made = make.programme()
    made.criteria.create(kind=kind, parameters=parameters)

    assert len([text for text in what_is_missing(made) if "legal basis of the exception" in str(text)]) == 1
    made.exception_basis = "示例依据"
    assert list(what_is_missing(made)) == []


# --- Earlier awards and tax ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "last", "expected"),
    [
        ({"years": 3}, {1: date(2023, 11, 23)}, "pass"),  # the third anniversary itself
        ({"years": 3}, {1: date(2023, 11, 24)}, "fail"),
        ({"years": 3}, {2: date(2026, 11, 1)}, "pass"),
        ({"years": 3}, {}, "pass"),
    ],
)
def test_earlier_award_of_the_programme(parameters: dict[str, int], last: dict[int, Any], expected: str) -> None:
    assert outcome("awarded", {**parameters, "programme": 1}, awarded=last) == expected


@pytest.mark.parametrize(
    ("kind", "parameters", "known", "expected"),
    [
        ("awarded", {"years": 3, "programme": 1}, {}, "unknown"),
        ("live_awards", {"maximum": 100}, {"live_awards": Decimal(100)}, "pass"),
        ("live_awards", {"maximum": 100}, {"live_awards": Decimal("100.01")}, "fail"),
        ("tax", {"minimum": 100}, {"tax": Decimal(100)}, "pass"),
        ("tax", {"minimum": 100}, {"tax": Decimal(99)}, "fail"),
        ("tax", {"minimum": 100}, {}, "unknown"),
        ("firm", {"any_of": [USCC]}, {"firm": USCC}, "pass"),
        ("firm", {"any_of": [USCC]}, {"firm": "12100000425006117P"}, "fail"),
    ],
)
def test_other_kinds(kind: str, parameters: dict[str, Any], known: dict[str, Any], expected: str) -> None:
    assert outcome(kind, parameters, **known) == expected


def test_register_of_awards_counts_live_ones_and_leaves_out_the_one_being_judged() -> None:
    story = story_in("active")
    firm, award = story.firm, Award.objects.get()

    facts = facts_of(firm, on=TODAY)
    apart = facts_of(firm, on=TODAY, apart_from=story.application)

    assert facts["live_awards"].value == award.amount
    assert facts["awarded"].value == {story.round.programme_id: award.awarded_at.astimezone(SHANGHAI).date()}
    assert (apart["live_awards"].value, apart["awarded"].value) == (0, {})


def test_tax_is_judged_without_being_told() -> None:
    firm = make.organisation()
    firm.yearly_figures.create(
        year=2025, tax_paid=Decimal(1_234_567), source="import", source_name="税务", source_date=TODAY
    )

    fact = facts_of(firm, on=TODAY)["tax"]

    assert (fact.value, str(fact.label)) == (Decimal(1_234_567), "Tax paid in 2025")


def test_subdistricts_of_the_form_are_those_of_the_district() -> None:
    assert len(list(FORMS["subdistrict"]().fields["any_of"].choices)) == Subdistrict.objects.count() == 12
