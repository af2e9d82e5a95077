"""Ratios are taken by turns, told with their spread, and not judged where the floor is unsteady."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler

from benchmarks import __main__ as bench
from benchmarks import counting, measuring, paging, recall, requests, searching
from benchmarks.measuring import Goal, Rounds, Verdict, by_turns, judge, quartiles, ratio, share
from firms.models import Organisation
from firms.services.organisations import save_organisation

type Lasting = Callable[[int], float]


class Clock:
    """A clock that only works move."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.heard = 0.0, ""
        monkeypatch.setattr(measuring.time, "perf_counter", lambda: self.now)

    def work(self, name: str, lasting: Lasting) -> measuring.Work:
        """Return a work that lasts as long as it is told for each of its calls."""
        calls = iter(range(10**9))

        def work(turn: int) -> None:
            self.now += lasting(next(calls))
            self.heard += name

        return work


def test_works_take_turns_and_change_who_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)

    rounds = by_turns(clock.work("s", lambda _call: 0.5), clock.work("f", lambda _call: 0.25), rounds=5)

    assert clock.heard[-10:] == "fssffssffs"
    assert (rounds.subject, rounds.floor, rounds.unsteadiness) == ([0.5] * 5, [0.25] * 5, 0)


def test_short_works_are_called_until_a_moment_has_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)

    by_turns(clock.work("s", lambda _call: 0.0625), clock.work("f", lambda _call: 1.0), rounds=5)

    assert clock.heard[-20:] == "fssssssffssssssffsss"


@pytest.mark.parametrize(("later", "measured"), [(0.25, 2), (None, 3)])
def test_unsteady_floor_is_measured_again_a_few_times(
    monkeypatch: pytest.MonkeyPatch, later: float | None, measured: int
) -> None:
    clock, warming = Clock(monkeypatch), 3

    def floor(call: int) -> float:
        return 0.25 + 0.125 * (call % 2) if later is None or call < warming + 5 else later

    rounds = by_turns(clock.work("s", lambda _call: 0.25), clock.work("f", floor), rounds=5)

    assert clock.heard.count("f") == warming + 5 * measured
    assert (rounds.unsteadiness > measuring.STEADY) == (later is None)


@pytest.mark.parametrize(
    ("goal", "value", "unsteadiness", "verdict"),
    [
        (Goal.at_most(2), 2.0, 0.3, Verdict.MET),
        (Goal.at_most(2), 2.01, 0.1, Verdict.MISSED),
        (Goal.at_least(0.1), 0.1, 0.1, Verdict.MET),
        (Goal.at_least(0.1), 0.099, 0.1, Verdict.MISSED),
        (Goal.at_least(0.1), 5.0, 0.31, Verdict.INCONCLUSIVE),
        (Goal.at_most(2), 9.0, 0.31, Verdict.INCONCLUSIVE),
    ],
)
def test_verdict_follows_goal_and_floor(goal: Goal, value: float, unsteadiness: float, verdict: Verdict) -> None:
    assert judge(goal, value, unsteadiness) == verdict


def test_ratio_pairs_the_rounds_and_tells_its_spread() -> None:
    rounds = Rounds([2.0, 4.0, 6.0, 8.0, 10.0], [1.0, 1.0, 1.0, 1.0, 1.25])

    slower = ratio("x", 7, Goal.at_most(5), rounds, against="y")
    faster = ratio("x", 7, Goal.at_least(1), rounds, against="y", counts=False)

    assert (slower.low, slower.value, slower.high) == (4.0, 6.0, 8.0)
    assert (slower.verdict, slower.goal, slower.floor_varies) == ("missed", "≤ 5", 0.25)
    assert (slower.subject_ms, slower.floor_ms, slower.rounds) == (6000, 1000, 5)
    assert (faster.value, faster.verdict, faster.goal) == (1 / 6, "-", "")


def test_quartiles_are_those_of_the_values() -> None:
    assert quartiles([5, 1, 4, 2, 3]) == (2, 3, 4)


def test_share_needs_no_floor() -> None:
    found = share("x", 7, Goal.at_least(0.95), [True] * 18 + [False] * 2, against="recall")

    assert (found.value, found.verdict, found.floor_ms) == (0.9, "missed", None)


@pytest.mark.parametrize("number", [0, 1])
def test_typo_changes_a_name_by_one_character(number: int) -> None:
    typed = recall.mistyped("上海示例软件有限公司", number)

    assert (len(typed), typed == "上海示例软件有限公司") == (10 - (number == 0), False)
    assert typed == recall.mistyped("上海示例软件有限公司", number)


def test_every_topic_measures_the_product_as_it_is(
    db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, brand in enumerate(["博凯", "光海", "中越"]):
        name = f"上海{brand}机器人软件技术有限公司"
        firm = Organisation(
            name_zh=name, name_en=f"Shanghai Bokai{number} Robotics Co., Ltd.", status="listed", source="test",
            industry_code="6513", subdistrict_id="310110019", staff=5, founded=date(2020, 1, number + 1),
        )  # fmt: skip
        save_organisation(organisation=firm)
    asked: list[object] = []

    def once(subject: measuring.Work, floor: measuring.Work) -> Rounds:
        asked.extend([subject(0), floor(0)])
        return Rounds([1.0, 1.0], [1.0, 1.0])

    topics = (searching, paging, counting)
    for topic in topics:
        monkeypatch.setattr(topic, "by_turns", once)
    results = [result for topic in (*topics, recall) for result in topic.measure(100_000)]
    monkeypatch.setattr(bench, "VAR", tmp_path)
    for result in results:
        bench._show(result)
    bench._keep(results)

    kept = json.loads(next((tmp_path / "bench").iterdir()).read_text())
    assert [line["name"] for line in kept["results"]] == [result.name for result in results]
    assert len(capsys.readouterr().out.splitlines()) == len(results) + 2
    assert {result.value for result in results} == {1.0}
    assert len(asked) == 2 * (len(results) - 2)


def test_requests_are_answered_as_by_a_server(committed_db: str, settings: Any) -> None:
    settings.ROOT_URLCONF = "benchmarks.urls"
    handler = WSGIHandler()

    page, nothing = requests.ask(handler, "/en/firms/"), requests.ask(handler, "/bench/empty/")

    assert (page.rstrip().endswith(b"</html>"), nothing) == (True, b"")
    with pytest.raises(RuntimeError, match="404"):
        requests.ask(handler, "/en/nothing/")
