"""A statement that takes too long: ended in web processes alone, answered with a page that says so, nothing half done."""

import subprocess
import sys
from typing import Any

import pytest
from django.db import OperationalError, connection, connections
from django.http import HttpRequest, HttpResponse
from django.test import Client
from psycopg.errors import QueryCanceled

from portal import database
from portal.models import User
from portal.views import home


def _asleep(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Write something, then ask for more than the limit allows."""
    User.objects.create_user("late@demo.example", name="Late")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 100")
        cursor.execute("SELECT pg_sleep(5)")
    return HttpResponse()


def test_page_says_that_it_took_too_long_and_nothing_is_written(
    committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "render", _asleep)

    answer = Client(raise_request_exception=False).get("/en/")

    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert ("This took too long" in answer.text, "处理时间过长" in answer.text) == (True, True)
    assert not User.objects.filter(email="late@demo.example").exists()


def test_limit_ends_a_statement_of_a_connection_made_afterwards(
    committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = {**connections.settings["default"]["OPTIONS"], "options": "-c application_name=portal"}
    monkeypatch.setitem(connections.settings["default"], "OPTIONS", options)
    database.limit_statements(1)
    limited = connections.create_connection("default")
    limited.settings_dict = {**connection.settings_dict, "OPTIONS": options}

    with limited.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout'), current_setting('application_name')")
        assert cursor.fetchone() == ("1s", "portal")
        with pytest.raises(OperationalError) as ended:
            cursor.execute("SELECT pg_sleep(5)")
    limited.close()

    assert isinstance(ended.value.__cause__, QueryCanceled)


@pytest.mark.parametrize(("process", "limit"), [("portal.wsgi", "15s"), ("portal.celery", "0")])
def test_web_processes_have_the_limit_and_workers_none(process: str, limit: str) -> None:
    ask = (
        f"import {process}, django; django.setup(); from django.db import connection; "
        "cursor = connection.cursor(); cursor.execute('SHOW statement_timeout'); print(cursor.fetchone()[0]); "
        "connection.close()"
    )
    found = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, timeout=60, check=True)

    assert found.stdout.strip().splitlines()[-1] == limit
