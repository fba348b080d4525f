"""What of a page cannot be read on a phone: measured, not looked at."""

from pathlib import Path

from playwright.sync_api import Page

_SCRIPT = (Path(__file__).parent / "cut_off.js").read_text()
#: What scrolls sideways on purpose, can be reached by keys and begins where it matters; and what one types in.
_SCROLLS = ".day-strip, pre, textarea, input, select"
#: Cells that say by themselves what they are: a number, a badge, a tick; and a sentence across the table.
_SPEAKS_FOR_ITSELF = (
    "[class*=unlabelled], .card-table__cell--number, .select-cell, [colspan], td:has(> .btn:only-child), td:has(> form)"
)


def cut_off(page: Page) -> list[str]:
    """What is cut off on the page as it is, in each of its menus, and with everything unfolded."""
    found: list[str] = page.evaluate(_SCRIPT, {"scrolls": _SCROLLS, "speaks": _SPEAKS_FOR_ITSELF})
    return found
