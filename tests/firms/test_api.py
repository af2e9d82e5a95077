"""The public API: what it tells of firms, how it pages, what it refuses, whom it limits."""

import json
import random
from datetime import date
from decimal import Decimal
from ipaddress import IPv6Address
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from rest_framework.throttling import SimpleRateThrottle

from firms.api import reading
from firms.models import Certificate, Cluster, ClusterMembership, Organisation, SearchEntry
from portal.api.views import schema
from tests.firms.conftest import MakeFirm

FIRMS = "/api/v1/firms/"
CODE = "91310110591673062R"


@pytest.fixture
def api() -> Client:
    """A client from an address of its own: all tests of this machine share one cache."""
    return Client(raise_request_exception=False, REMOTE_ADDR=str(IPv6Address(random.getrandbits(128))))


@pytest.fixture
def many_firms(make_firm: MakeFirm) -> list[Organisation]:
    return [make_firm(f"上海第{number}软件有限公司", name_en=f"Firm {number}") for number in range(5)]


def _names(answer: Any) -> list[str]:
    return [firm["name_en"] for firm in answer.json()["results"]]


def test_firm_tells_what_its_public_page_shows(api: Client, make_firm: MakeFirm) -> None:
    firm = make_firm(
        name_en="Example Software", uscc=CODE, subdistrict_id="310110019", staff=57, founded=date(2015, 5, 6),
        registered_capital=Decimal("1500000.50"), foreign_invested=False, description_zh="软件", source_date=date(2026, 6, 1),
    )  # fmt: skip
    Certificate.objects.create(organisation=firm, level="hnte", from_registry=True)
    cluster = Cluster.objects.order_by("pk")[0]
    ClusterMembership.objects.update_or_create(
        organisation=firm, cluster=cluster, defaults={"rule": None, "excluded": False}
    )
    ClusterMembership.objects.filter(organisation=firm).exclude(cluster=cluster).delete()

    answer = api.get(f"{FIRMS}{firm.slug}/")

    assert answer["Content-Type"] == "application/json"
    assert answer.json() == {
        "slug": firm.slug,
        "url": f"http://localhost:8000/api/v1/firms/{firm.slug}/",
        "page_en": f"http://localhost:8000/en/firms/{firm.slug}/",
        "page_zh": f"http://localhost:8000/zh-hans/firms/{firm.slug}/",
        "name_en": "Example Software", "name_zh": "上海示例软件有限公司", "name_pinyin": firm.name_pinyin,
        "uscc": CODE, "foreign_number": "", "country": "CN", "industry_code": "6513",
        "industry": {"code": "6513", "name_en": "Development of application software", "name_zh": "应用软件开发"},
        "subdistrict": {"code": "310110019", "slug": "wujiaochang", "name_en": "Wujiaochang", "name_zh": "五角场"},
        "address": "", "founded": "2015-05-06", "registered_capital": "1500000.50", "staff_band": "10-99",
        "foreign_invested": False, "website": "", "description_en": "", "description_zh": "软件", "business_scope": "",
        "clusters": [
            {"slug": cluster.slug, "title_en": cluster.title_en, "title_zh": cluster.title_zh, "rule_en": None, "rule_zh": None}
        ],
        "certificates": [
            {
                "level": "hnte", "level_en": "High and new technology enterprise", "level_zh": "高新技术企业",
                "authority": "", "issued": None, "expires": None, "from_registry": True,
            }
        ],
        "source": "test", "source_date": "2026-06-01", "confirmed_on": None,
    }  # fmt: skip


@pytest.mark.parametrize("status", ["incoming", "unlisted"])
def test_firm_that_is_not_listed_is_not_there(api: Client, make_firm: MakeFirm, status: str) -> None:
    firm = make_firm(status=status, uscc=CODE)

    answers = [api.get(FIRMS).json()["total"], api.get(FIRMS, {"uscc": CODE}).json()["results"]]

    assert (answers, api.get(f"{FIRMS}{firm.slug}/").status_code) == ([0, []], 404)


