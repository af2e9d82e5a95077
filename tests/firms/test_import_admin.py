"""Imports in the staff workplace: upload, differences, apply, undo; the same services as the command."""

import io
import json
from html import escape
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from firms.models import ImportLine, Organisation, RegistryImport
from firms.services import imports
from firms.services.organisations import save_organisation
from portal import work
from portal.lifecycle import lifecycle_of
from portal.models import HistoryEntry, StepTaken, User
from portal.roles import Role
from tests.firms import files
from tests.firms.conftest import MakeUser
from tests.firms.test_import import BAD_FILES

ADD = "/admin/firms/registryimport/add/"
A, B, C = "上海示例甲有限公司", "上海示例乙有限公司", "上海示例丙有限公司"


@pytest.fixture
def officer(make_user: MakeUser, settings: Any) -> User:
    settings.DEMONSTRATION = True
    return make_user("registry", Role.REGISTRY)


@pytest.fixture
def client(officer: User) -> Client:
    return signed_in(officer)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(found: RegistryImport, name: str = "change", *args: object) -> str:
    return reverse(f"admin:firms_registryimport_{name}", args=[found.pk, *args])


def upload(client: Client, path: Path, **fields: object) -> RegistryImport:
    """Send a file as the page does, and let the worker read it."""
    data = {"file": SimpleUploadedFile(path.name, path.read_bytes()), "source_date": "2026-06-30", **fields}
    answer = client.post(ADD, data)
    assert answer.status_code == 302, answer.text
    work.run("imports")
    return RegistryImport.objects.get(pk=answer["Location"].split("/")[-3])


def press(client: Client, found: RegistryImport, step: str, digest: str | None = None) -> RegistryImport:
    """Confirm a step, and let the worker do it."""
    given = {"digest": found.digest if digest is None else digest}
    assert client.post(page(found, "step", step), given).status_code == 302
    work.run("imports")
    return RegistryImport.objects.get(pk=found.pk)


def counts(found: RegistryImport) -> dict[str, int]:
    names = ("rows", "created", "updated", "unchanged", "duplicates", "blank", "bad", "missing")
    return {name: number for name in names if (number := getattr(found, name))}


def shown(answer: Any) -> dict[str, Any]:
    """Return what a page was made of."""
    return dict(answer.context_data)


def registry() -> dict[str, Any]:
    """Return all that an import changes and undoing it restores."""
    with connection.cursor() as cursor:
        found = {}
        for table, key in (
            ("firms_organisation", "id"),
            ("firms_certificate", "id"),
            ("firms_clustermembership", "id"),
            ("firms_searchentry", "organisation_id"),
        ):
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t ORDER BY {key}")
            found[table] = [row for (row,) in cursor.fetchall()]
        cursor.execute("SELECT value, sum(number) FROM firms_facettotal GROUP BY value HAVING sum(number) <> 0")
        return found | {"totals": sorted(cursor.fetchall())}


# --- The way of one import ------------------------------------------------------------


def test_file_is_compared_applied_and_twice_changes_nothing(client: Client, officer: User, tmp_path: Path) -> None:
    path = files.xlsx(tmp_path / "a.xlsx", files.row(name=A), files.row(files.CODES[1], B), files.row(从业人数="x"))

    found = upload(client, path)
    text = client.get(page(found)).text
    before = Organisation.objects.count()
    found = press(client, found, "apply")
    again = upload(client, path)

    assert (found.status, counts(found)) == ("applied", {"rows": 3, "created": 2, "bad": 1})
    assert (before, Organisation.objects.listed().count()) == (0, 2)
    assert A in text
    assert Organisation.objects.get(uscc=files.CODES[0]).source_date.isoformat() == "2026-06-30"
    assert counts(again) == {"rows": 3, "unchanged": 2, "bad": 1}
    steps = [(row.step, row.by) for row in StepTaken.objects.about(found)]
    assert steps == [("show", None), ("apply", officer), ("finish", None)]


def test_differences_are_shown_field_by_field(client: Client, tmp_path: Path) -> None:
    press(client, upload(client, files.text(tmp_path / "a.csv", files.row(name=A, 资质="高新技术企业"))), "apply")

    found = upload(client, files.text(tmp_path / "b.csv", files.row(name=A, 从业人数="40", 资质="专精特新")))

    line = found.lines.get()
    assert (line.kind, line.line, line.data) == (
        "changed",
        2,
        {"staff": [12, 40], "certificates": [["hnte"], ["specialised"]]},
    )
    text = client.get(page(found)).text
    assert "<del>12</del>" in text
    assert "<ins>Specialised and innovative SME</ins>" in text


