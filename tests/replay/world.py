"""Whom and what the cases of random histories share: a team, its people, carriers; made once, in few queries."""

from collections.abc import Mapping
from dataclasses import dataclass

from cases.domain.roles import Role
from cases.models import AppealBody, Carrier, Membership, Team, User

#: Of the case that a history is about, and of the one that goes along with it in batches.
NUMBER, COMPANION = "13800138000", "13900139000"
#: Of a person, a company, and of nobody that the register names.
HOLDERS = ("王小明", "演示电销有限公司", "")


@dataclass(frozen=True)
class World:
    """What is there before a history begins. The objects are shared: whoever changes one copies it first."""

    team: Team
    people: Mapping[str, User]
    carriers: Mapping[str, Carrier]


def make_world() -> World:
    """A team with a manager and two agents, and three carriers: default terms, terms of its own, a virtual one."""
    team = Team.objects.create(name="销售一部")
    people = {
        "manager": ("李娜", Role.MANAGER),
        "agent": ("王伟", Role.AGENT),
        "colleague": ("赵敏", Role.AGENT),
    }
    users = {}
    for key, (name, role) in people.items():
        # Without a password: hashing one takes longer than a history.
        users[key] = User.objects.create(email=f"{key}@example.com", name=name)
        Membership.objects.create(team=team, user=users[key], role=role)
    carriers = {
        "mobile": Carrier(slug="china-mobile", name="中国移动", name_en="China Mobile", hotline="10086"),
        "unicom": Carrier(
            slug="china-unicom", name="中国联通", name_en="China Unicom", hotline="10010",
            acknowledge_hours=48, review_days=2, window_days=2, reply_days=7, effect_day=20, refund_day=20,
        ),
        "virtual": Carrier(
            slug="virtual", name="虚拟运营商", name_en="A virtual operator", hotline="10020", is_virtual=True,
            effect_day=1,
        ),
    }  # fmt: skip
    for carrier in carriers.values():
        carrier.save()
    AppealBody.objects.create(province="浙江", name="浙江省通信管理局")
    return World(team, users, carriers)
