"""How the domain's tests write moments down: by the clock of Beijing, without any code that they test."""

from datetime import date, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))


def at(text: str) -> datetime:
    """'2026-09-30 15:00' (or a date alone, then 00:00) in Beijing."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def on(text: str) -> date:
    return date.fromisoformat(text)
