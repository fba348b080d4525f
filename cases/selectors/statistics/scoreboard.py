"""How each carrier does, by the channel of the request: the figures of docs/statistics.md, 'Carriers'.

`cases` are those that somebody may see (`selectors.cases_of`), `now` is an aware moment. Five queries, however many.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import CharField, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Least

from cases.domain.business_days import WorkingCalendar
from cases.domain.deadlines import Basis
from cases.domain.kaplan_meier import SurvivalCurve, estimate_survival
from cases.domain.status import Status
from cases.models import Carrier, TimelineEntry, WaitingRound
from cases.models.choices import EntryKind
from cases.selectors import Cases, listed, overdue_q
from cases.selectors.entries import entries_that_count
from cases.selectors.statistics.days import Seconds, WorkingDays

#: No figure is made from fewer.
MIN_SAMPLE = 5
_SECONDS_PER_DAY = 24 * 3600
#: Past the working days that answers are counted within.
_LATER = Value(6)


#: How many cases took N working days, by N and whether they are confirmed: what `estimate_survival` takes.
Times = Counter[tuple[int, bool]]


@dataclass(frozen=True)
class Share:
    """`count` of `of`."""

    count: int
    of: int

    @property
    def percent(self) -> int | None:
        """Rounded, half up; None from fewer than five."""
        return (200 * self.count + self.of) // (2 * self.of) if self.of >= MIN_SAMPLE else None


@dataclass(frozen=True)
class Scores:
    """What requests on one channel came to; `channel` empty for all of them together."""

    channel: str
    answered_24h: Share
    answered_3_days: Share
    answered_5_days: Share
    #: Working days from the first submission to the confirmation; what is open or withdrawn is censored.
    to_confirmed: SurvivalCurve
    promises_kept: Share
    #: How often the carrier returned a request, and for which reasons, the most frequent first; '' where it is erased.
    returned: int
    reasons: tuple[tuple[str, int], ...]

    @property
    def cases(self) -> int:
        """How many were submitted."""
        return self.to_confirmed.sample_size

    @property
    def has_enough(self) -> bool:
        """Whether they are enough to say how long it takes."""
        return self.cases >= MIN_SAMPLE

    @property
    def median(self) -> int | None:
        """Working days after which half are confirmed; None from fewer than five, or where the half is not reached."""
        return self.to_confirmed.median if self.has_enough else None

    @property
    def percentile_90(self) -> int | None:
        return self.to_confirmed.percentile(0.9) if self.has_enough else None


@dataclass(frozen=True)
class CarrierScores:
    carrier: Carrier
    all: Scores
    channels: tuple[Scores, ...]


@dataclass(frozen=True)
class Scoreboard:
    """The whole team, and each carrier that it submitted a request to, in the order of the directory."""

    team: Scores
    carriers: tuple[CarrierScores, ...]


def scoreboard(cases: Cases, now: datetime, calendar: WorkingCalendar, *, since: datetime | None = None) -> Scoreboard:
    """The scores of these cases; with `since`, of what was submitted, promised or returned from then on."""
    tallies = _tally(listed(cases).order_by().select_related(None), now, WorkingDays(calendar, now), since)
    by_carrier: dict[int, dict[str, _Tally]] = {}
    for (carrier_id, channel), tally in tallies.items():
        by_carrier.setdefault(carrier_id, {})[channel] = tally
    carrier_scores = []
    for carrier in Carrier.objects.filter(pk__in=by_carrier):
        channels = by_carrier[carrier.pk]
        channel_scores = tuple(
            channels[name].scores(name) for name in sorted(channels, key=lambda n: -channels[n].size)
        )
        carrier_scores.append(CarrierScores(carrier, _merge(channels.values()).scores(""), channel_scores))
    return Scoreboard(_merge(tallies.values()).scores(""), tuple(carrier_scores))


def times_to_confirmed(
    cases: Cases, now: datetime, calendar: WorkingCalendar, *, since: datetime | None = None
) -> dict[tuple[int, str], Times]:
    """How many working days cases take to be confirmed, by carrier (its key) and channel; one query."""
    return _times(_rounds(listed(cases).order_by().select_related(None), since), WorkingDays(calendar, now))


@dataclass
class _Tally:
    """What was counted: times by (working days, confirmed), answers and promises by (which, yes or no), reasons."""

    times: Times = field(default_factory=Counter)
    answers: Counter[tuple[str, bool]] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def size(self) -> int:
        return self.times.total()

    def scores(self, channel: str) -> Scores:
        def share(answer: str) -> Share:
            return Share(self.answers[answer, True], self.answers[answer, True] + self.answers[answer, False])

        reasons = sorted(self.reasons.items(), key=lambda item: (-item[1], item[0]))
        return Scores(
            channel=channel,
            answered_24h=share("24h"),
            answered_3_days=share("3"),
            answered_5_days=share("5"),
            to_confirmed=estimate_survival(self.times),
            promises_kept=share("promise"),
            returned=self.reasons.total(),
            reasons=tuple(reasons),
        )


def _merge(tallies: Iterable[_Tally]) -> _Tally:
    total = _Tally()
    for tally in tallies:
        total.times.update(tally.times)
        total.answers.update(tally.answers)
        total.reasons.update(tally.reasons)
    return total


_Tallies = dict[tuple[int, str], _Tally]


def _tally(cases: Cases, now: datetime, days: WorkingDays, since: datetime | None) -> _Tallies:
    tallies: defaultdict[tuple[int, str], _Tally] = defaultdict(_Tally)
    rounds = _rounds(cases, since)
    for key, times in _times(rounds, days).items():
        tallies[key].times = times
    answers = _count_by(_first_answers(rounds, now, days), "passed", "took", "gone", "in_a_day")
    for carrier, channel, days_passed, days_taken, is_withdrawn, in_a_day, count in answers:
        tally = tallies[carrier, channel].answers
        if in_a_day is not None:
            tally["24h", bool(in_a_day)] += count
        for n in (3, 5):
            # What was withdrawn before its time was over says nothing, and what still has time does not yet.
            if days_passed > n and not (is_withdrawn and days_taken <= n):
                tally[str(n), days_taken <= n] += count
    for carrier, channel, is_kept, count in _count_by(_promises(rounds, now), "kept"):
        tallies[carrier, channel].answers["promise", is_kept] += count
    for carrier, channel, reason, count in _count_by(_reasons(cases, since), "reason"):
        tallies[carrier, channel].reasons[reason] += count
    return tallies


def _rounds(cases: Cases, since: datetime | None) -> QuerySet[WaitingRound]:
    rounds = WaitingRound.objects.filter(case__in=cases).order_by()
    return rounds.filter(started_at__gte=since) if since else rounds


def _count_by(rows: QuerySet[models.Model], *by: str) -> Iterator[Any]:  # Any: the caller names the columns
    """Carrier (its key), channel, the columns `by`, and how many rows have these."""
    groups = rows.values_list("case__carrier", "case__channel", *by).annotate(count=Count("pk"))
    return iter(groups)


def _times(rounds: QuerySet[WaitingRound], days: WorkingDays) -> dict[tuple[int, str], Times]:
    """From the first submission to the end. A case that was opened again has none: the number lives. One that was
    taken over from a table in a later standing does not count: how long it took is not known."""
    end = Coalesce("case__confirmed_at", "case__closed_at")
    confirmed = Q(case__confirmed_at__isnull=False)
    ends = rounds.filter(number=1, basis=Basis.SUBMISSION).annotate(
        took=days.since("started_at", end), confirmed=confirmed
    )
    times: defaultdict[tuple[int, str], Times] = defaultdict(Counter)
    for carrier, channel, days_taken, is_confirmed, count in _count_by(ends, "took", "confirmed"):
        times[carrier, channel][max(days_taken, 0), is_confirmed] += count
    return times


def _first_answers(rounds: QuerySet[WaitingRound], now: datetime, days: WorkingDays) -> QuerySet[WaitingRound]:
    """Each submission and what ended its own round: an answer, or (`gone`) that it was withdrawn.

    `in_a_day`: whether it was registered or answered within 24 hours; NULL where those are not over, where it was
    withdrawn within them, and for submissions before a case's latest, whose registration is not stored.
    """
    # A change of the calendar may have begun the round anew: then the newer row counts.
    newer = WaitingRound.objects.filter(
        case=OuterRef("case"), submission=OuterRef("submission"), basis=Basis.SUBMISSION, number__gt=OuterRef("number")
    )
    is_withdrawn = Q(case__status=Status.WITHDRAWN, ended_at=F("case__closed_at"))
    ended_in_a_day = Q(ended__lte=F("sent") + _SECONDS_PER_DAY)
    in_a_day = models.Case(
        When(
            ~Q(submission=F("case__submission")) | Q(started_at__gt=now - timedelta(seconds=_SECONDS_PER_DAY)),
            then=None,
        ),
        When(Q(registered__lte=F("sent") + _SECONDS_PER_DAY), then=1),
        When(is_withdrawn & ended_in_a_day, then=None),
        When(ended_in_a_day, then=1),
        default=0,
        output_field=IntegerField(),
    )
    seconds = {
        "sent": Seconds("started_at"),
        "ended": Seconds("ended_at"),
        "registered": Seconds("case__acknowledged_at"),
    }
    return (
        rounds.filter(~Exists(newer), basis=Basis.SUBMISSION)
        .alias(**seconds)
        .annotate(
            passed=Least(days.since("started_at"), _LATER),
            took=Least(days.since("started_at", "ended_at"), _LATER),
            gone=is_withdrawn,
            in_a_day=in_a_day,
        )
    )


def _promises(rounds: QuerySet[WaitingRound], now: datetime) -> QuerySet[WaitingRound]:
    """Promises about which there is something to say: kept, or past their day; of withdrawn cases, those broken.

    Kept: by the end of the promised day the carrier had reported it as done, or a check had confirmed it, and that
    still holds.
    """
    is_kept = Q(done__lt=F("reply_by"))
    is_broken = overdue_q(now) & (~Q(case__status=Status.WITHDRAWN) | Q(late=True))
    done_at = Coalesce("case__reported_done_at", "case__confirmed_at")
    rows = (
        rounds.filter(basis=Basis.PROMISE)
        .alias(done=done_at)
        .annotate(kept=models.Case(When(is_kept, then=Value(True)), default=Value(False)))
    )
    return rows.filter(Q(kept=True) | is_broken)


def _reasons(cases: Cases, since: datetime | None) -> QuerySet[TimelineEntry]:
    """Why requests were returned; '' where that was erased: then only a case's single return still says it."""
    single = models.Case(When(case__submission=1, then=F("case__return_reason")), default=Value(""))
    reason = Coalesce(KeyTextTransform("reason", "content__body"), single, output_field=CharField())
    # Nothing else came back: so only their entries are looked through.
    returned_cases = cases.filter(Q(returned_at__isnull=False) | Q(submission__gt=1))
    returns = (
        entries_that_count(TimelineEntry.objects.filter(case__in=returned_cases, kind=EntryKind.RETURNED))
        .order_by()
        .annotate(reason=reason)
    )
    return returns.filter(recorded_at__gte=since) if since else returns