def test_firm_that_was_merged_leads_to_what_stands_for_it(api: Client, make_firm: MakeFirm) -> None:
    firm, gone = make_firm(uscc=CODE), make_firm(status="unlisted")
    gone.cluster_memberships.all().delete()
    SearchEntry.objects.filter(organisation=gone).delete()
    Organisation.objects.filter(pk=gone.pk).update(status="merged", merged_into=firm)

    answer = api.get(f"{FIRMS}{gone.slug.upper()}/")

    assert (answer.status_code, answer["Location"]) == (301, f"{FIRMS}{firm.slug}/")


@pytest.mark.parametrize("parameters", [{}, {"q": "软件"}, {"sort": "name", "q": "软件"}, {"staff": "10-99"}])
def test_pages_lead_through_every_firm_and_back(
    api: Client, many_firms: list[Organisation], parameters: dict[str, str]
) -> None:
    Organisation.objects.update(staff=57)
    seen, address = [], f"{FIRMS}?{urlencode({**parameters, 'page_size': 2})}"
    while address:
        answer = api.get(address.removeprefix("http://localhost:8000"))
        seen.append(_names(answer))
        last, address = answer.json(), answer.json()["next"]

    before = api.get(last["previous"].removeprefix("http://localhost:8000"))
    assert [len(page) for page in seen] == [2, 2, 1]
    assert sorted(name for page in seen for name in page) == [f"Firm {number}" for number in range(5)]
    assert (_names(before), last["total"], last["total_is_capped"]) == (seen[1], 5, False)


def test_answer_is_the_same_in_every_language(api: Client, many_firms: list[Organisation]) -> None:
    english, chinese = (api.get(FIRMS, headers={"accept-language": language}) for language in ("en", "zh-CN"))

    assert english.content == chinese.content
    assert [(answer.get("Vary"), answer.get("Content-Language")) for answer in (english, chinese)] == [(None, None)] * 2


def test_code_finds_one_firm(api: Client, make_firm: MakeFirm) -> None:
    make_firm(name_en="One", uscc=CODE)
    make_firm("上海乙软件有限公司", name_en="Two")

    answers = [api.get(FIRMS, {"uscc": code}) for code in (CODE, CODE.lower(), "91310110MARL73T8WG")]

    assert [_names(answer) for answer in answers] == [["One"], ["One"], []]


def test_facets_count_in_both_languages(api: Client, make_firm: MakeFirm) -> None:
    make_firm(subdistrict_id="310110019")
    make_firm("上海乙机器人有限公司", subdistrict_id="310110016")

    answer = api.get("/api/v1/facets/", {"q": "软件"}).json()

    places = next(facet for facet in answer["facets"] if facet["name"] == "subdistrict")
    counted = {choice["value"]: choice["firms"] for choice in places["choices"]}
    assert (answer["total"], places["label_en"], places["label_zh"]) == (1, "Subdistrict", "所属街道")
    assert (counted["wujiaochang"], counted["yinhang"], len(counted)) == (1, 0, 12)
    assert {"value": "yinhang", "label_en": "Yinhang", "label_zh": "殷行", "parent": None, "firms": 0} in places[
        "choices"
    ]


def test_places_say_how_many_firms_they_have(api: Client, make_firm: MakeFirm) -> None:
    firm = make_firm(subdistrict_id="310110019")
    cluster = Cluster.objects.order_by("pk")[0]
    ClusterMembership.objects.update_or_create(
        organisation=firm, cluster=cluster, defaults={"rule": None, "excluded": False}
    )

    clusters = {one["slug"]: one for one in api.get("/api/v1/clusters/").json()["results"]}
    places = {one["slug"]: one for one in api.get("/api/v1/subdistricts/").json()["results"]}

    assert (len(clusters), clusters[cluster.slug]["firms"]) == (Cluster.objects.count(), 1)
    assert (len(places), places["wujiaochang"]["firms"], places["yinhang"]["firms"]) == (12, 1, 0)
    assert api.get(f"/api/v1/clusters/{cluster.slug}/").json() == clusters[cluster.slug]


