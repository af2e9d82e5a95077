"""Words that several parts share, and words that only look the same."""

import re

import pytest
from django import forms
from django.contrib.auth.models import Group
from django.template.loader import render_to_string
from django.utils.translation import gettext, override, pgettext

from portal import catalogues
from portal.admin.accounts import _role_name, _RolesField
from portal.environment import BASE_DIR
from portal.roles import Role
from portal.templatetags.portal import error_summary


class _Form(forms.Form):
    what = forms.CharField(label="What is it?")
    declared = forms.BooleanField(label="I declare a very long thing")


def test_messages_are_marked_by_names_that_their_extraction_knows() -> None:
    marked = re.compile(r"import p?n?gettext\w* as (?!_$)(\w+)$", re.MULTILINE)
    files = [path for part in catalogues.PARTS for path in (BASE_DIR / part).rglob("*.py")]

    assert [(str(path), found) for path in files for found in marked.findall(path.read_text("utf-8"))] == []


def test_no_two_parts_translate_a_message_differently() -> None:
    assert catalogues.contradictions() == []


@pytest.mark.parametrize(
    ("context", "english", "chinese"),
    [
        ("inquiry", "Closed", "已办结"),
        ("inquiry", "received", "已受理"),
        ("time", "received", "收到时间"),
        ("opportunity", "Return for changes", "退回修改"),
        ("application form", "section", "申报表栏目"),
        ("holiday", "name", "名称"),
    ],
)
def test_the_same_english_word_is_another_chinese_word_in_another_place(
    context: str, english: str, chinese: str
) -> None:
    with override("zh-hans"):
        assert pgettext(context, english) == chinese


def test_closing_a_page_of_the_staff_workplace_is_not_closing_an_inquiry() -> None:
    with override("zh-hans"):
        assert gettext("Close") == "关闭"


def test_the_error_summary_does_not_repeat_a_declaration_or_double_a_mark() -> None:
    form = _Form({})
    words = render_to_string("components/error_summary.html", error_summary(form))
    assert "I declare" not in words
    assert "What is it? This field is required." in words


def test_a_role_is_named_in_the_language_of_the_reader() -> None:
    with override("zh-hans"):
        assert _role_name(Group(name=Role.MANAGER)) == str(Role.MANAGER.label) != Role.MANAGER.value
        assert _role_name(Group(name="guests")) == "guests"
    with override("zh-hans"):
        assert _RolesField(Group.objects.none()).label_from_instance(Group(name=Role.HEAD)) == str(Role.HEAD.label)
