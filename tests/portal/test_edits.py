"""Two people on one form of the staff workplace: nobody overwrites what they have not seen."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from firms.models import Cluster, ClusterRule
from portal.actor import acting
from portal.admin.calendar import HolidayAdmin
from portal.admin.edits import EditsAdmin
from portal.models import Holiday, User
from tests.editing import SEEN, seen
from tests.racing import meeting, wait_for_end

HOLIDAY = {"day": "2031-05-02", "name": "Festival"}


def _holiday() -> str:
    return f"/admin/portal/holiday/{Holiday.objects.create(**HOLIDAY).pk}/change/"


def _admin(email: str = "one@example.com") -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser(email, "a long password", name=email))
    return client


@pytest.fixture(autouse=True)
def no_second_factor(settings: Any) -> None:
    settings.DEMONSTRATION = True


def test_later_save_is_told_what_the_earlier_one_changed_and_keeps_its_text(db: None) -> None:
    url, first, second = _holiday(), _admin(), _admin("two@example.com")
    token = seen(second, url)
    first.post(url, {**HOLIDAY, "name": "Changed first", "seen_history": seen(first, url)})

    refused = second.post(url, {**HOLIDAY, "name": "Typed second", "seen_history": token})

    assert Holiday.objects.get(day=HOLIDAY["day"]).name == "Changed first"
    assert "This was changed since you opened the page." in refused.text
    assert "one@example.com" in refused.text
    assert "name: Festival → Changed first" in refused.text
    assert 'value="Typed second"' in refused.text

    saved = second.post(url, {**HOLIDAY, "name": "Typed second", "seen_history": SEEN.findall(refused.text)[0]})

    assert (saved.status_code, Holiday.objects.get(day=HOLIDAY["day"]).name) == (302, "Typed second")


@pytest.mark.parametrize("token", [None, "", "-1", "x", "١", "9" * 400, "\x00"])
def test_save_that_does_not_say_what_it_saw_is_refused(db: None, token: str | None) -> None:
    url, client = _holiday(), _admin()

    answer = client.post(url, {**HOLIDAY, "name": "New", **({} if token is None else {"seen_history": token})})

    assert (answer.status_code, Holiday.objects.get(day=HOLIDAY["day"]).name) in {(200, "Festival"), (400, "Festival")}


def test_change_of_an_inline_counts(db: None) -> None:
    cluster = Cluster.objects.create(slug="test", title_en="Test", title_zh="测试", position=99)
    rule = ClusterRule.objects.create(cluster=cluster, title_en="Rule", title_zh="规则", scope_words=["a", "c"])
    url, client = f"/admin/firms/cluster/{cluster.pk}/change/", _admin()
    token = seen(client, url)
    ClusterRule.objects.filter(pk=rule.pk).update(scope_words=["b"])

    answer = client.post(url, {"slug": "test", "title_en": "T", "title_zh": "测", "seen_history": token})

    assert "words of the business scope: a, c → b" in answer.text
    assert Cluster.objects.get(pk=cluster.pk).title_en == "Test"


def _two_at_once(monkeypatch: pytest.MonkeyPatch) -> int:
    """Let two people save one page at once; return how many saves were taken."""
    with transaction.atomic():
        url, clients = _holiday(), [_admin(), _admin("two@example.com")]
    token = seen(clients[0], url)
    barrier, codes = meeting(2), []
    save_model = HolidayAdmin.save_model

    def slowly(self: HolidayAdmin, *args: Any) -> None:
        threading.Event().wait(0.5)  # both have looked before either saves, unless the second waits
        save_model(self, *args)

    monkeypatch.setattr(HolidayAdmin, "save_model", slowly)

    def save(number: int) -> None:
        try:
            with acting("test"):
                barrier.wait()
                form = {**HOLIDAY, "name": f"Saved by {number}", "seen_history": token}
                codes.append(clients[number].post(url, form).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(number,), daemon=True) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        wait_for_end(thread)
    return codes.count(302)


def test_of_two_saves_at_once_one_is_taken(committed_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _two_at_once(monkeypatch) == 1


def test_without_waiting_both_saves_are_taken(committed_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EditsAdmin, "wait_for_others", lambda self, obj: None)

    assert _two_at_once(monkeypatch) == 2


@pytest.mark.parametrize("count", ["1000000000", " 1000 ", "1000.0", "1_000", "１０００"])
def test_form_that_announces_countless_rows_is_refused(db: None, count: str) -> None:
    cluster = Cluster.objects.create(slug="test", title_en="Test", title_zh="测试", position=99)
    url, client = f"/admin/firms/cluster/{cluster.pk}/change/", _admin()
    rows = {"rules-TOTAL_FORMS": count, "rules-INITIAL_FORMS": "0"}
    data = {"slug": "test", "title_en": "T", "title_zh": "测", "position": "99", "seen_history": seen(client, url)}

    answer = client.post(url, {**data, **rows})

    assert (answer.status_code, Cluster.objects.get(pk=cluster.pk).title_en) == (400, "Test")
