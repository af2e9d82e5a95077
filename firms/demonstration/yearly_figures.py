"""Invented yearly figures of some hundred firms, what members state of one, and its certificates."""

import csv
import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from firms import yearly
from firms.models import MEASURES, Certificate, Organisation, YearlyFigure
from firms.registry.normalising import today_in_shanghai
from firms.services.certificates import set_clock
from firms.services.figure_imports import import_figures
from firms.services.yearly_figures import state_figures, verify_figures
from portal.models import User

SOURCE = "Demonstration · 示例统计数据"
FIRMS = 400
_HEADERS = [
    "统一社会信用代码",
    "年度",
    "营业收入（万元）",
    "研发费用（万元）",
    "纳税总额（万元）",
    "年末从业人员",
    "资产总额（万元）",
]


def load_figures(accounts: dict[str, User], firm: Organisation) -> None:
    """Import the file; let the editor state three years, of which the officer has verified the middle one.

    Args:
        accounts: the demonstration's users by name.
        firm: the company of ``signatory`` and ``editor``.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "figures.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([_HEADERS, *_lines(firm)])
        import_figures(path=path, source=SOURCE)
    last = yearly.last_ended_year()
    for year, revenue, staff in ((last - 2, 8_600_000, 41), (last - 1, 11_200_000, 48), (last, 15_400_000, 55)):
        values = {
            **dict.fromkeys(MEASURES),
            "revenue": Decimal(revenue),
            "rd_spend": Decimal(revenue) / 8,
            "tax_paid": Decimal(revenue) / 20,
            "staff": staff,
        }
        figure = state_figures(by=accounts["editor"], organisation=firm, year=year, values=values, seen=0)
        if year == last - 1:
            _verify(accounts["registry"], figure)


def load_certificates(firm: Organisation) -> None:
    """Let one certificate of the company expire soon, and another one have expired."""
    today = today_in_shanghai()
    held = firm.certificates.get(level=Certificate.Level.HNTE)
    held.number, held.authority = "GR000000000000", "示例发证机关 · Demonstration authority"
    held.expires = today + timedelta(days=80)
    held.issued = held.expires.replace(year=held.expires.year - 3, day=min(held.expires.day, 28))
    held.save()
    over = Certificate.objects.create(
        organisation=firm,
        level=Certificate.Level.INNOVATIVE,
        number="示例 0000",
        authority=held.authority,
        issued=date(2022, 12, 1),
        expires=date(2025, 11, 30),
    )
    for certificate in (held, over):
        set_clock(certificate=certificate)


def _verify(officer: User, figure: YearlyFigure) -> None:
    evidence = f"示例审计报告 Demonstration audit report {figure.year}"
    verify_figures(by=officer, figure=figure, evidence=evidence, seen=figure.version)


def _lines(but: Organisation) -> list[list[object]]:
    """Return two years of invented figures for firms of every cluster, the same every time."""
    firms = Organisation.objects.listed().firms().exclude(pk=but.pk).filter(staff__gte=3, uscc__isnull=False)
    lines: list[list[object]] = []
    for uscc, staff in firms.order_by("uscc").values_list("uscc", "staff")[:FIRMS]:
        chance = random.Random(uscc)  # noqa: S311 -- invented, not secret
        revenue = (staff or 0) * chance.randint(30, 110)
        for year in (yearly.last_ended_year() - 1, yearly.last_ended_year()):
            spent, paid = revenue * chance.randint(2, 20) // 100, revenue * chance.randint(2, 8) // 100
            lines.append([uscc, year, revenue, spent, paid, staff, revenue * chance.randint(50, 200) // 100])
            revenue = revenue * chance.randint(92, 135) // 100
    return lines
