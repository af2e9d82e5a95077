"""What a visitor sees while a service is away."""

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from portal import health
from portal.views import home


def test_page_answers_503_while_postgresql_is_away(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(home, "render", away)

    answer = Client(raise_request_exception=False).get("/en/")

    assert (answer.status_code, answer["Retry-After"]) == (503, "30")


def test_sign_in_answers_503_while_its_limit_cannot_count(db: None, settings: Any) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    client = Client(raise_request_exception=False)

    browse = client.get("/en/")
    sign_in = client.post("/en/accounts/login/", {"login": "wei@demo.example", "password": "x"})

    assert (browse.status_code, sign_in.status_code) == (200, 503)


def test_readyz_says_that_postgresql_is_away(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(health, "_database_time", away)

    answer = Client().get("/readyz")

    assert (answer.status_code, answer.json()["database"], answer.json()["redis"]) == (503, False, True)
