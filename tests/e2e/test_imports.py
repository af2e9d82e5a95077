"""A registry officer uploads a file, reads the differences, applies them and undoes it, in both languages."""

import csv
import io
import re

import pytest
from playwright.sync_api import Browser
from stdnum.cn import uscc

from tests.e2e.browsing import Visitor
from tests.e2e.running import RunningPortal
from tests.firms.files import HEADERS, row


def _file(portal: RunningPortal, code: str, name: str) -> bytes:
    """Return a file in GB18030 with a new firm, one that is changed, and a row whose code is mistyped."""
    ((known, known_name),) = portal.sql(
        "SELECT uscc, name_zh FROM firms_organisation WHERE kind = 'firm' ORDER BY id LIMIT 1"
    )
    out = io.StringIO()
    mistyped = code.replace("0", "O", 1)
    csv.writer(out).writerows([HEADERS, row(code, name), row(known, known_name, 从业人数="9876"), row(mistyped, name)])
    return out.getvalue().encode("gb18030")


@pytest.mark.parametrize(("language", "width", "serial"), [("en", 1280, "A"), ("zh-hans", 375, "B")])
def test_officer_imports_and_undoes(
    portal: RunningPortal, browser: Browser, visitors: list[Visitor], language: str, width: int, serial: str
) -> None:
    body = f"91310110MA7E2E00{serial}"
    code, name = body + uscc.calc_check_digit(body), f"上海示例导入{serial}有限公司"
    officer = Visitor(portal, browser, language, width)
    visitors.append(officer)
    officer.sign_in("registry")
    officer.context.add_cookies([{"name": "language", "value": language, "url": portal.url}])
    page = officer.go("/admin/firms/registryimport/add/")
    page.locator("[name=file]").set_input_files(
        {"name": f"{serial}.csv", "mimeType": "text/csv", "buffer": _file(portal, code, name)}
    )
    page.locator("main form [type=submit]").click()
    page.locator(".imports__counts").wait_for()
    for tab in ("new", "changed", "bad"):
        page.locator(f'.imports__tabs a[href="?tab={tab}"]').click()
        officer.look()
        assert page.locator(".imports__lines > li").count() == 1
    assert code in page.locator(".imports__lines").inner_text()  # what was probably meant

    _confirm(officer, "apply")
    page.locator('a[href$="/step/undo/"]').wait_for()
    applied = portal.sql("SELECT status FROM firms_organisation WHERE uscc = %s", code)
    shown = officer.go(f"firms/?q={code}").locator("main").inner_text()
    page.go_back()
    _confirm(officer, "undo")
    page.locator(".tag", has_text=re.compile("^(undone|已撤销)$")).wait_for()

    assert (applied, name in shown) == ([("listed",)], True)
    assert portal.sql("SELECT count(*) FROM firms_organisation WHERE uscc = %s OR staff = 9876", code) == [(0,)]


def _confirm(officer: Visitor, step: str) -> None:
    """Follow the step's button, look at what it asks, and agree."""
    officer.page.locator(f'a[href$="/step/{step}/"]').click()
    officer.look()
    officer.page.locator("main form [type=submit]").click()