@pytest.mark.parametrize("path", [FIRMS, f"{FIRMS}?q=软件", f"{FIRMS}?staff=10-99", "/api/v1/facets/"])
def test_number_of_queries_does_not_follow_the_number_of_firms(api: Client, make_firm: MakeFirm, path: str) -> None:
    numbers = []
    for wanted in (1, 3):
        while Organisation.objects.count() < wanted:
            firm = make_firm(f"上海第{Organisation.objects.count()}软件有限公司", staff=57, subdistrict_id="310110019")
            Certificate.objects.create(organisation=firm, level="hnte")
        with CaptureQueriesContext(connection) as queries:
            assert api.get(path).json()["total"] == wanted
        numbers.append(len(queries))

    assert numbers[0] == numbers[1] <= 12


@pytest.mark.parametrize(
    "query",
    [
        "page=2", "page_size=0", "page_size=101", "page_size=-1", "page_size=1e3", "page_size=%EF%BC%91%EF%BC%92", "page_size=",
        "page_size=1" + "0" * 30, "page_size=1_0", "page_size=2&page_size=3", "after=nothing", "before=%ED%A0%80", "after=a&before=b",
        "sort=unknown", "sort=relevance", "cluster=nothing", "subdistrict=wujiaochang&subdistrict=x", "staff=__regex", "q=%25",
        "q=" + "a" * 101, "q=a&q=b", "uscc=1", "uscc=" + CODE + "&q=a", "uscc=%F0%A0%80%80", "format=xml", "ordering=name", "_=1",
        "&".join(["staff=1-9"] * 31), "q=%00", "after=" + "x" * 9000,
    ],
)  # fmt: skip
def test_query_without_sense_is_refused_with_a_sentence(
    api: Client, many_firms: list[Organisation], query: str
) -> None:
    answer = api.get(f"{FIRMS}?{query}")

    problem = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert (problem["type"], problem["title"], problem["status"]) == ("about:blank", "Bad Request", 400)
    assert len(problem["detail"]) > 10
    assert "max-age" not in answer.get("Cache-Control", "")


@pytest.mark.parametrize("path", ["facets/?sort=name", "clusters/?page=1", "subdistricts/?q=a", "schema/?format=yaml"])
def test_parameter_of_another_address_is_refused(api: Client, db: None, path: str) -> None:
    assert api.get(f"/api/v1/{path}").status_code == 400


_NAMES = st.sampled_from(["q", "cluster", "industry", "staff", "sort", "page_size", "after", "before", "uscc", "page"])
_VALUES = st.one_of(
    st.text(max_size=120), st.sampled_from(["软件", "1-9", "name", "2", "I", "newest", "relevance", "65"])
)


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.lists(st.tuples(_NAMES, _VALUES), max_size=4))
def test_answer_of_any_query_is_as_described(
    make_firm: MakeFirm, query: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "allow_request", lambda *_: True)
    if not Organisation.objects.exists():
        make_firm()

    answer = Client(raise_request_exception=False).get(f"{FIRMS}?{urlencode(query, errors='replace')}")

    name = {200: "FirmPage", 400: "Problem"}[answer.status_code]
    _validate(answer.json(), name)


def _validate(value: Any, name: str) -> None:
    """Compare with the description; OpenAPI 3.0 writes what may be null in its own way."""
    known = json.loads(json.dumps(schema("en")), object_hook=_with_null)
    Draft4Validator({"$ref": f"#/components/schemas/{name}", "components": known["components"]}).validate(value)


def _with_null(known: dict[str, Any]) -> dict[str, Any]:
    nullable = known.pop("nullable", False)
    return {"anyOf": [known, {"type": "null"}]} if nullable is True else known


def test_description_is_openapi_and_fits_every_answer(api: Client, make_firm: MakeFirm, capsys: Any) -> None:
    firm = make_firm(uscc=CODE, subdistrict_id="310110019")
    schema.cache_clear()

    answer = api.get("/api/v1/schema/")

    validate_schema(answer.json())
    assert capsys.readouterr().err == ""  # where it guesses, it says so
    assert answer["Content-Type"] == "application/vnd.oai.openapi+json"
    answers = {
        "Firm": f"firms/{firm.slug}/",
        "Facets": "facets/",
        "Clusters": "clusters/",
        "Subdistricts": "subdistricts/",
        "ServiceStandard": "service-standard/",
    }
    for name, path in answers.items():
        _validate(api.get(f"/api/v1/{path}").json(), name)
    _validate(api.get("/api/v1/firms/nothing/").json(), "Problem")


