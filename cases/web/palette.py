"""What the command palette finds: pages and acts by their titles, and cases, cards and people by what is typed."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases import selectors, wording
from cases.domain import masking
from cases.domain.roles import ROLE_LABELS
from cases.operations.next_reminder import standing_of
from cases.selectors.card_names import NameColumn, card_names
from cases.selectors.pagination import Order, get_page
from cases.web.access import TeamRequest, has_right
from cases.web.navigation import ACTS, PAGES

if TYPE_CHECKING:  # django-stubs-ext is a tool of development
    from django_stubs_ext import StrOrPromise

#: Results of one kind.
MOST = 6
#: The longest text that is looked for.
MOST_LETTERS = 60


@dataclass(frozen=True)
class Result:
    """A place to go to: what it is called, a word about it, its address."""

    label: str
    note: str
    url: str


def find(request: TeamRequest, text: str) -> list[tuple[str, list[Result]]]:
    """Results by the title of their kind, empty kinds left out; of what the person may see, numbers masked.

    Without a text: the acts, then the pages. The number of queries does not depend on how much is found.
    """
    text = text.replace("\0", "").strip()[:MOST_LETTERS]
    kinds: list[tuple[str, Callable[[], Iterable[Result]]]] = [
        (_("Actions"), lambda: _targets(request, text, is_act=True)),
        (_("Pages"), lambda: _targets(request, text, is_act=False)),
    ]
    if text:
        records = [
            (_("Cases"), lambda: _cases(request, text)),
            (_("Cards"), lambda: _cards(request, text)),
            (_("People"), lambda: _people(request, text)),
        ]
        # Who types digits or a reference looks for a case.
        kinds = [*records, *kinds] if any(character.isdigit() for character in text) else [*kinds, *records]
    results = [(title, list(search())) for title, search in kinds]
    return [(title, rows) for title, rows in results if rows]


def _targets(request: TeamRequest, text: str, *, is_act: bool) -> Iterator[Result]:
    folded = text.casefold()
    for target in ACTS if is_act else PAGES:
        if has_right(request, target.right) and folded in _both_languages(target.title):
            yield Result(str(target.title), "", target.url())


def _both_languages(title: "StrOrPromise") -> str:
    """The title as somebody may type it, whatever the language of the page."""
    texts = [str(title)]
    for language in ("en", "zh-hans"):
        with translation.override(language):
            texts.append(str(title))
    return "\n".join(texts).casefold()


def _cases(request: TeamRequest, text: str) -> list[Result]:
    visible = selectors.cases_of(*request.teams).prefetch_related("escalations")
    matches = selectors.listed(selectors.search_cases(visible, text, *request.teams), text)
    rows = get_page(matches, visible, Order(), {}, MOST).rows
    calendar = selectors.working_calendar()
    return [
        Result(
            f"{masking.mask_number(case.card.number)} · {case.carrier}",
            f"{case.reference} · {wording.headline(standing_of(case, request.now, calendar))}",
            reverse("case_detail", args=[case.reference]),
        )
        for case in rows
    ]


def _cards(request: TeamRequest, text: str) -> list[Result]:
    visible = selectors.cards_of(*request.teams)
    rows = get_page(selectors.search_cards(visible, text, *request.teams), visible, Order(), {}, MOST).rows
    return [
        Result(
            f"{masking.mask_number(card.number)} · {card.carrier}",
            " · ".join(masking.mask_text(name) for name in (card.department, card.user, card.holder) if name),
            reverse("card_detail", args=[card.pk]),
        )
        for card in rows
    ]


def _people(request: TeamRequest, text: str) -> list[Result]:
    """Members of the team that the person is in, and whom its cards name: their cases."""
    members = selectors.active_memberships(request.team).filter(user__name__icontains=text)[:MOST]
    people = [
        Result(str(member.user), _(ROLE_LABELS[member.role]), _list(handler=str(member.user_id))) for member in members
    ]
    columns: tuple[tuple[NameColumn, str], ...] = (
        ("user", pgettext("of a card", "User")),
        ("holder", _("Holder")),
        ("department", _("Department")),
    )
    for column, label in columns:
        for name in card_names(request.team, column, text, limit=MOST):
            shown = masking.mask_text(name.name)
            people.append(Result(shown, label, _list(**{"q" if column == "holder" else column: shown})))
    return people[: 2 * MOST]


def _list(**params: str) -> str:
    return f"{reverse('case_list')}?{urlencode(params)}"
