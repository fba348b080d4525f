"""A register of 599 numbers and its bill of October 2025 in three layouts, with eight findings planted in it.

All of it is synthetic: numbers, names, sums, and the layouts, which are of our own making.
"""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from xlsxwriter import Workbook

NUMBERS = [f"138000{n:05}" for n in range(599)]
#: Cancelled on 2025-08-20 and charged all the same; the first is still used. The third is billed with nothing.
ALIVE, CHARGED, SETTLED = NUMBERS[10:13]
#: On the bill, and nobody's.
STRANGERS = ("13911110001", "13911110002")
#: In use and not on the bill; with 10 yuan more than agreed; without any use.
UNBILLED, DEARER, *UNUSED = NUMBERS[30], NUMBERS[20], NUMBERS[40], NUMBERS[41]

#: What is to be found, by kind and number, with the sum.
PLANTED = [
    ("charged_after_cancellation", ALIVE, "19.50"),
    ("charged_after_cancellation", CHARGED, "19.00"),
    ("fee_differs", DEARER, "10.00"),
    ("never_billed", UNBILLED, "19.00"),
    ("no_use", UNUSED[0], "19.00"),
    ("no_use", UNUSED[1], "19.00"),
    ("not_in_register", STRANGERS[0], "19.50"),
    ("not_in_register", STRANGERS[1], "19.50"),
]
LAYOUTS = ("merged.xlsx", "long.csv", "subtotals.txt")
_BANNER = "中国移动集团成员账单（虚构数据）"
_PERIOD = "账期：2025年10月"
_MERGED_TITLES = (
    ("A3:A4", "序号"), ("B3:B4", "手机号码"), ("C3:C4", "使用人"), ("D3:G3", "费用（元）"), ("H3:I3", "用量"),
)  # fmt: skip


class Line(NamedTuple):
    number: str
    plan: Decimal
    calls: Decimal
    relief: Decimal
    minutes: int

    @property
    def total(self) -> Decimal:
        return self.plan + self.calls - self.relief


def register() -> str:
    """The register as a table of text: 600 lines with the titles."""
    rows = ["手机号码,运营商,月租,开卡日期,状态,注销日期"]
    for number in NUMBERS:
        end = "已注销,2025-08-20" if number in (ALIVE, CHARGED, SETTLED) else ","
        rows.append(f"{number},中国移动,19,2024-01-01,{end}")
    return "\n".join(rows)


def lines() -> Iterator[Line]:
    """The 600 lines of the bill."""
    for number in [*NUMBERS, *STRANGERS]:
        plan, calls, relief, minutes = Decimal("19.00"), Decimal("0.50"), Decimal("0.00"), 5
        if number == UNBILLED:
            continue
        if number == DEARER:
            plan = Decimal("29.00")
        if number in (CHARGED, SETTLED, *UNUSED):
            calls, minutes = Decimal("0.00"), 0
        if number == SETTLED:
            relief = plan
        yield Line(number, plan, calls, relief, minutes)


def bill(layout: str) -> bytes:
    """The bill as a file of one of `LAYOUTS`."""
    return {"merged.xlsx": _merged, "long.csv": _long, "subtotals.txt": _subtotals}[layout]()


def _merged() -> bytes:
    """One line a number under two rows of titles, several of them merged."""
    file = io.BytesIO()
    with Workbook(file) as book:
        sheet = book.add_worksheet("成员账单")
        sheet.merge_range("A1:I1", _BANNER)
        sheet.merge_range("A2:I2", _PERIOD)
        for cells, title in {
            "A3:A4": "序号",
            "B3:B4": "手机号码",
            "C3:C4": "使用人",
            "D3:G3": "费用（元）",
            "H3:I3": "用量",
        }.items():
            sheet.merge_range(cells, title)
        sheet.write_row("D4", ["套餐及固定费", "语音通信费", "优惠及减免", "合计", "通话时长(分钟)", "上网流量(MB)"])
        for at, line in enumerate(lines(), 1):
            sums = [line.plan, line.calls, -line.relief, line.total]
            sheet.write_row(at + 3, 0, [at, line.number, "某人", *map(float, sums), line.minutes, 0])
        total = sum((line.total for line in lines()), Decimal())
        sheet.write_row(at + 4, 0, ["合计", "", "", "", "", "", float(total)])
    return file.getvalue()


def _long() -> bytes:
    """Several lines a number by kind of charge, the number in the first of them only; as GB18030."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerows([[_BANNER], [_PERIOD], ["用户号码", "费用项目", "金额(元)", "用量"]])
    for line in lines():
        writer.writerow([line.number, "套餐月基本费", line.plan, ""])
        writer.writerow(["", "国内语音通话费", line.calls, line.minutes])
        if line.relief:
            writer.writerow(["", "优惠减免", -line.relief, ""])
    writer.writerow(["总计", "", sum((line.total for line in lines()), Decimal()), ""])
    return target.getvalue().encode("gb18030")


def _subtotals() -> bytes:
    """One line a number, as copied from a spreadsheet, with a subtotal after every hundred."""
    rows = [_BANNER, _PERIOD, "号码\t月租\t通话费\t减免\t实收\t通话分钟"]
    group = whole = Decimal()
    for at, line in enumerate(lines(), 1):
        rows.append(f"{line.number}\t{line.plan}\t{line.calls}\t{line.relief}\t{line.total}\t{line.minutes}")
        group, whole = group + line.total, whole + line.total
        if at % 100 == 0:
            rows.append(f"小计\t\t\t\t{group}\t")
            group = Decimal()
    return "\n".join([*rows, f"合计\t\t\t\t{whole}\t"]).encode()