def test_another_registry_than_was_shown_is_compared_anew_and_nothing_applied(client: Client, tmp_path: Path) -> None:
    found = upload(client, files.text(tmp_path / "a.csv", files.row(name=A)))
    save_organisation(organisation=Organisation(name_zh=B, uscc=files.CODES[0], status="listed", source="by hand"))

    kept = press(client, found, "apply")
    old_page = press(client, kept, "apply", digest=found.digest)

    assert (kept.status, counts(kept), kept.problem != []) == ("ready", {"rows": 1, "updated": 1}, True)
    assert old_page.status == "ready"
    assert Organisation.objects.get().name_zh == B
    assert press(client, kept, "apply").status == "applied"
    assert Organisation.objects.get().name_zh == A


def test_history_names_the_import_and_who_applied_it(
    client: Client, officer: User, make_user: MakeUser, tmp_path: Path
) -> None:
    found = press(client, upload(client, files.text(tmp_path / "a.csv", files.row(name=A))), "apply")

    entries = HistoryEntry.objects.filter(request=f"import-{found.pk}")
    auditor = signed_in(make_user("auditor", Role.AUDITOR))
    way = reverse("admin:portal_historyentry_changelist") + f"?q=import-{found.pk}"
    listed = shown(auditor.get(way))["cl"].result_list

    assert set(entries.values_list("actor", flat=True)) == {f"user:{officer.pk}"}
    tables = {"firms_organisation", "firms_clustermembership", "firms_registryimport"}
    assert set(entries.values_list("subject_table", flat=True)) == tables
    assert {entry.request for entry in listed} == {f"import-{found.pk}"}
    assert way in auditor.get(page(found)).text


def test_bad_rows_come_back_as_a_file_that_can_be_corrected_and_imported(client: Client, tmp_path: Path) -> None:
    found = upload(client, files.xlsx(tmp_path / "a.xlsx", files.row(name=A), files.row("9131O110591673062R", B)))
    answer = client.get(page(found, "errors"))
    errors = tmp_path / "errors.xlsx"
    errors.write_bytes(b"".join(answer.streaming_content))

    again = upload(client, errors)
    line = again.lines.get()

    assert answer["Content-Disposition"] == f'attachment; filename="import-{found.pk}-errors.xlsx"'
    assert (counts(again), again.notes) == ({"rows": 1, "bad": 1}, [])
    assert (line.uscc, line.name, line.data["fault"], line.data["meant"]) == (
        "9131O110591673062R",
        B,
        "CHECKSUM",
        files.CODES[0],
    )


def test_organisation_that_registered_itself_is_shown_as_to_be_listed(client: Client, tmp_path: Path) -> None:
    Organisation.objects.create(uscc=files.CODES[0], name_zh=A, slug="x", source="self-registered")

    found = upload(client, files.text(tmp_path / "a.csv", files.row(name=A)))
    applied = press(client, found, "apply")

    assert found.lines.get().data["status"] == ["incoming", "listed"]
    assert (applied.status, Organisation.objects.get().status) == ("applied", "listed")
    in_the_way = client.get(page(applied, "step", "undo")).text
    assert "It had registered itself" in in_the_way
    assert press(client, applied, "undo").status == "applied"


# --- Missing from a full export -------------------------------------------------------


def test_firms_missing_from_a_full_export_are_proposed_and_moved_out_by_an_officer(
    client: Client, officer: User, tmp_path: Path
) -> None:
    everyone = [files.row(code, name) for code, name in zip(files.CODES, (A, B, C), strict=False)]
    press(client, upload(client, files.text(tmp_path / "a.csv", *everyone)), "apply")
    other = files.row(files.CODES[3], "上海示例丁有限公司")
    bad = files.row(files.CODES[1], B, 从业人数="x")

    found = upload(client, files.text(tmp_path / "b.csv", everyone[0], bad, other), is_full="on")
    gone = Organisation.objects.get(name_zh=C)
    too_early = client.post(page(found, "move_out"), {"firm": [gone.pk]})
    found = press(client, found, "apply")
    before = registry()
    unnamed = Organisation.objects.get(name_zh=B)
    client.post(page(found, "move_out"), {"firm": [gone.pk, unnamed.pk, "x", "9" * 30]})

    assert (counts(found), too_early.status_code) == (
        {"rows": 3, "created": 1, "unchanged": 1, "bad": 1, "missing": 1},
        302,
    )
    gone.refresh_from_db()
    step = StepTaken.objects.about(gone).get()
    assert (gone.status, step.step, step.by) == ("moved_out", "move_out", officer)
    assert HistoryEntry.objects.of(gone).last().request == f"import-{found.pk}"
    assert Organisation.objects.listed().count() == 3
    assert "moved out" in client.get(f"{page(found)}?tab=missing").text
    assert press(client, found, "undo").status == "undone"
    gone.refresh_from_db()
    assert (gone.status, Organisation.objects.listed().count()) == ("listed", 3)
    assert before != registry()


