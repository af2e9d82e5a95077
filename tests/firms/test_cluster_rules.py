"""The rules of clusters: SQL and Python agree, a preview tells what a save does, and by hand wins."""

import random
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.utils import translation
from pytest_django.fixtures import Settings

from firms.clusters.membership import preview
from firms.clusters.sentences import names_of_codes, sentence
from firms.models import Cluster, ClusterFilling, ClusterMembership, ClusterRule, Organisation
from firms.models.clusters import rule_for
from firms.services import clusters
from firms.services.clusters import apply_rules, decide_by_hand, fill_cluster, fill_piece, leave_to_rules
from portal import work
from portal.lifecycle import StepClosed
from portal.roles import Role
from tests.editing import seen
from tests.firms.conftest import MakeFirm, MakeUser

CODES = ["6513", "6520", "6531", "7340", "2710", "65", ""]
WORDS = ["人工智能", "医疗器械", "100%", "a_b", "c.*d", "(", "\\", "'", '"', "😀", "AI"]


@pytest.fixture
def cluster(db: None) -> Cluster:
    return Cluster.objects.create(slug="new", title_en="New", title_zh="新")


def _rule(cluster: Cluster, **fields: Any) -> ClusterRule:
    return ClusterRule(cluster=cluster, title_en="r", title_zh="规则", **fields)


def _firms(draw: random.Random, number: int) -> None:
    Organisation.objects.bulk_create(
        Organisation(
            name_zh=f"企业{place}",
            slug=f"f-{place}",
            source="test",
            status="listed",
            kind="university" if place % 17 == 0 else "firm",
            industry_code=draw.choice(CODES),
            business_scope="；".join(draw.sample(WORDS, draw.randint(0, 4))),
        )
        for place in range(number)
    )


def _rules(draw: random.Random, cluster: Cluster) -> list[ClusterRule]:
    rules = []
    for _number in range(draw.randint(1, 5)):
        prefixes = draw.sample(["65", "651", "6520", "27", "9"], draw.randint(0, 2))
        words = draw.sample(WORDS, draw.randint(0 if prefixes else 1, 3))
        rules.append(
            _rule(
                cluster,
                class_prefixes=prefixes,
                scope_words=words,
                all_words=draw.random() < 0.4,
                keeps_out=draw.random() < 0.3,
            )
        )
    return rules


def _members(cluster: Cluster) -> dict[int, int | None]:
    return dict(ClusterMembership.objects.filter(cluster=cluster).values_list("organisation", "rule"))


