"""Who plays in the demo: the accounts, printed by `load_demo` and `serve --demo`, and their two teams."""

from dataclasses import dataclass

from cases.domain.roles import Role
from cases.management.demo.scenario import Crew
from cases.management.demo.texts import Phrases
from cases.models import Membership, Team, User
from cases.models.choices import Language
from cases.operations.accounts import create_first_account, create_team

#: Known to everybody who reads this: for a machine of one's own.
PASSWORD = "xiaoka-demo"


@dataclass(frozen=True)
class Account:
    """One of the demo's accounts; `key` names its person in the phrases, `role` says what it is for."""

    key: str
    email: str
    role: str


MANAGER = Account("manager", "demo@xiaoka.example", "manager, and administrator")
AGENTS = (Account("agent_1", "liu@xiaoka.example", "agent"), Account("agent_2", "zhao@xiaoka.example", "agent"))
VIEWER = Account("viewer", "viewer@xiaoka.example", "viewer, in English")
SOLO = Account("solo", "solo@xiaoka.example", "one person, in another team")
ACCOUNTS = (MANAGER, *AGENTS, VIEWER, SOLO)


def account_lines() -> list[str]:
    """One line for each account, for a terminal; none where the demo was not loaded."""
    if not User.objects.filter(email=MANAGER.email).exists():
        return []
    lines = [f"  {account.email:24}{account.role}" for account in ACCOUNTS]
    return [f"Demo accounts; the password of each is {PASSWORD}", *lines]


def create_accounts(phrases: Phrases) -> tuple[Crew, Crew]:
    """Make the accounts and both teams, of a company and of one person; AccountExists when there are accounts."""
    manager = create_first_account(
        email=MANAGER.email,
        name=phrases.pick(MANAGER.key),
        team=phrases.pick("team"),
        password=PASSWORD,
        language=Language.CHINESE,
    )
    team = Team.objects.get(members=manager)
    agents = tuple(_create_member(team, account, Role.AGENT, phrases) for account in AGENTS)
    _create_member(team, VIEWER, Role.VIEWER, phrases, language=Language.ENGLISH)
    solo = _create_user(SOLO, phrases)
    return Crew(team, manager, agents), Crew(create_team(phrases.pick("solo_team"), solo), solo, (solo,))


def _create_member(
    team: Team, account: Account, role: Role, phrases: Phrases, language: str = Language.CHINESE
) -> User:
    user = _create_user(account, phrases, language)
    Membership.objects.create(team=team, user=user, role=role)
    return user


def _create_user(account: Account, phrases: Phrases, language: str = Language.CHINESE) -> User:
    return User.objects.create_user(account.email, PASSWORD, name=phrases.pick(account.key), language=language)