@pytest.mark.parametrize("path", [FIRMS, "/api/v1/facets/", "/api/v1/clusters/", "/api/v1/schema/"])
def test_unchanged_answer_is_not_sent_again(api: Client, many_firms: list[Organisation], path: str) -> None:
    first = api.get(path)
    again = api.get(path, headers={"if-none-match": first["ETag"]})
    Organisation.objects.filter(pk=many_firms[0].pk).update(name_en="Z", founded=date(2024, 1, 1))
    Cluster.objects.update(title_en="Z")

    changed = api.get(path, headers={"if-none-match": first["ETag"]}).status_code

    assert (first["Cache-Control"], first["ETag"][:1]) == ("public, max-age=60", '"')
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert changed == (304 if path == "/api/v1/schema/" else 200)


def test_too_many_requests_of_one_address_wait(
    api: Client, many_firms: list[Organisation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"anon": "2/min"})

    answers = [api.get(FIRMS) for _number in range(3)]
    neighbour = api.get(FIRMS, REMOTE_ADDR=str(IPv6Address(int(IPv6Address(api.defaults["REMOTE_ADDR"])) ^ 1)))
    forged = api.get(FIRMS, headers={"x-forwarded-for": "198.51.100.7"})
    stranger = api.get(FIRMS, REMOTE_ADDR=str(IPv6Address(random.getrandbits(128))))

    assert [answer.status_code for answer in [*answers, neighbour, forged, stranger]] == [200, 200, 429, 429, 429, 200]
    assert 0 < int(answers[2]["Retry-After"]) <= 60
    assert answers[2].json()["title"] == "Too Many Requests"


def test_reading_goes_on_while_redis_is_away(api: Client, many_firms: list[Organisation], settings: Any) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}

    assert api.get(FIRMS).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("get", "/api/v1/nothing/", {}, 404),
        ("get", "/api/", {}, 404),
        ("get", f"{FIRMS}%FF/", {}, 404),
        ("post", FIRMS, {}, 405),
        ("delete", f"{FIRMS}x/", {}, 405),
        ("post", "/api/v1/nothing/", {}, 404),
        ("get", FIRMS, {"accept": "application/xml"}, 406),
        ("get", FIRMS, {"host": "evil.example"}, 400),
        ("get", f"{FIRMS}\x00/", {}, 400),
    ],
)
def test_every_refusal_is_a_problem(
    db: None, api: Client, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = getattr(api, method)(path, headers=headers | {"accept-language": "zh-CN"})

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert (answer.json()["status"], answer["Access-Control-Allow-Origin"]) == (status, "*")
    assert any("一" <= character <= "龥" for character in answer.json()["detail"])


@pytest.mark.parametrize(("error", "status"), [(OperationalError("refused"), 503), (RuntimeError("mistake"), 500)])
def test_failure_is_a_problem(
    db: None, api: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def fail(*args: Any) -> None:
        raise error

    monkeypatch.setattr(reading, "criteria_of", fail)

    answer = api.get(FIRMS)

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert (answer.json()["status"], answer.get("Retry-After")) == (status, "30" if status == 503 else None)


def test_pages_of_other_origins_may_read(db: None, api: Client) -> None:
    asked = api.options(
        FIRMS, headers={"origin": "https://elsewhere.example", "access-control-request-headers": "if-none-match"}
    )
    read = api.get("/api/v1/subdistricts/", headers={"origin": "null"})

    assert (asked.status_code, asked["Access-Control-Allow-Methods"]) == (204, "GET, HEAD")
    assert [answer["Access-Control-Allow-Origin"] for answer in (asked, read)] == ["*", "*"]
    assert "Access-Control-Allow-Credentials" not in read


@pytest.mark.parametrize(("language", "text"), [("en", "Listed firms, page by page"), ("zh-hans", "逐页读取公开企业")])
def test_page_for_people_describes_every_address(client: Client, db: None, language: str, text: str) -> None:
    led = client.get("/api/v1/docs/", headers={"accept-language": language})
    html = client.get(f"/{language}/open-data/").content.decode()

    assert led["Location"] == f"/{language}/open-data/"
    assert text in html
    assert [path for path in schema("en")["paths"] if path not in html] == []
