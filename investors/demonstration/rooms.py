"""What the data room of the demonstration holds: two files of invented figures, and the words beside them."""

from datetime import datetime
from io import BytesIO
from uuid import UUID

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from investors.models import DataRoom, Opportunity
from investors.services.dataroom import add_room_document, announce_room
from portal.documents import MEDIA_TYPES
from portal.models import User

CREATED = datetime(2026, 11, 1)  # noqa: DTZ001 -- a spreadsheet knows no zones
INVENTED = "演示虚构，非真实数据 Invented for the demonstration"

FILES = (
    (
        "confidential", "Results by hospital", "各医院检测结果", "results.xlsx",
        (
            ("医院 Hospital", "样本 Samples", "灵敏度 Sensitivity", "特异度 Specificity"),
            ("示例医院甲 Demonstration hospital A", 340, 0.94, 0.91),
            ("示例医院乙 Demonstration hospital B", 260, 0.92, 0.93),
        ),
    ),
    (
        "room", "Cost of one test by volume", "单次检测成本测算", "costs.xlsx",
        (
            ("年检测量 Tests a year", "试剂（元） Reagents (CNY)", "合计（元） Total (CNY)"),
            (10_000, 38, 61),
            (50_000, 31, 46),
            (200_000, 24, 35),
        ),
    ),
)  # fmt: skip
"""Tier, titles, name and rows of each."""

TEXT_EN = (
    "Two of the five markers may be replaced without loss; the evaluation needs four minutes on a common analyser. "
    "(Invented for the demonstration.)"
)
TEXT_ZH = "五项标志物中有两项可替换而不影响结果；在常用分析仪上判读仅需四分钟。（演示虚构）"


def fill_room(technology: Opportunity, owner: User) -> None:
    """Put the files into the tiers of a technology, describe it, and let the public know that there is more.

    Args:
        technology: a published offer.
        owner: who writes for its owner.
    """
    Opportunity.objects.filter(pk=technology.pk).update(confidential_en=TEXT_EN, confidential_zh=TEXT_ZH)
    for number, (tier, title_en, title_zh, name, rows) in enumerate(FILES, start=1):
        add_room_document(
            by=owner,
            opportunity=technology,
            values={"tier": tier, "title_en": title_en, "title_zh": title_zh},
            upload=SimpleUploadedFile(name, _sheet(rows), MEDIA_TYPES["xlsx"]),
            key=UUID(int=720 + number),
        )
    announce_room(by=owner, opportunity=technology, announced=DataRoom.Announced.COUNTS)


def _sheet(rows: tuple[tuple[object, ...], ...]) -> bytes:
    """Return a spreadsheet with a line that says that nothing in it is real."""
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        book.set_properties({"created": CREATED})
        sheet = book.add_worksheet()
        sheet.set_column(0, 3, 34)
        for number, row in enumerate(((INVENTED,), *rows)):
            sheet.write_row(number, 0, row)
    return made.getvalue()
