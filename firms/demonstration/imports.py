"""A file of changes that waits to be applied: changed, new and bad rows, as an office would send them."""

import csv
import io
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from firms.models import Organisation
from firms.services.imports import upload_import, work_on
from portal.models import User

NAME = "街道月报-2026-09.csv"
SOURCE = "示例街道月报 Demonstration monthly report"
DAY = date(2026, 9, 30)
NEW_CODE = "91310110MA7DEM001P"
_HEADERS = ("序号", "单位名称", "统一社会信用代码", "行业代码", "所属街道", "从业人员", "注册资金（万元）", "备注")


@transaction.atomic
def load_waiting_import(accounts: dict[str, User]) -> None:
    """Upload it as the registry officer, and compare it with the registry."""
    first, second, third, fourth = list(Organisation.objects.listed().firms().order_by("uscc")[:4])
    lines: list[list[object]] = [
        [first.name_zh, first.uscc, first.industry_code, first.subdistrict, (first.staff or 0) + 12, ""],
        [second.name_zh, second.uscc, second.industry_code, "五角场街道", second.staff, "8,000"],
        ["上海示例数智有限公司（示例）", NEW_CODE, "6513", "长海路街道", 18, "500"],
        [third.name_zh, str(third.uscc).replace("0", "O", 1), third.industry_code, "四平路街道", 20, ""],
        [fourth.name_zh, fourth.uscc, fourth.industry_code, "静安寺街道", 20, ""],
    ]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_HEADERS)
    for number, line in enumerate(lines, start=1):
        writer.writerow([number, *line, ""])
    upload = SimpleUploadedFile(NAME, out.getvalue().encode("gb18030"), "text/csv")
    registry = accounts["registry"]
    work_on(upload_import(by=registry, upload=upload, is_full=False, source=SOURCE, source_date=DAY))
