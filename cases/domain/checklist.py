"""What to have ready before asking a carrier to cancel a card (the source article's first step and its advice).

Account access is ticked as ready, never stored: no field of the product takes a password, an SMS code or an
identity number.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cases.domain.errors import gettext_noop


class Group(StrEnum):
    MATERIALS = "materials"
    COMPANY = "company"
    BEFORE = "before"


class Only(StrEnum):
    """Whom an item is for, where it is not for everybody."""

    COMPANY = "company"
    VIRTUAL = "virtual"


@dataclass(frozen=True)
class Item:
    """One thing to have or to settle. `required`: it holds a submission back, of those that it is for."""

    code: str
    group: Group
    label: str
    help: str
    required: bool = True
    only: Only | None = None


ITEMS: tuple[Item, ...] = (
    Item(
        "identity",
        Group.MATERIALS,
        gettext_noop("Identity document, original and copy"),
        gettext_noop("The holder's own. Show it at the counter; do not upload it here and send it to nobody else."),
    ),
    Item(
        "card",
        Group.MATERIALS,
        gettext_noop("The SIM card itself"),
        gettext_noop("Branches ask for it. Lost? Say so at once: a branch can do without it, but wants more proof."),
    ),
    Item(
        "iccid",
        Group.MATERIALS,
        gettext_noop("ICCID of the card (virtual operators)"),
        gettext_noop(
            "The 19 or 20 digits printed on the card, or in the telephone's settings. Virtual operators have few "
            "branches and ask for it online, or the agent who sold the card does."
        ),
        only=Only.VIRTUAL,
    ),
    Item(
        "account",
        Group.MATERIALS,
        gettext_noop("Account access at hand"),
        gettext_noop(
            "Only tick that you have it: never write a password here. Forgotten? Reset it in the carrier's own app or "
            "by its hotline; they ask for the identity document and what was given when the card was registered. If "
            "that fails, a branch can do without it."
        ),
    ),
    Item(
        "licence",
        Group.COMPANY,
        gettext_noop("Business licence"),
        gettext_noop("A copy with the company's seal; some branches want to see the original. Ask which they keep."),
        only=Only.COMPANY,
    ),
    Item(
        "seal",
        Group.COMPANY,
        gettext_noop("The company's seal"),
        gettext_noop("The form is sealed at the counter: bring the seal, or fetch the form and have it sealed before."),
        only=Only.COMPANY,
    ),
    Item(
        "authority",
        Group.COMPANY,
        gettext_noop("Letter of authority"),
        gettext_noop(
            "Names the handler, the numbers and what may be done: cancel them, settle the bill, take the balance. "
            "Sealed and dated; ask whether the branch has a form of its own."
        ),
        only=Only.COMPANY,
    ),
    Item(
        "handler",
        Group.COMPANY,
        gettext_noop("The handler's identity document"),
        gettext_noop("Of the person whom the letter names, original and copy. Not to be uploaded here either."),
        only=Only.COMPANY,
    ),
    Item(
        "arrears",
        Group.BEFORE,
        gettext_noop("Arrears and fees settled"),
        gettext_noop("An unpaid bill is the most frequent reason for a refusal. Ask for the amount up to the end day."),
    ),
    Item(
        "contract",
        Group.BEFORE,
        gettext_noop("No contract, bundle, special number or secondary card left"),
        gettext_noop("Those must be ended first; ask what ending them costs before you agree."),
    ),
    Item(
        "contacts",
        Group.BEFORE,
        gettext_noop("Contacts backed up"),
        gettext_noop("A cancelled number does not come back: after about 90 days it is given to somebody else."),
    ),
    Item(
        "bindings",
        Group.BEFORE,
        gettext_noop("Bank, WeChat, Alipay and other accounts unbound"),
        gettext_noop("Whoever gets the number later would receive their codes."),
    ),
    Item(
        "balance",
        Group.BEFORE,
        gettext_noop("Balance used up or moved"),
        gettext_noop("Ask where a remaining balance goes before the card is closed."),
        required=False,
    ),
    Item(
        "alternatives",
        Group.BEFORE,
        gettext_noop("Alternatives compared"),
        gettext_noop("A cheaper plan or suspension may do; suspended cards usually still cost a monthly fee."),
        required=False,
    ),
)
BY_CODE = {item.code: item for item in ITEMS}

#: What a carrier's return puts in doubt again, however it was ticked before (values of ReturnReason).
DOUBTED_BY: Mapping[str, str] = {"arrears": "arrears", "contract": "contract", "special": "contract"}

#: How the names of companies and other bodies end; a holder named otherwise is taken for a person.
_BODIES = ("公司", "集团", "厂", "店", "中心", "事务所", "工作室", "合作社", "经营部", "商行", "协会", "学校", "医院")
_BODIES_EN = ("ltd", "limited", "inc", "corp", "corporation", "company", "llc", "llp", "gmbh", "plc")


@dataclass(frozen=True)
class Mark:
    """How an item was settled (`state` as stored, not empty), and when."""

    state: str
    at: datetime


@dataclass(frozen=True)
class Line:
    """An item as it stands on a case: `state` is empty while it is open; `required` for this very case."""

    item: Item
    state: str
    required: bool

    @property
    def missing(self) -> bool:
        return self.required and not self.state


def is_company(holder: str) -> bool:
    """Whether a holder's name is that of a company or another body; wrong guesses are waived with a reason."""
    name = holder.strip().rstrip(")）.。").lower()
    return name.endswith(_BODIES) or name.rpartition(" ")[2].strip(",.") in _BODIES_EN


def checked(
    marks: Mapping[str, Mark],
    *,
    company: bool,
    virtual: bool,
    returned_for: str = "",
    returned_at: datetime | None = None,
) -> list[Line]:
    """The checklist of a case. What is for others only is left out, unless somebody marked it.

    Papers of companies stay on it while nobody knows who holds the card, and hold nothing back then.
    `returned_for`, `returned_at`: the carrier handed the request back; what it named must be settled after that.
    """
    lines = []
    for item in ITEMS:
        mark = marks.get(item.code)
        doubted = DOUBTED_BY.get(returned_for) == item.code and returned_at is not None
        if mark and doubted and returned_at and mark.at <= returned_at:
            mark = None
        applies = item.only is None or {Only.COMPANY: company, Only.VIRTUAL: virtual}[item.only]
        if mark or applies or item.only is Only.COMPANY:
            lines.append(Line(item, mark.state if mark else "", item.required and applies))
    return lines


def missing(lines: Collection[Line]) -> list[str]:
    """Codes of the required items that are neither done nor waived."""
    return [line.item.code for line in lines if line.missing]
