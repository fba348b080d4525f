"""Each enum of the domain has a label for every value, in its order, and so do the choices of forms and tables."""

from enum import StrEnum

import pytest
from django.utils import translation

from cases.domain.message_meaning import MEANING_LABELS, Meaning
from cases.domain.refunds import DUE_BASIS_LABELS, RefundDueBasis
from cases.domain.reminder_kinds import REMINDER_LABELS, ReminderKind
from cases.domain.roles import ROLE_LABELS, Role
from cases.domain.status import STATUS_LABELS, Status
from cases.models.choices import (
    MEANING_CHOICES,
    REFUND_DUE_BASIS_CHOICES,
    REMINDER_CHOICES,
    ROLE_CHOICES,
    STATUS_CHOICES,
)


@pytest.mark.parametrize(
    ("enum", "labels", "choices"),
    [
        (Status, STATUS_LABELS, STATUS_CHOICES),
        (Role, ROLE_LABELS, ROLE_CHOICES),
        (ReminderKind, REMINDER_LABELS, REMINDER_CHOICES),
        (Meaning, MEANING_LABELS, MEANING_CHOICES),
        (RefundDueBasis, DUE_BASIS_LABELS, REFUND_DUE_BASIS_CHOICES),
    ],
)
def test_every_value_has_its_label(enum: type[StrEnum], labels: dict[str, str], choices: list[tuple[str, str]]) -> None:
    assert list(labels) == list(enum)
    assert [value for value, _ in choices] == [member.value for member in enum]


def test_labels_are_in_the_readers_language() -> None:
    with translation.override("zh-hans"):
        assert [str(label) for _, label in ROLE_CHOICES] == ["团队管理员", "专员", "只读成员"]
    with translation.override("en"):
        assert [str(label) for _, label in ROLE_CHOICES] == ["Manager", "Case worker", "Viewer"]
