"""One team and a stranger to it, two carriers, and cases; loaded by tests/conftest.py.

Li Na manages the team, Wang Wei is an agent in it, Zhao Min may only look. Chen Jie manages another team.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cases.domain.roles import Role
from cases.models import Carrier, Team, User
from tests.helpers import CaseDriver, make_user, new_case


@pytest.fixture
def receipts_folder(tmp_path: Path, settings: Any) -> Path:
    """Receipts go into a folder of this test alone."""
    settings.RECEIPTS_ROOT, settings.SPOOL_ROOT = tmp_path / "receipts", tmp_path / "spool"
    settings.ERASURES_FILE = tmp_path / "erasures.jsonl"
    settings.ANCHORS_ROOT = tmp_path / "anchors"
    settings.RECEIPT_KEYS, settings.RECEIPT_KEYS_FILE = [], tmp_path / "receipt-keys"
    settings.SIGNING_KEY, settings.SIGNING_KEY_FILE = [], tmp_path / "signing-key"
    return tmp_path / "receipts"


@pytest.fixture
def team(db: None) -> Team:
    return Team.objects.create(name="销售一部")


@pytest.fixture
def manager(team: Team) -> User:
    return make_user("li.na@example.com", team, Role.MANAGER)


@pytest.fixture
def agent(team: Team) -> User:
    return make_user("wang.wei@example.com", team)


@pytest.fixture
def viewer(team: Team) -> User:
    return make_user("zhao.min@example.com", team, Role.VIEWER)


@pytest.fixture
def other_team(db: None) -> Team:
    return Team.objects.create(name="另一家公司")


@pytest.fixture
def stranger(other_team: Team) -> User:
    return make_user("chen.jie@example.com", other_team, Role.MANAGER)


@pytest.fixture
def mobile(db: None) -> Carrier:
    return Carrier.objects.create(
        slug="china-mobile", name="中国移动", name_en="China Mobile", hotline="10086", complaint_line="10080"
    )


@pytest.fixture
def unicom(db: None) -> Carrier:
    """A carrier with terms of its own: two working days to review, seven in all, and no complaint line."""
    return Carrier.objects.create(
        slug="china-unicom",
        name="中国联通",
        name_en="China Unicom",
        hotline="10010",
        acknowledge_hours=48,
        review_days=2,
        window_days=2,
        reply_days=7,
    )


@pytest.fixture
def draft(team: Team, manager: User, mobile: Carrier) -> CaseDriver:
    """Logged on Wednesday 2026-09-30 at 15:00, before the seven days off of National Day."""
    return CaseDriver(new_case(team, mobile, manager), manager)


@pytest.fixture
def submitted(team: Team, manager: User, mobile: Carrier) -> CaseDriver:
    """Submitted on 2026-09-30 at 15:00: acknowledge by 10-01 15:00, first call from 10-11, answer by 10-14 00:00."""
    return CaseDriver(new_case(team, mobile, manager, submitted="2026-09-30T15:00"), manager)


@pytest.fixture
def new_driver(team: Team, manager: User, mobile: Carrier) -> Callable[..., CaseDriver]:
    """Makes further cases: `new_driver('13900139000', submitted='2026-09-30T15:00', now=...)`."""

    def make(number: str, **options: Any) -> CaseDriver:
        return CaseDriver(new_case(team, options.pop("carrier", mobile), manager, number=number, **options), manager)

    return make
