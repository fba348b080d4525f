"""Finds ``Case.objects`` and the like in pages and API: queries that are not limited to a team.

What belongs to a team is read through `cases.selectors` (cases_of, cards_of …) or through rows found there, and
changed by `cases.operations`. Prints every other place and fails.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Models whose rows belong to a team, a person or a case. The others (carriers, appeal bodies …) are shared.
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
    "LanguageModel",
    "Letter",
    "LetterBundle",
    "LetterRecipient",
    "Membership",
    "CarrierMessage",
    "Notice",
    "NoticeReminder",
    "Receipt",
    "Refund",
    "Reminder",
    "ReminderDelivery",
    "Team",
    "TeamSender",
    "TimelineContent",
    "TimelineEntry",
    "Verification",
    "WaitingRound",
}
MANAGERS = {"objects", "_default_manager", "_base_manager"}


def find_violations(source: str) -> Iterator[tuple[int, str]]:
    """Line numbers and expressions of the violations in a module's source."""
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
    """Checks the pages and the API; returns the exit status."""
    violations = [
        f"{path.relative_to(ROOT)}:{line}: {expression} is not limited to a team; use cases.selectors or web.access"
        for path in sorted([*(ROOT / "cases/web").rglob("*.py"), *(ROOT / "cases/api").rglob("*.py")])
        for line, expression in find_violations(path.read_text(encoding="utf-8"))
    ]
    if violations:
        sys.exit("\n".join(violations))


if __name__ == "__main__":
    main()
