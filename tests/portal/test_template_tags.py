"""The portal's template tags."""

from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.http import HttpRequest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation


def _render(source: str, language: str = "en", **context: Any) -> str:
    with translation.override(language):
        return Template("{% load portal %}" + source).render(Context(context))


def _get(path: str) -> HttpRequest:
    return RequestFactory().get(path)


@pytest.mark.parametrize(
    ("language", "english", "chinese", "expected"),
    [
        ("en", "River", "江", "River"),
        ("zh-hans", "River", "江", "江"),
        ("en", "", "江", '<span lang="zh-Hans">江</span>'),
        ("zh-hans", "River", "", '<span lang="en">River</span>'),
        ("zh-hans", "", "", ""),
        ("en", "<b>&", "", "&lt;b&gt;&amp;"),
        ("zh-hans", "<b>&", "", '<span lang="en">&lt;b&gt;&amp;</span>'),
    ],
)
def test_bilingual_says_when_the_text_is_in_the_other_language(
    language: str, english: str, chinese: str, expected: str
) -> None:
    thing = SimpleNamespace(title_en=english, title_zh=chinese)

    assert _render('{% bilingual thing "title" %}', language, thing=thing) == expected


def test_bilingual_sets_paragraphs_and_escapes_them() -> None:
    thing = {"text_en": "One <script>\n\nTwo", "text_zh": ""}

    rendered = _render('{% bilingual thing "text" linebreaks=True %}', "zh-hans", thing=thing)

    assert rendered == '<div lang="en"><p>One &lt;script&gt;</p>\n\n<p>Two</p></div>'


def test_bilingual_text_has_no_markup() -> None:
    assert _render('{% bilingual_text thing "name" %}', "zh-hans", thing={"name_en": "A", "name_zh": ""}) == "A"


@pytest.mark.parametrize(
    ("path", "language", "expected"),
    [
        ("/en/firms/?q=a&page=2", "zh-hans", "/zh-hans/firms/?q=a&amp;page=2"),
        ("/zh-hans/", "en", "/en/"),
        ("/admin/x/", "en", "/en/"),
        ("/en//evil.example/", "zh-hans", "/zh-hans//evil.example/"),
    ],
)
def test_switching_the_language_keeps_the_page(path: str, language: str, expected: str) -> None:
    rendered = _render("{% switch_language_url other %}", request=_get(path), other=language)

    assert rendered == expected


@pytest.mark.parametrize(
    ("query", "tag", "expected"),
    [
        ("?q=a", "page=2", "?q=a&amp;page=2"),
        ("?q=a&page=7", "page=2", "?q=a&amp;page=2"),
        ("?q=a&page=7", "page=None", "?q=a"),
        ("", "q='江 & 海'", "?q=%E6%B1%9F+%26+%E6%B5%B7"),
    ],
)
def test_query_with_changes_one_parameter(query: str, tag: str, expected: str) -> None:
    assert _render("{% query_with " + tag + " %}", request=_get("/en/" + query)) == expected


def test_status_tag_escapes_and_knows_its_tones() -> None:
    assert _render('{% status_tag label "red" %}', label="<x>") == '<strong class="tag tag--red">&lt;x&gt;</strong>'
    assert _render('{% status_tag "New" "evil" %}') == '<strong class="tag tag--grey">New</strong>'


def test_money_and_dates_are_filters() -> None:
    assert _render("{{ amount|money }}", amount=15_000_000) == "CNY 15 million"
    assert _render("{{ nothing|working_date }}{{ nothing|working_time }}", nothing=None) == ""


class _Form(forms.Form):
    name = forms.CharField(label="Name", help_text="As <registered>")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    letter = forms.FileField(label="Letter", help_text="PDF")
    note = forms.CharField(label="Note", required=False)

    def clean(self) -> None:
        raise forms.ValidationError("All wrong")


def test_error_summary_leads_to_each_field_once() -> None:
    rendered = _render("{% error_summary form %}{% error_summary form %}", form=_Form({}))

    assert rendered.count("data-error-summary") == 1
    assert "<li>All wrong</li>" in rendered
    for target in ("id_name", "id_kind_0", "id_letter"):
        assert f'href="#{target}"' in rendered


def test_error_summary_of_a_valid_or_unsent_form_is_empty() -> None:
    assert _render("{% error_summary form %}", form=_Form()).strip() == ""


def test_a_form_links_labels_hints_and_errors_to_fields() -> None:
    rendered = _render("{% load crispy_forms_filters %}{{ form|crispy }}", form=_Form({"name": "\x00"}))

    assert 'aria-describedby="id_name_helptext id_name_error"' in rendered
    assert 'aria-describedby="id_letter_helptext id_letter_error"' in rendered
    assert 'id="id_letter_helptext">PDF<' in rendered
    assert "As &lt;registered&gt;" in rendered
    assert '<fieldset class="choices" aria-describedby="id_kind_error">' in rendered
    assert 'Note <span class="optional">(optional)</span>' in rendered
    assert 'style="' not in rendered