# --- Who may, and what it costs -------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "reads"),
    [(Role.AUDITOR, 200), (Role.HEAD, 200), (Role.MANAGER, 404), (Role.INVESTMENT, 404), (Role.ADMINISTRATOR, 404)],
)
def test_only_registry_officers_import(
    client: Client, make_user: MakeUser, tmp_path: Path, role: Role, reads: int
) -> None:
    found = upload(client, files.text(tmp_path / "a.csv", files.row(name=A), files.row(从业人数="x")))
    other = signed_in(make_user("other", role))
    post = {"file": SimpleUploadedFile("a.csv", b"x"), "source_date": "2026-06-30"}

    refused = reads if reads == 404 else 403
    asked = [
        other.get(ADD),
        other.post(ADD, post),
        other.get(page(found)),
        other.get(page(found, "errors")),
        other.get(page(found, "step", "apply")),
        *(
            other.post(page(found, "step", step), {"digest": found.digest})
            for step in ("apply", "undo", "discard", "retry")
        ),
        other.post(page(found, "move_out"), {"firm": [1]}),
        other.post(page(found)),
    ]

    for answer in asked:
        if answer.streaming:
            answer.getvalue()  # closes the file
    assert [answer.status_code for answer in asked] == [403, 403, reads, reads, *[refused] * 7]
    assert list(RegistryImport.objects.values_list("status", flat=True)) == ["ready"]


def test_steps_nobody_takes_by_hand_and_unknown_ones_are_refused(client: Client, tmp_path: Path) -> None:
    found = upload(client, files.text(tmp_path / "a.csv", files.row(name=A)))

    answers = [client.post(page(found, "step", step)).status_code for step in ("finish", "restore", "no-such-step")]

    assert answers == [403, 403, 403]
    assert client.post("/admin/firms/registryimport/999999999999999999999999/step/apply/").status_code == 404


def test_page_of_differences_costs_as_much_with_three_rows_as_with_one(client: Client, tmp_path: Path) -> None:
    numbers = []
    for count in (1, 3):
        lines = [files.row(code, f"上海示例{code[-4:]}有限公司") for code in files.CODES[-count:]]
        found = upload(client, files.text(tmp_path / "a.csv", *lines))
        with CaptureQueriesContext(connection) as queries:
            client.get(page(found))
        numbers.append(len(queries))

    assert numbers[0] == numbers[1] <= 20


def test_lines_are_paged_and_bad_marks_are_refused(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("firms.admin.imports.LINES_PER_PAGE", 2)
    lines = [files.row(code, f"上海示例{code[-4:]}有限公司") for code in files.CODES]
    found = upload(client, files.text(tmp_path / "a.csv", *lines))
    keys = list(found.lines.order_by("pk").values_list("pk", flat=True))

    first, second = client.get(page(found)), client.get(f"{page(found)}?tab=new&after={keys[1]}")
    back = client.get(f"{page(found)}?tab=new&before={keys[2]}")

    assert f"after={keys[1]}" in first.text
    assert [line.row.pk for line in shown(second)["lines"]] == keys[2:]
    assert [line.row.pk for line in shown(back)["lines"]] == keys[:2]
    marks = ("after=" + "9" * 30, "before=-1", "after=１", "tab=%00", "tab=nothing", "after=")
    assert [client.get(f"{page(found)}?{mark}").status_code for mark in marks] == [400, 400, 400, 400, 200, 200]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"source_date": "2999-01-01"}, "source_date"),
        ({"source_date": "0001-01-01"}, "source_date"),
        ({"source_date": "1_000"}, "source_date"),
        ({"source": "\x00"}, "source"),
        ({"source": "长" * 300}, "source"),
        ({"file": ""}, "file"),
    ],
)
def test_bad_upload_form_is_answered_beside_the_field(client: Client, fields: dict[str, Any], field: str) -> None:
    data = {"file": SimpleUploadedFile("a.csv", b"x"), "source_date": "2026-06-30", "source": "x", **fields}

    answer = client.post(ADD, data)

    assert (answer.status_code, list(shown(answer)["form"].errors)) == (422, [field])
    assert not RegistryImport.objects.exists()


