"""What to have ready before asking a carrier to cancel a card (the source article's first step and its advice).

Account access is ticked as ready, never stored: no field of the product takes a password, an SMS code or an
identity number.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cases.domain.errors import gettext_noop


class ItemGroup(StrEnum):
    MATERIALS = "materials"
    COMPANY = "company"
    BEFORE = "before"


class Audience(StrEnum):
    """Whom an item is for, where it is not for everybody."""

    COMPANY = "company"
    VIRTUAL = "virtual"


@dataclass(frozen=True)
class ChecklistItem:
    """One thing to have or to settle. `required`: it holds a submission back, of those that it is for."""

    code: str
    group: ItemGroup
    label: str
    help: str
    required: bool = True
    audience: Audience | None = None


ITEMS: tuple[ChecklistItem, ...] = (
    ChecklistItem(
        "identity",
        ItemGroup.MATERIALS,
        gettext_noop("Identity document (original and copy)"),
        gettext_noop(
            "It must be the registered holder’s own. Show it at the branch; do not upload it here. A reseller gets a "
            "copy only after the carrier’s hotline has confirmed that cancellation goes through it; write the purpose "
            "on the copy."
        ),
    ),
    ChecklistItem(
        "card",
        ItemGroup.MATERIALS,
        gettext_noop("Physical SIM card"),
        gettext_noop(
            "Branches usually ask for it. If it is lost, say so at the start: most branches can still cancel, "
            "but will want more proof of identity."
        ),
    ),
    ChecklistItem(
        "iccid",
        ItemGroup.MATERIALS,
        gettext_noop("ICCID of the card (virtual operators)"),
        gettext_noop(
            "The 19 or 20 digits printed on the card, or shown in the phone’s settings. Most virtual operators "
            "have no branches; they or the reseller ask for it."
        ),
        audience=Audience.VIRTUAL,
    ),
    ChecklistItem(
        "account",
        ItemGroup.MATERIALS,
        gettext_noop("You can sign in to the carrier account"),
        gettext_noop(
            "Only tick that you can sign in. Never enter the password here. If you have forgotten it, reset it in the "
            "carrier’s app or through the hotline with the identity document and the details given when the number was "
            "opened. If that fails, ask a branch: the password is usually not needed there."
        ),
    ),
    ChecklistItem(
        "licence",
        ItemGroup.COMPANY,
        gettext_noop("Business licence"),
        gettext_noop("A copy with the company seal. Some branches also want to see the original: ask first."),
        audience=Audience.COMPANY,
    ),
    ChecklistItem(
        "seal",
        ItemGroup.COMPANY,
        gettext_noop("Company seal"),
        gettext_noop("The application form must be stamped. Bring the seal, or get the form beforehand and stamp it."),
        audience=Audience.COMPANY,
    ),
    ChecklistItem(
        "authority",
        ItemGroup.COMPANY,
        gettext_noop("Letter of authority"),
        gettext_noop(
            "It names the authorised person, the numbers and what may be done: cancel, settle the bill, collect "
            "the balance. Stamped and dated. Ask whether the branch has its own form."
        ),
        audience=Audience.COMPANY,
    ),
    ChecklistItem(
        "handler",
        ItemGroup.COMPANY,
        gettext_noop("Authorised person’s identity document"),
        gettext_noop("Original and copy, of the person named in the letter of authority. Do not upload it here."),
        audience=Audience.COMPANY,
    ),
    ChecklistItem(
        "arrears",
        ItemGroup.BEFORE,
        gettext_noop("Arrears and fees paid"),
        gettext_noop("An unpaid bill is a common reason for refusal. Ask how much is due up to the cancellation date."),
    ),
    ChecklistItem(
        "contract",
        ItemGroup.BEFORE,
        gettext_noop("No contract, bundle, premium-number agreement or secondary SIM left"),
        gettext_noop("These must be ended first. Ask what it costs before you agree."),
    ),
    ChecklistItem(
        "contacts",
        ItemGroup.BEFORE,
        gettext_noop("Contacts backed up"),
        gettext_noop(
            "A cancelled number cannot be recovered. It is frozen for at least 90 days, then given to someone else."
        ),
    ),
    ChecklistItem(
        "bindings",
        ItemGroup.BEFORE,
        gettext_noop("Bank, WeChat, Alipay and other accounts moved off this number"),
        gettext_noop("Otherwise the next user of the number will receive your verification codes."),
    ),
    ChecklistItem(
        "balance",
        ItemGroup.BEFORE,
        gettext_noop("Balance used up or transferred"),
        gettext_noop("Ask what happens to the remaining balance before you cancel."),
        required=False,
    ),
    ChecklistItem(
        "alternatives",
        ItemGroup.BEFORE,
        gettext_noop("Alternatives considered"),
        gettext_noop(
            "A cheaper plan or a suspension may be enough. A suspended number usually still has a monthly fee."
        ),
        required=False,
    ),
)
ITEMS_BY_CODE = {item.code: item for item in ITEMS}

#: What a carrier's return puts in doubt again, however it was ticked before (values of ReturnReason).
ITEM_IN_DOUBT: Mapping[str, str] = {"arrears": "arrears", "contract": "contract", "special": "contract"}

#: How the names of companies and other bodies end; a holder named otherwise is taken for a person.
_ORGANISATION_ENDINGS = (
    "公司",
    "集团",
    "厂",
    "店",
    "中心",
    "事务所",
    "工作室",
    "合作社",
    "经营部",
    "商行",
    "协会",
    "学校",
    "医院",
)
_ORGANISATION_ENDINGS_EN = ("ltd", "limited", "inc", "corp", "corporation", "company", "llc", "llp", "gmbh", "plc")


@dataclass(frozen=True)
class ItemMark:
    """How an item was settled (`state` as stored, not empty), and when."""

    state: str
    at: datetime


@dataclass(frozen=True)
class ChecklistLine:
    """An item as it stands on a case: `state` is empty while it is open; `required` for this very case."""

    item: ChecklistItem
    state: str
    required: bool

    @property
    def is_missing(self) -> bool:
        return self.required and not self.state


def is_company(holder: str) -> bool:
    """Whether a holder's name is that of a company or another body; wrong guesses are waived with a reason."""
    name = holder.strip().rstrip(")）.。").lower()
    return name.endswith(_ORGANISATION_ENDINGS) or name.rpartition(" ")[2].strip(",.") in _ORGANISATION_ENDINGS_EN


def build_checklist(
    marks: Mapping[str, ItemMark],
    *,
    company: bool,
    virtual: bool,
    returned_for: str = "",
    returned_at: datetime | None = None,
) -> list[ChecklistLine]:
    """The checklist of a case. What is for others only is left out, unless somebody marked it.

    Papers of companies stay on it while nobody knows who holds the card, and hold nothing back then.
    `returned_for`, `returned_at`: the carrier handed the request back; what it named must be settled after that.
    """
    lines = []
    for item in ITEMS:
        mark = marks.get(item.code)
        is_in_doubt = ITEM_IN_DOUBT.get(returned_for) == item.code and returned_at is not None
        if mark and is_in_doubt and returned_at and mark.at <= returned_at:
            mark = None
        applies = item.audience is None or {Audience.COMPANY: company, Audience.VIRTUAL: virtual}[item.audience]
        if mark or applies or item.audience is Audience.COMPANY:
            lines.append(ChecklistLine(item, mark.state if mark else "", item.required and applies))
    return lines


def missing_codes(lines: Collection[ChecklistLine]) -> list[str]:
    """Codes of the required items that are neither done nor waived."""
    return [line.item.code for line in lines if line.is_missing]