@pytest.mark.parametrize("seed", range(6))
def test_sql_puts_firms_where_the_rules_say(cluster: Cluster, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311
    _firms(draw, 120)
    rules = _rules(draw, cluster)
    for rule in rules:
        rule.save()
    hand, out = Organisation.objects.firms().order_by("pk")[:2]
    decide_by_hand(organisation=hand, cluster=cluster, excluded=False, reason="x")
    decide_by_hand(organisation=out, cluster=cluster, excluded=True, reason="x")

    apply_rules()

    wanted = {
        firm.pk: found.pk
        for firm in Organisation.objects.firms().exclude(pk__in=[hand.pk, out.pk])
        if (found := rule_for(rules, firm.industry_code, firm.business_scope))
    }
    assert _members(cluster) == {**wanted, hand.pk: None, out.pk: None}
    assert apply_rules() == 0


@pytest.mark.parametrize("seed", range(4))
def test_preview_tells_what_a_save_does(cluster: Cluster, seed: int) -> None:
    draw = random.Random(100 + seed)  # noqa: S311
    _firms(draw, 120)
    for rule in _rules(draw, cluster):
        rule.save()
    apply_rules(cluster=cluster)
    before = _members(cluster)
    draft = [*list(cluster.rules.all())[1:], *_rules(draw, cluster)]

    told = preview(cluster, draft, size=200)

    assert _members(cluster) == before  # nothing was written
    cluster.rules.exclude(pk__in=[rule.pk for rule in draft if rule.pk]).update(is_ended=True)
    for rule in draft:
        rule.save()
    assert fill_cluster(cluster=cluster, changes=told.changes)
    after = _members(cluster)
    assert {change.organisation.pk for change in told.joining} == set(after) - set(before)
    assert {change.organisation.pk for change in told.leaving} == set(before) - set(after)
    assert {change.organisation.pk: change.rule.pk for change in told.joining}.items() <= after.items()
    both = set(before) & set(after)
    assert told.stays == sum(before[pk] != after[pk] for pk in both)
    assert (told.joins, told.leaves) == (len(told.joining), len(told.leaving))
    assert not ClusterRule._base_manager.filter(is_ended=True).exists()


# --- In the staff workplace -----------------------------------------------------------


@pytest.fixture
def officer(client: Client, make_user: MakeUser, settings: Settings) -> Client:
    settings.DEMONSTRATION = True  # staff without a second factor
    client.force_login(make_user("registry", Role.REGISTRY))
    return client


def _page(cluster: Cluster) -> str:
    return f"/admin/firms/cluster/{cluster.pk}/change/"


def _form(cluster: Cluster, *rules: dict[str, str]) -> dict[str, str]:
    saved = sum("id" in rule for rule in rules)
    data = {"slug": "new", "title_en": "New", "title_zh": "新", "position": "9",
            "rules-TOTAL_FORMS": str(len(rules)), "rules-INITIAL_FORMS": str(saved)}  # fmt: skip
    for number, rule in enumerate(rules):
        values = {
            "cluster": str(cluster.pk),
            "title_en": "Rule",
            "title_zh": "规则",
            "class_prefixes": "",
            "scope_words": "",
        }
        data |= {f"rules-{number}-{name}": value for name, value in {**values, **rule}.items()}
    return data


def _post(client: Client, cluster: Cluster, data: dict[str, str]) -> Any:
    return client.post(_page(cluster), {**data, "seen_history": seen(client, _page(cluster))})


def _token(page: Any) -> str:
    return re.findall(r'name="previewed" value="([0-9a-f]{64})"', page.text)[0]


def test_changed_rules_are_previewed_then_saved(officer: Client, cluster: Cluster, make_firm: MakeFirm) -> None:
    joining = make_firm("上海甲软件有限公司", industry_code="6513")
    data = _form(cluster, {"class_prefixes": "651，6520"})

    first = _post(officer, cluster, data)
    assert (first.status_code, cluster.rules.count(), first.context["preview"].joins) == (200, 0, 1)
    assert ("上海甲" in first.text or "Shanghai Jia" in first.text, "errornote" in first.text) == (True, False)
    second = _post(officer, cluster, {**data, "previewed": _token(first)})

    assert second.status_code == 302
    rule = cluster.rules.get()
    assert (rule.class_prefixes, _members(cluster)) == (["651", "6520"], {joining.pk: rule.pk})


def test_what_is_saved_is_what_was_previewed(officer: Client, cluster: Cluster, make_firm: MakeFirm) -> None:
    make_firm("上海甲软件有限公司", industry_code="6513")
    data = _form(cluster, {"class_prefixes": "651"})
    token = _token(_post(officer, cluster, data))
    make_firm("上海乙软件有限公司", industry_code="6513")  # meanwhile

    stale = _post(officer, cluster, {**data, "previewed": token})
    other_rules = _post(officer, cluster, {**_form(cluster, {"class_prefixes": "65"}), "previewed": _token(stale)})

    assert [page.status_code for page in (stale, other_rules)] == [200, 200]
    assert [page.context["is_stale"] for page in (stale, other_rules)] == [True, True]
    assert (stale.context["preview"].joins, cluster.rules.count()) == (2, 0)
    assert _post(officer, cluster, {**data, "previewed": _token(stale)}).status_code == 302
    assert len(_members(cluster)) == 2


def test_ending_a_rule_lets_its_firms_go(officer: Client, cluster: Cluster, make_firm: MakeFirm) -> None:
    rule = _rule(cluster, class_prefixes=["651"])
    rule.save()
    keeping = _rule(cluster, scope_words=["人工智能"])
    keeping.save()
    stays = make_firm("上海甲软件有限公司", industry_code="6513", business_scope="人工智能")
    make_firm("上海乙软件有限公司", industry_code="6513")
    rows = [
        {"id": str(rule.pk), "class_prefixes": "651", "DELETE": "on"},
        {"id": str(keeping.pk), "scope_words": "人工智能"},
    ]

    first = _post(officer, cluster, _form(cluster, *rows))
    told = first.context["preview"]
    assert (told.joins, told.leaves, told.stays) == (0, 1, 1)
    assert _post(officer, cluster, {**_form(cluster, *rows), "previewed": _token(first)}).status_code == 302

    assert _members(cluster) == {stays.pk: keeping.pk}
    assert list(ClusterRule._base_manager.filter(cluster=cluster)) == [keeping]


def test_other_words_of_a_rule_need_no_preview(officer: Client, cluster: Cluster) -> None:
    rule = _rule(cluster, class_prefixes=["651"])
    rule.save()
    data = _form(cluster, {"id": str(rule.pk), "class_prefixes": "651", "title_en": "Better"})

    assert _post(officer, cluster, data).status_code == 302
    rule.refresh_from_db()
    assert rule.title_en == "Better"
    assert _post(officer, cluster, {**data, "_preview": "1"}).context["preview"].changes == 0


def test_preview_is_paged(officer: Client, cluster: Cluster, make_firm: MakeFirm) -> None:
    for number in range(23):
        make_firm(f"上海{number}软件有限公司", industry_code="6513")
    data = _form(cluster, {"class_prefixes": "651"})

    first = _post(officer, cluster, data).context["preview"]
    second = _post(officer, cluster, {**data, "_joining": str(first.more_joining)}).context["preview"]

    assert (first.joins, len(first.joining), len(second.joining), second.more_joining) == (23, 20, 3, 0)
    assert _post(officer, cluster, {**data, "_joining": "9" * 40}).status_code == 200
    assert cluster.rules.count() == 0


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"class_prefixes": "9999"}, "No industry of the standard"),
        ({"class_prefixes": "I"}, "two to four digits"),
        ({"class_prefixes": "６５１３"}, "two to four digits"),
        ({"class_prefixes": "65; DROP TABLE"}, "two to four digits"),
        ({"scope_words": "长" * 41}, "more than 40 characters"),
        ({"scope_words": ",".join(str(number) for number in range(61))}, "At most 60"),
        ({"scope_words": " ， 、"}, "would fit every firm"),
        ({"scope_words": "a\x00b"}, "Null characters"),
    ],
)
def test_rule_that_makes_no_sense_is_refused(
    officer: Client, cluster: Cluster, rule: dict[str, str], words: str
) -> None:
    page = _post(officer, cluster, _form(cluster, rule))

    assert (page.status_code, words in page.text, cluster.rules.count()) == (200, True, 0)


