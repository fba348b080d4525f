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
TEAM_SCOPED_MODELS = {
    "ApiToken",
    "AuditEntry",
    "Batch",
    "Card",
    "CardImport",
    "Case",
    "NotificationChannel",
    "Charge",
    "ChecklistMark",
    "Escalation",
    "Forwarder",
    "ImportFailure",
    "Invitation",
    "Letter",
    "Membership",
    "CarrierMessage",
    "Notice",
    "NoticeReminder",
    "Receipt",
    "Reminder",
    "Team",
    "TimelineContent",
    "TimelineEntry",
    "Verification",
    "WaitingRound",
}
MANAGERS = {"objects", "_default_manager", "_base_manager"}


def find_violations(source: str) -> Iterator[tuple[int, str]]:
    """Lines and what stands there, of a module's text."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            model_name = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if model_name in TEAM_SCOPED_MODELS:
                yield node.lineno, f"{model_name}.{node.attr}"
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("get_object_or_404", "get_list_or_404"):
            argument = getattr(node.args[0], "id", "") if node.args else ""
            if argument in TEAM_SCOPED_MODELS:
                yield node.lineno, f"get_object_or_404({argument}, …)"


def main() -> None:
    """Looks through the pages and the API."""
    violations = [
        f"{path.relative_to(ROOT)}:{line}: {expression} reaches past the doors; use cases.selectors or cases.web.access"
        for path in sorted([*(ROOT / "cases/web").rglob("*.py"), *(ROOT / "cases/api").rglob("*.py")])
        for line, expression in find_violations(path.read_text(encoding="utf-8"))
    ]
    if violations:
        sys.exit("\n".join(violations))


if __name__ == "__main__":
    main()
