"""What a search found is marked where it stands, and nothing that was typed becomes markup."""

import pytest
from django.test import Client

from firms.models import Organisation
from firms.search.marking import Marks
from firms.search.texts import Text
from tests.firms.conftest import MakeFirm


@pytest.mark.parametrize(
    ("typed", "text", "marked"),
    [
        ("软件", "上海光海软件有限公司", "上海光海[软件]有限公司"),
        ("光海软件", "上海光海软件有限公司", "上海[光海软件]有限公司"),
        ("光 软", "上海光海软件有限公司", "上海[光]海[软]件有限公司"),
        ("soft", "Shanghai Software Co., Ltd.", "Shanghai [Soft]ware Co., Ltd."),
        ("soft guanghai", "Guanghai Software", "[Guanghai] Software"),
        ("ｓｏｆｔ", "Ｓｏｆｔware", "[Ｓｏｆｔ]ware"),
        ("guanghai", "上海光海软件有限公司", "上海[光海]软件有限公司"),
        ("guang hai", "上海光海软件有限公司", "上海[光海]软件有限公司"),
        ("ghrj", "上海光海软件有限公司", "上海[光海软件]有限公司"),
        ("shgh", "上海光海软件有限公司", "[上海光海]软件有限公司"),
        ("<script>", "<script>alert(1)</script>", "&lt;[script]&gt;alert(1)&lt;/[script]&gt;"),
        ("amp", "A & B &amp; C", "A &amp; B &amp;[amp]; C"),
        ("𠀀", "上海𠀀司", "上海[𠀀]司"),
        ("!!!", "!!!", "!!!"),
        ("", "<b>", "&lt;b&gt;"),
    ],
)
def test_marks_stand_where_the_search_was_met(typed: str, text: str, marked: str) -> None:
    assert Marks(Text(typed))(text).replace("<mark>", "[").replace("</mark>", "]") == marked


def test_marks_of_pinyin_reach_into_words() -> None:
    assert Marks(Text("kaiyu"))("Shanghai Bokaiyu", is_pinyin=True) == "Shanghai Bo<mark>kaiyu</mark>"


def test_words_of_one_stem_are_marked(make_firm: MakeFirm) -> None:
    firm = make_firm(name_en="Applied Robotics and Roberts Robots")

    marks = Marks(Text("robot applying"), [firm])

    assert marks(firm.name_en) == ("<mark>Applied</mark> <mark>Robotics</mark> and Roberts <mark>Robots</mark>")


@pytest.mark.parametrize(
    ("typed", "kind", "text"),
    [
        ("区块链", "scope", "…<mark>区块链</mark>…"),
        ("ships", "description", "<mark>ships</mark>"),
        ("船舶", "description", "<mark>船舶</mark>"),
        ("91310110mARl", "code", "<mark>91310110MARL</mark>73T8WG"),
        ("软件 区块链", "scope", "<mark>区块链</mark>"),
    ],
)
def test_snippet_shows_what_the_names_do_not(make_firm: MakeFirm, typed: str, kind: str, text: str) -> None:
    firm = make_firm(
        "上海光海软件有限公司",
        uscc="91310110MARL73T8WG",
        business_scope="信息技术服务；" * 20 + "区块链技术开发<b>；" + "信息技术服务；" * 20,
        description_en="Software for <i>ships & harbours",
        description_zh="面向船舶",
    )

    (hit,) = Marks(Text(typed), [firm]).hits()

    assert hit.snippet
    assert hit.snippet.kind == kind
    for piece in text.split("…"):
        assert piece in hit.snippet.text
    assert (hit.snippet.text.startswith("…"), hit.snippet.text.endswith("…")) == (kind == "scope", kind == "scope")
    assert ("<b>" in hit.snippet.text, "<i>" in hit.snippet.text) == (False, False)


def test_name_that_shows_it_needs_no_snippet(make_firm: MakeFirm) -> None:
    firm = make_firm("上海光海软件有限公司", business_scope="软件开发")

    assert [hit.snippet for hit in Marks(Text("软件"), [firm]).hits()] == [None]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_nothing_typed_or_stored_becomes_markup(client: Client, make_firm: MakeFirm, language: str) -> None:
    make_firm("上海<b>光海</b>软件", name_en='"><img src=x onerror=alert(1)>', business_scope="<script>光海</script>")

    html = client.get(f"/{language}/firms/", {"q": "光海"}).content.decode()
    typed = client.get(f"/{language}/firms/", {"q": '"><img src=x onerror=alert(1)>'}).content.decode()

    assert Organisation.objects.count() == 1
    for page in (html, typed):
        assert [bad for bad in ("<img", "<b>", "<script>", "onerror=alert(1)>") if bad in page] == []
    assert "&lt;b&gt;<mark>光海</mark>&lt;/b&gt;软件" in html