# --- Bad files ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "language"),
    list(zip(sorted(BAD_FILES.keys() - {"missing", "empty", "200 MB"}), cycle(["en", "zh-hans"]), strict=False)),
)
def test_file_that_cannot_be_read_is_answered_with_the_reason(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any, kind: str, language: str
) -> None:
    monkeypatch.setattr("firms.registry.reading.MAXIMUM_UNPACKED", 5_000_000)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    found = upload(client, BAD_FILES[kind](tmp_path / "file.xlsx"))

    assert (found.status, found.rows) == ("unreadable", 0)
    assert escape(found.problem[language == "zh-hans"]) in client.get(page(found)).text
    assert not Organisation.objects.exists()


@pytest.mark.parametrize(
    ("size", "error"), [(0, "The submitted file is empty."), (51 * 1024**2, "The file is larger than 50 MB.")]
)
def test_empty_and_large_files_are_refused_at_once(client: Client, size: int, error: str) -> None:
    answer = client.post(ADD, {"file": SimpleUploadedFile("a.csv", b"x" * size), "source_date": "2026-06-30"})

    assert shown(answer)["form"].errors == {"file": [error]}


# --- Page and command -----------------------------------------------------------------


def test_gb18030_file_with_other_headers_gives_the_same_from_page_and_command(client: Client, tmp_path: Path) -> None:
    headers = ["序号", "单位名称", "社会信用代码", "国民经济行业代码", "街镇", "注册资金（元）", "设立日期", "备注"]
    lines: list[list[object]] = [
        [1, A, files.CODES[0], "I6513", "五角场", "5000000", "2019年3月5日", "x"],
        [2, B, "1210 0000 4250 0611 7p", "6513", "大桥街道办事处", "1,000", "2019/3/5", ""],
        [3, C, files.CODES[2], "6513", "静安寺", "1", "2019.3.5", ""],
    ]
    path = files.text(tmp_path / "a.csv", *lines, headers=headers, encoding="gb18030")
    out = io.StringIO()

    call_command("import_firms", str(path), "--dry-run", "--json", stdout=out)
    found = press(client, upload(client, path), "apply")

    printed = json.loads(out.getvalue())
    assert {name: printed[name] for name in ("rows", "created", "bad")} == {"rows": 3, "created": 2, "bad": 1}
    assert counts(found) == {"rows": 3, "created": 2, "bad": 1}
    assert found.notes[0] == [
        "Columns not understood, left out: 序号, 备注.",
        "未识别的列，已忽略：序号、备注。",
    ]
    capitals = Organisation.objects.order_by("pk").values_list("registered_capital", "subdistrict__name_zh")
    assert sorted((int(capital), place) for capital, place in capitals) == [(1000, "大桥"), (5_000_000, "五角场")]


def test_command_is_recorded_as_an_import_that_can_be_undone(client: Client, tmp_path: Path) -> None:
    call_command("import_firms", str(files.text(tmp_path / "a.csv", files.row(name=A))), stdout=io.StringIO())
    found = RegistryImport.objects.get()

    text = client.get(page(found)).text
    client.post(page(found, "step", "undo"))
    asked = client.get(page(found, "progress"), headers={"HX-Request": "true"}).text
    work.run("imports")
    undone = RegistryImport.objects.get()

    assert "by command" in text
    assert "Waiting for a worker" in asked
    assert (found.status, undone.status, Organisation.objects.count()) == ("applied", "undone", 0)


def test_progress_answers_the_page_that_asks_and_ends(client: Client, tmp_path: Path) -> None:
    data = {"file": SimpleUploadedFile("a.csv", files.text(tmp_path / "a.csv", files.row()).read_bytes())}
    client.post(ADD, {**data, "source_date": "2026-06-30"})
    found = RegistryImport.objects.get()

    text = client.get(page(found)).text
    waiting = client.get(page(found, "progress"), headers={"HX-Request": "true"})
    work.run("imports")
    ended = client.get(page(found, "progress"), headers={"HX-Request": "true"})

    assert '<meta http-equiv="refresh" content="3">' in text
    assert "Waiting for a worker" in waiting.text
    assert (ended.status_code, ended["HX-Refresh"]) == (200, "true")
    assert ImportLine.objects.count() == 1


def test_work_that_failed_too_often_is_said_and_can_be_tried_again(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = files.text(tmp_path / "a.csv", files.row(name=A))
    with monkeypatch.context() as broken:
        broken.setattr(imports, "read_table", lambda _path: 1 / 0)
        found = upload(client, path)
        for _try in range(5):
            RegistryImport.objects.update(next_try_at="2026-01-01T00:00:00Z")
            work.run("imports")
    found.refresh_from_db()

    text = client.get(page(found)).text
    again = press(client, found, "retry")

    assert (found.parked_at is not None, "was given up" in text, again.status) == (True, True, "ready")
    assert [door.step.name for door in lifecycle_of(again).allowed(None, again)] == ["apply"]
