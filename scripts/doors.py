"""Finds what reaches past the doors: ``Case.objects`` and its like in pages and API, outside the team-scoped queries.

What belongs to a team is found through `cases.selectors` (cases_of, cards_of …) or what hangs on something found there,
and changed by `cases.operations`. Prints each place that is otherwise and fails.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: What belongs to a team, a person or a case. The rest (carriers, appeal bodies …) is everybody's.
GUARDED = {
    "ApiToken",
    "AuditEntry",
    "Batch",
    "Card",
    "CardImport",
    "Case",
    "Channel",
    "Charge",
    "ChecklistMark",
    "Escalation",
    "Forwarder",
    "ImportFailure",
    "Invitation",
    "Letter",
    "Membership",
    "Message",
    "Notice",
    "NoticeLine",
    "Receipt",
    "Reminder",
    "Team",
    "TimelineContent",
    "TimelineEntry",
    "Verification",
    "WaitingRound",
}
MANAGERS = {"objects", "_default_manager", "_base_manager"}


def found_in(source: str) -> Iterator[tuple[int, str]]:
    """Lines and what stands there, of a module's text."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if owner in GUARDED:
                yield node.lineno, f"{owner}.{node.attr}"
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("get_object_or_404", "get_list_or_404"):
            asked = getattr(node.args[0], "id", "") if node.args else ""
            if asked in GUARDED:
                yield node.lineno, f"get_object_or_404({asked}, …)"


def main() -> None:
    """Looks through the pages and the API."""
    found = [
        f"{path.relative_to(ROOT)}:{line}: {what} reaches past the doors; use cases.selectors or cases.web.access"
        for path in sorted([*(ROOT / "cases/web").rglob("*.py"), *(ROOT / "cases/api").rglob("*.py")])
        for line, what in found_in(path.read_text(encoding="utf-8"))
    ]
    if found:
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main()
