"""Where one can go from every page, in one order: that of use, with the settings last. The menu at the head of the
pages, its part that unfolds on a phone, and the command palette have it from here."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.domain.roles import Right

if TYPE_CHECKING:  # django-stubs-ext is a tool of development
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Target:
    """A page or an act with its address and the right that it needs.

    `menu`: the part of the menu that it stands in, empty where only the palette has it. `first` is always in sight,
    `wide` unfolds on a phone, `more` always does.
    """

    title: "StrOrPromise"
    route: str
    right: Right = Right.READ
    args: tuple[str, ...] = ()
    query: str = ""
    menu: str = ""
    menu_title: "StrOrPromise" = ""

    def url(self) -> str:
        return reverse(self.route, args=self.args) + self.query


ACTS = (
    Target(gettext_lazy("Log a cancellation"), "case_new", Right.WORK),
    Target(gettext_lazy("Log a batch"), "batch_new", Right.WORK),
    Target(gettext_lazy("Add a card"), "card_new", Right.WORK),
    Target(gettext_lazy("Import cards"), "card_import_new", Right.WORK),
    Target(gettext_lazy("Compare a bill"), "bill_new", Right.WORK),
    Target(gettext_lazy("Export cases"), "case_export"),
    Target(gettext_lazy("Export cards"), "card_export"),
    Target(gettext_lazy("Export a dossier of several cases"), "dossier_new"),
)
PAGES = (
    Target(gettext_lazy("Work list"), "work_list", menu="first"),
    Target(gettext_lazy("Overdue cases"), "case_list", query="?standing=overdue&sort=reply_by"),
    Target(gettext_lazy("Cases"), "case_list", menu="first"),
    Target(gettext_lazy("Batches"), "batch_list"),
    Target(
        gettext_lazy("SMS from carriers"), "message_list", menu="first", menu_title=pgettext_lazy("of carriers", "SMS")
    ),
    Target(gettext_lazy("Cards"), "card_list", menu="first"),
    Target(gettext_lazy("Call sheets"), "call_list", Right.WORK, menu="wide"),
    Target(gettext_lazy("Bills"), "bill_list", menu="wide"),
    Target(gettext_lazy("Statistics"), "statistics", menu="wide"),
    Target(gettext_lazy("What it saved"), "savings"),
    Target(gettext_lazy("Monthly statement"), "statement"),
    Target(gettext_lazy("Carriers"), "carrier_list", menu="more"),
    Target(gettext_lazy("Guide"), "guide", menu="more"),
    Target(gettext_lazy("Team"), "current_team"),
    Target(gettext_lazy("Reminder channels"), "channel_list", args=("me",)),
    Target(pgettext_lazy("palette", "My account"), "account"),
)
#: Pages that belong to one of the menu's.
_WITHIN = {"guide_chapter": "guide", "call_sheet": "call_list"}


@dataclass(frozen=True)
class MenuItem:
    """A page of the menu as it stands there."""

    title: "StrOrPromise"
    url: str
    route: str
    part: str
    is_current: bool


def menu_items(page: str, *, may_work: bool) -> list[MenuItem]:
    """The menu in its order, without the pages that the person may not open; `page`: the name of the current route."""
    current = _WITHIN.get(page, page)
    return [
        MenuItem(target.menu_title or target.title, target.url(), target.route, target.menu, target.route == current)
        for target in PAGES
        if target.menu and (may_work or target.right is Right.READ)
    ]