def test_signs_in_words_are_only_signs(officer: Client, cluster: Cluster, make_firm: MakeFirm) -> None:
    exact = make_firm("上海甲有限公司", business_scope="纯度100%材料；a_b；c.*d；<b>x</b>")
    make_firm("上海乙有限公司", business_scope="纯度1000材料；axb；cxxd")
    rows = [{"scope_words": word} for word in ("100%", "a_b", "c.*d", "<b>x</b>")]

    first = _post(officer, cluster, _form(cluster, *rows))
    _post(officer, cluster, {**_form(cluster, *rows), "previewed": _token(first)})

    assert (list(_members(cluster)), "<b>x</b>" in first.text) == ([exact.pk], False)


@pytest.mark.parametrize(("role", "status"), [(Role.AUDITOR, 403), (Role.INVESTMENT, 403), (Role.REVIEWER, 403)])
def test_others_change_no_rules(
    client: Client, cluster: Cluster, make_user: MakeUser, settings: Settings, role: Role, status: int
) -> None:
    settings.DEMONSTRATION = True
    client.force_login(make_user("staff", role))

    assert client.post(_page(cluster), _form(cluster, {"class_prefixes": "651"})).status_code == status
    assert client.post("/admin/firms/clustermembership/add/", {}).status_code == status
    assert cluster.rules.count() == 0


# --- By hand --------------------------------------------------------------------------


def test_decision_by_hand_wins_and_is_taken_back(officer: Client, cluster: Cluster, make_firm: MakeFirm) -> None:
    rule = _rule(cluster, class_prefixes=["651"])
    rule.save()
    firm = make_firm("上海甲软件有限公司", industry_code="6513")
    add = {"organisation": str(firm.pk), "cluster": str(cluster.pk), "excluded": "on", "reason": "  "}

    without = officer.post("/admin/firms/clustermembership/add/", add)
    done = officer.post("/admin/firms/clustermembership/add/", {**add, "reason": "Moved to another line of business"})
    again = officer.post("/admin/firms/clustermembership/add/", {**add, "reason": "x"})
    apply_rules()

    membership = ClusterMembership.objects.get(organisation=firm, cluster=cluster)
    assert [page.status_code for page in (without, done, again)] == [200, 302, 200]
    assert (membership.rule, membership.excluded, membership.reason) == (
        None,
        True,
        "Moved to another line of business",
    )
    assert "kept out by hand" in officer.get("/admin/firms/clustermembership/?how=out").text
    officer.post(f"/admin/firms/clustermembership/{membership.pk}/delete/", {"post": "yes"})
    assert _members(cluster) == {firm.pk: rule.pk}
    by_rule = ClusterMembership.objects.get(organisation=firm, cluster=cluster)
    assert officer.post(f"/admin/firms/clustermembership/{by_rule.pk}/delete/", {"post": "yes"}).status_code == 403


