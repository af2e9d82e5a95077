"""Fields of a form that a script sends as JSON: read as those of a form, and refused where they are none."""

import json
from typing import Any

import pytest
from django.core.exceptions import BadRequest, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from portal.autosave import takes_json

PAIRS = [["a", "目标"], ["a", "\x00"], ["b", ""], ["version", "3"]]


@takes_json
def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(json.dumps(dict(request.POST.lists())))


def told(body: str | bytes, content_type: str = "application/json") -> Any:
    return json.loads(echo(RequestFactory().post("/", body, content_type=content_type)).text)


def test_pairs_are_read_as_the_fields_of_a_form() -> None:
    as_form = echo(RequestFactory().post("/", {"a": ["目标", "\x00"], "b": "", "version": "3"}))

    assert told(json.dumps(PAIRS)) == json.loads(as_form.text) == {"a": ["目标", "\x00"], "b": [""], "version": ["3"]}
    assert told("[]") == {}
    assert told(json.dumps(PAIRS), "text/plain") == {}


@pytest.mark.parametrize(
    "body",
    [
        "{", "null", "1", '"ab"', "{}", '{"a": "b"}', '["ab"]', '[["a"]]', '[["a", "b", "c"]]', '[["a", 1]]',
        '[["a", null]]', '[["a", ["b"]]]', '[{"a": "b", "c": "d"}]', "[" * 100_000, b"\xff\xfe", b'[["a", "\xed\xa0"]]',
        "NaN", "1" * 5000,
    ],
    ids=range(18),
)  # fmt: skip
def test_what_is_no_list_of_pairs_is_refused(body: str | bytes) -> None:
    with pytest.raises(BadRequest):
        told(body)


def test_more_fields_than_a_form_may_have_are_refused() -> None:
    assert len(told(json.dumps([[str(number), ""] for number in range(1000)]))) == 1000
    with pytest.raises(TooManyFieldsSent):
        told(json.dumps([["a", ""]] * 1001))
