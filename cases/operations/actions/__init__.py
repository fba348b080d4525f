"""The registry of actions: what can be done with a case, what it is called, who may do it, when and where.

Pages, the API and the admin build on it; the verbs themselves refuse the rest, and a test holds both together.
"""

from collections.abc import Iterable, Mapping

from cases.domain.case_standing import Step
from cases.domain.roles import has_right
from cases.models import Case, Escalation
from cases.operations.actions.spec import Action, ActionSpec, Bulk, Input, InputKind, InputValue
from cases.operations.actions.table import SPECS

__all__ = [
    "ACTIONS",
    "ADMIN_ACTIONS",
    "BULK_ACTIONS",
    "Action",
    "ActionSpec",
    "Bulk",
    "Input",
    "InputKind",
    "InputValue",
    "allowed_actions",
    "first_actions",
    "possible_actions",
]

#: Every action by its key, in the order in which they are offered.
ACTIONS: Mapping[Action, ActionSpec] = {spec.key: spec for spec in SPECS}
#: Those that are offered for many cases at once, and in the admin, each in the order of its list.
BULK_ACTIONS = sorted((spec for spec in SPECS if spec.bulk), key=lambda spec: spec.bulk.place if spec.bulk else 0)
ADMIN_ACTIONS = sorted((spec for spec in SPECS if spec.admin), key=lambda spec: spec.admin.place if spec.admin else 0)


def possible_actions(case: Case, escalations: Iterable[Escalation]) -> list[Action]:
    """The actions that make sense for a case as it stands, whoever asks."""
    escalations = list(escalations)
    return [spec.key for spec in SPECS if spec.is_possible(case, escalations)]


def allowed_actions(case: Case, escalations: Iterable[Escalation], role: str | None) -> list[Action]:
    """The actions that a case allows to somebody in this role in its team (None: in none), in their order."""
    return [action for action in possible_actions(case, escalations) if has_right(role, ACTIONS[action].right)]


def first_actions(step: Step) -> list[Action]:
    """The actions that stand as buttons beside a next step, the first of them first."""
    return [spec.key for spec in sorted(SPECS, key=lambda s: s.first_at.get(step, 0)) if step in spec.first_at]