def test_decision_by_hand_asks_for_a_reason(cluster: Cluster, make_firm: MakeFirm) -> None:
    firm = make_firm()

    with pytest.raises(StepClosed):
        decide_by_hand(organisation=firm, cluster=cluster, excluded=False, reason=" ")
    membership = decide_by_hand(organisation=firm, cluster=cluster, excluded=False, reason="x")
    leave_to_rules(memberships=[membership])

    assert _members(cluster) == {}


# --- In the background ----------------------------------------------------------------


def test_large_changes_are_made_piece_by_piece(
    cluster: Cluster, make_firm: MakeFirm, monkeypatch: pytest.MonkeyPatch
) -> None:
    firms = [make_firm(f"上海{number}软件有限公司", industry_code="6513") for number in range(3)]
    monkeypatch.setattr(clusters, "MOST_AT_ONCE", 2)
    monkeypatch.setattr(clusters, "PIECE", firms[1].pk)  # the third is in the second piece
    ended = _rule(cluster, scope_words=["x"], is_ended=True)
    ended.save()
    rule = _rule(cluster, class_prefixes=["651"])
    rule.save()

    assert fill_cluster(cluster=cluster, changes=3) is False
    assert _members(cluster) == {}
    first = ClusterFilling.objects.open().get()
    fill_piece(first)
    assert list(_members(cluster)) == [firm.pk for firm in firms[:2]]
    ClusterFilling.objects.filter(pk=first.pk).delete()
    assert work.run(clusters.QUEUE) == 1

    assert list(_members(cluster)) == [firm.pk for firm in firms]
    assert not ClusterRule._base_manager.filter(pk=ended.pk).exists()
    assert not ClusterFilling.objects.open().exists()


@pytest.fixture
def firm_being_saved(db: None) -> Iterator[None]:
    """Hold what a transaction holds that saves a firm."""
    with psycopg.connect(**{**connection.get_connection_params(), "cursor_factory": None, "context": None}) as other:
        other.execute("SELECT pg_advisory_xact_lock_shared(%s)", [clusters._LOCK])
        yield


@pytest.mark.usefixtures("firm_being_saved")
def test_rules_wait_for_firms_that_are_being_saved(cluster: Cluster) -> None:
    _rule(cluster, class_prefixes=["651"]).save()

    assert fill_cluster(cluster=cluster, changes=0) is False
    with pytest.raises(work.NotNow):
        fill_piece(ClusterFilling.objects.open().get())


# --- In words -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "english", "chinese"),
    [
        (
            {"class_prefixes": ["651"]},
            "Takes in a firm whose industry code begins with 651.",
            "行业代码以651开头的企业，归入本集群。",
        ),
        (
            {"class_prefixes": ["65", "7340"], "scope_words": ["AI", "人工智能"], "keeps_out": True},
            (
                "Keeps out a firm whose industry code begins with 65 (Software and information technology services) or 7340 "
                "(Research and development in medicine), "
                'and whose business scope has “AI” or <span lang="zh-Hans">“人工智能”</span>.'
            ),
            "行业代码以65（软件和信息技术服务业）或7340（医学研究和试验发展）开头，且经营范围含有“AI”或“人工智能”的企业，不归入本集群。",
        ),
        (
            {"scope_words": ["a", "b", "<c>"], "all_words": True},
            "Takes in a firm whose business scope has “a”, “b” and “&lt;c&gt;”.",
            "经营范围含有“a”、“b”和“&lt;c&gt;”的企业，归入本集群。",
        ),
        (
            {"scope_words": ["甲乙", "丙丁", "<戊己>"]},
            (
                'Takes in a firm whose business scope has <span lang="zh-Hans">“甲乙”</span>, '
                '<span lang="zh-Hans">“丙丁”</span> or <span lang="zh-Hans">“&lt;戊己&gt;”</span>.'
            ),
            "经营范围含有“甲乙”、“丙丁”或“&lt;戊己&gt;”的企业，归入本集群。",
        ),
    ],
)
def test_rule_is_a_sentence(cluster: Cluster, fields: dict[str, Any], english: str, chinese: str) -> None:
    rule = _rule(cluster, **fields)

    said = []
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said.append(str(sentence(rule, names_of_codes([rule]))))

    assert said == [english, chinese]
