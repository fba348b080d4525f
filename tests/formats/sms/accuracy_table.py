"""``python -m tests.formats.sms.accuracy_table [--write]``: how well the corpus is read, for docs/reading.md."""

import sys
from collections import Counter

from cases.domain.message_meaning import Meaning
from cases.formats.sms.reader import read_sms
from tests import ROOT
from tests.formats.sms.corpus import CARRIERS, Labelled, corpus

PAGE = ROOT / "docs" / "reading.md"
BEGIN, END = "<!-- table: python -m tests.formats.sms.accuracy_table --write -->\n", "<!-- end of the table -->\n"


def table() -> str:
    """Precision and recall for each meaning, over the whole corpus."""
    return "\n".join(_part("All", corpus()))


def _part(name: str, messages: list[Labelled]) -> list[str]:
    meant, said, right = Counter[str](), Counter[str](), Counter[str]()
    picked = 0
    for labelled in messages:
        got = read_sms(labelled.sms, CARRIERS)
        meant[labelled.meaning] += 1
        said[got.meaning] += 1
        right[labelled.meaning] += got.meaning == labelled.meaning
        picked += (got.number, got.reference, got.promised, got.amount) == (
            labelled.number,
            labelled.reference,
            labelled.promised,
            labelled.amount,
        )
    lines = [
        f"{name}: {len(messages)} SMS",
        "",
        "| meaning | SMS | precision | recall |",
        "|---|---|---|---|",
    ]
    for meaning in Meaning:
        precision, recall = _share(right[meaning], said[meaning]), _share(right[meaning], meant[meaning])
        lines.append(f"| `{meaning}` | {meant[meaning]} | {precision} | {recall} |")
    lines += [
        "",
        f"Meaning right: {right.total()} of {len(messages)}. Number, reference, date and sum all right: {picked}.",
        "",
    ]
    return lines


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} ({part / whole:.0%})" if whole else "–"


def written(page: str) -> str:
    """The page with the table of today in its place."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    if "--write" in sys.argv:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        sys.stdout.write(table() + "\n")
