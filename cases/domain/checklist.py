"""What to have ready before asking a carrier to cancel a card (the source article's first step and its advice).

Account access is ticked as ready, never stored: no field of the product takes a password, an SMS code or an
identity number.
"""

from dataclasses import dataclass
from enum import StrEnum

from cases.domain.errors import gettext_noop


class Group(StrEnum):
    MATERIALS = "materials"
    COMPANY = "company"
    BEFORE = "before"


@dataclass(frozen=True)
class Item:
    code: str
    group: Group
    label: str
    help: str
    required: bool = True


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
        gettext_noop("Branches ask for it; virtual operators ask for the ICCID printed on it."),
    ),
    Item(
        "account",
        Group.MATERIALS,
        gettext_noop("Account access at hand"),
        gettext_noop(
            "Only tick that you have it: never write a password here. Forgotten? Reset it in the carrier's app or "
            "by the hotline with the identity document; a branch can do without it."
        ),
    ),
    Item(
        "company_papers",
        Group.COMPANY,
        gettext_noop("For a company: licence, seal, letter of authority, handler's identity document"),
        gettext_noop("Needed when the card is registered to a company. Ask which of them the branch keeps as a copy."),
        required=False,
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


def missing(settled: set[str]) -> list[str]:
    """Codes of the required items that are neither done nor waived."""
    return [item.code for item in ITEMS if item.required and item.code not in settled]
