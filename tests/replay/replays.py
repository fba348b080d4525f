"""A case beside the replay of its record."""

from collections.abc import Sequence

from cases.models import Case, Charge, ChecklistMark, Escalation, Refund, TimelineEntry, Verification, WaitingRound
from cases.operations.engine.replay import ReplayedCase, recorded_calendars, replay
from tests.replay.lives import Life
from tests.replay.states import State, differences, state_of_rows, stored_state


def entries_of(case: Case) -> list[TimelineEntry]:
    """The record of a case, with what is left of its content."""
    return list(TimelineEntry.objects.filter(case=case).select_related("content").order_by("sequence"))


def replay_case(case: Case) -> ReplayedCase:
    entries = entries_of(case)
    return replay(entries, recorded_calendars(entries))


def replayed_state(replayed: ReplayedCase, *, without: Sequence[str] = ()) -> State:
    """The state that a replay left, as `stored_state` has that of the database."""
    work = replayed.work
    rows = {
        WaitingRound: work.rounds,
        Verification: work.verifications,
        Escalation: work.escalations,
        Charge: work.charges,
        Refund: work.refunds,
        ChecklistMark: work.marks,
    }
    return state_of_rows(work.case, rows, without=without)


def replay_differences(case: Case, *, without: Sequence[str] = ()) -> list[str]:
    """Where the database and the replay of the record differ."""
    stored = stored_state(case, without=without)
    return differences(stored, replayed_state(replay_case(case), without=without))


def life_differences(life: Life) -> list[str]:
    """The same of the cases of a life, and of what their record says of the card."""
    # A message that is proposed ends a snooze, and is on no record until somebody decides.
    without = ("snoozed_at", "snoozed_until") if life.snooze_ended_by_message else ()
    case = life.the_case()
    lines = replay_differences(case, without=without)
    recorded = replay_case(case).work.case
    expected = {name: value for facts in life.card_facts.values() for name, value in facts.items()}
    if case.erased_at:
        expected = {**dict.fromkeys(expected, ""), "carrier": recorded.carrier.slug and case.carrier.slug}
    facts = {"number": recorded.card.number, "holder": recorded.card.holder, "carrier": recorded.carrier.slug}
    if facts != expected:
        lines.append(f"card: when recorded {expected}, replayed {facts}")
    if life.companion:
        lines += [f"companion: {line}" for line in replay_differences(life.companion)]
    return lines
