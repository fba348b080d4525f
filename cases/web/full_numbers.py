"""Numbers in full on pages: the switch of a session, what was asked for, and what of it the audit log says."""

from collections.abc import Sized
from typing import Any

from cases.domain.business_days import local
from cases.domain.full_numbers import NumberDisplay, NumberList, number_display
from cases.models import Card, Case, Team
from cases.operations.audit_log import record_list_in_full, record_number_in_full
from cases.web.access import TeamRequest
from cases.web.asked_number import is_asked_for

#: In the session: what was chosen, by the team's key; and the lists of the day that the audit log has.
_SWITCHES, _RECORDED = "full_numbers", "full_numbers_recorded"


def switch_full_numbers(request: TeamRequest, team: Team, *, is_on: bool) -> None:
    """Remember until the session ends whether the person sees this team's numbers in full."""
    request.session[_SWITCHES] = request.session.get(_SWITCHES, {}) | {str(team.pk): is_on}


def display_for(request: TeamRequest, team: Team) -> NumberDisplay:
    """How the person sees the numbers of a team now."""
    switched_on = request.session.get(_SWITCHES, {}).get(str(team.pk))
    return number_display(request.roles.get(team.pk), team.full_numbers, switched_on=switched_on)


def list_context(
    request: TeamRequest, number_list: NumberList, rows: Sized, team: Team | None = None, key: int = 0
) -> dict[str, Any]:
    """What a list needs in its context: `full_numbers`, and `number_switch` for parts/number_switch.html.

    That it shows `rows` with numbers in full is recorded once a day. `team`: the current one unless another is given;
    `key`: of the batch.
    """
    team = team or request.team
    display = display_for(request, team)
    if display.in_full and rows:
        _record_list(request, team, f"{number_list} {key}" if key else number_list.value)
    return _context(display, team)


def case_context(request: TeamRequest, case: Case) -> dict[str, Any]:
    """Likewise of every page of a case, whose number may have been asked for; recorded with its card once a day."""
    display = display_for(request, case.team)
    in_full = display.in_full or is_asked_for(request, case)
    if in_full and not case.card.is_erased:
        record_number_in_full(case.card, by=request.user, now=request.now, case=case)
    return _context(display, case.team) | {"full_numbers": in_full}


def card_context(request: TeamRequest, card: Card) -> dict[str, Any]:
    """Likewise of a card's page."""
    team = next(team for team in request.teams if team.pk == card.team_id)
    display = display_for(request, team)
    if display.in_full and not card.is_erased:
        record_number_in_full(card, by=request.user, now=request.now)
    return _context(display, team)


def _context(display: NumberDisplay, team: Team) -> dict[str, Any]:
    return {"full_numbers": display.in_full, "number_switch": display, "number_switch_team": team}


def _record_list(request: TeamRequest, team: Team, about: str) -> None:
    """The session remembers what is recorded of the day, so that the other pages of a list ask nothing."""
    day, name = local(request.now).date().isoformat(), f"{team.pk} {about}"
    recorded = request.session.get(_RECORDED, {})
    names: list[str] = recorded.get("lists", []) if recorded.get("day") == day else []
    if name not in names:
        record_list_in_full(team, about, by=request.user, now=request.now)
        request.session[_RECORDED] = {"day": day, "lists": [*names, name]}
