"""What letters about many numbers are put together from: sentences about some of them, lists, and the table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.documents.letter_context import LetterContext, chinese_day
from cases.domain.business_days import local
from cases.domain.json_values import JsonObject
from cases.models.choices import EntryKind, EscalationKind


@dataclass(frozen=True)
class AnnexColumn:
    """A column of the table behind a letter: its title, its width beside the others, and a text for each number."""

    title: str
    width: int
    texts: Sequence[str]


def annex_of(columns: Sequence[AnnexColumn], count: int) -> JsonObject:
    """The table as the template sets it: a row a number, without the columns in which there is nothing."""
    shown = [column for column in columns if any(column.texts)]
    return {
        "title": f"附表：涉及号码（{count}个）",
        "columns": [column.title for column in shown],
        "widths": [column.width for column in shown],
        "rows": [list(row) for row in zip(*(column.texts for column in shown), strict=True)],
    }


def holders(contexts: Sequence[LetterContext], writer: str) -> list[str]:
    """Who holds each number, where that is another than who writes for one of them."""
    names = [context.case.card.holder for context in contexts]
    return names if any(name and name != writer for name in names) else []


def follow_up_moments(context: LetterContext) -> list[datetime]:
    """When the carrier was asked about it; of an expected refund the way is how it is paid."""
    entries = [entry for entry in context.entries if entry[0] != EntryKind.REFUND_EXPECTED]
    return [at for kind, at, body in entries if kind == EntryKind.FOLLOW_UP or body.get("way")]


def follow_ups(context: LetterContext) -> str:
    """How often, and when last."""
    moments = follow_up_moments(context)
    return f"{len(moments)}次，最近{chinese_day(moments[-1].date())}" if moments else ""


def complaints(context: LetterContext) -> str:
    """The complaints, each with its day and its reference."""
    rows = [row for row in context.escalations if row.kind == EscalationKind.COMPLAINT]
    return "、".join(
        f"{chinese_day(local(row.lodged_at).date())}{f'（{row.reference}）' if row.reference else ''}" for row in rows
    )


def of_all(rows: Sequence[LetterContext], count: int) -> str:
    """How many of them, in words."""
    return f"上述{count}个号码" if len(rows) == count else f"其中{len(rows)}个号码"


def numbered(sentences: Sequence[str]) -> list[str]:
    """Sentences with their numbers."""
    return [f"{number}．{sentence}" for number, sentence in enumerate(sentences, 1)]


def request_list(sentences: Sequence[str]) -> list[str]:
    """Requests as one list: each but the last ends with a semicolon."""
    return numbered([*(f"{sentence}；" for sentence in sentences[:-1]), f"{sentences[-1]}。"])
