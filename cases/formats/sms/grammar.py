"""What combinations of words mean. A rule speaks of classes of words (`vocabulary.WORDS_BY_KIND`), never of words.

A pattern is read against the classes of a clause's words in their order; what stands between the words does not count,
but no more than `max_gap` characters may. `?` after a class: may be missing; `a/b`: one of them;
`!a`: not followed by one; `...`: any words between; `~`: only words that change nothing; `$`: the end of the clause.
"""

import re
from dataclasses import dataclass
from typing import Final

from cases.domain.message_meaning import Meaning

#: Outcomes that are no meanings: an order was closed or a thing handled, and it is not said how; nothing at all.
CLOSED: Final = "closed"
HANDLED: Final = "handled"
REVOCABLE: Final = "revocable"
#: It lies with somebody who has not begun.
WAITING: Final = "waiting"
#: Arranged for a day to come.
BOOKED: Final = "booked"
#: The customer shall do something, and it is not said that it hangs on this.
DEMAND: Final = "demand"
#: It is said not to have happened yet.
NOT_DONE: Final = "not done"
#: The day on which a trial time ends, if nobody does anything.
ENDING: Final = "ending"
NOTHING: Final = "nothing"
#: Words that look like the carrier's doing and are another's, or are only about to be.
NOT_YET = frozenset({"neg", "cannot", "future", "promise", "please", "noneed", "can", "ask", "only", "must", "notyet"})
NOT_AT_ALL = frozenset({"neg", "noneed", "ask", "cannot", "notyet"})
_NEVER = frozenset[str]()
_ASKED = frozenset({"ask", "noneed"})
#: What stands in the way of a cancellation.
HINDRANCES = frozenset({"reason", "arrears"})
#: More characters than these between two words of a tight rule, and they do not belong together.
MAX_GAP = 16


@dataclass(frozen=True)
class Rule:
    """`unless`: classes that void it when one of them stands before it in its clause."""

    outcome: str
    pattern: re.Pattern[str]
    unless: frozenset[str]
    #: Holds only where one of these stands in the same sentence; then even as a consequence ('after you have paid').
    needs: frozenset[str] = frozenset()
    #: How many characters may stand between two of its words.
    max_gap: int = 2000


_HARMLESS = (
    "(?:<(?:date|dateby|term|today|ago|giving|of|now|num|thing|money|order|answer|handle|can|success|finish)>){0,8}?"
)
_ANY = "(?:<[a-z]+>){0,12}?"
_DAY = "(?:<(?:date|dateby|term|today|ago)>){0,4}"


def _compile(pattern: str) -> re.Pattern[str]:
    parts: list[str] = []
    for word in pattern.split():
        if word == "$":
            parts.append(_DAY + "$")
            continue
        if word in ("...", "~"):
            parts.append(_ANY if word == "..." else _HARMLESS)
            continue
        parts.append(_DAY if parts else "")
        negative, word = word.startswith("!"), word.removeprefix("!")
        optional, word = word.endswith("?"), word.removesuffix("?")
        choice = "(?:" + "|".join(re.escape(f"<{name}>") for name in word.split("/")) + ")"
        parts.append(f"(?!{choice})" if negative else choice + ("?" if optional else ""))
    return re.compile("".join(parts))


def _rule(outcome: str, pattern: str, unless: frozenset[str] = NOT_AT_ALL, needs: frozenset[str] = frozenset()) -> Rule:
    return Rule(outcome, _compile(pattern), unless, needs, MAX_GAP if outcome == Meaning.DONE else 2000)


def _near(outcome: str, pattern: str, unless: frozenset[str]) -> Rule:
    return Rule(outcome, _compile(pattern), unless, max_gap=2)


_UNDONE = "!request !matter !register !registered !audit !review !pre !reserve !refused !final !cannot !papers !back"
_ACT = "cancel/cut/gone/pre/register/registered/finish/success/handle/pass/audit"

#: The first that fits in a clause is taken, wherever in the clause; then the next among the words that are left.
RULES: tuple[Rule, ...] = (
    _rule(NOTHING, "noneed ... papers/document/box/revoke/restore/cancel/register", _NEVER),
    _rule(NOTHING, "neg/notyet revoke/restore", _NEVER),
    _near(NOTHING, "neg/notyet refused/final/back", _NEVER),
    _rule(NOTHING, "money/bill past? future? success? back/revoke/restore", _NEVER),
    _rule(NOTHING, "arrears past", _NEVER),
    _rule(Meaning.REFUSED, "booked/pre request? past? success? revoke", NOT_YET - {"past"}),
    _rule(Meaning.REFUSED, "revoke booked/pre", NOT_YET),
    # Cancelled for a trial time.
    _rule(
        Meaning.PRECANCELLED,
        "pre !request !register !registered !audit !review !papers !refused",
        NOT_AT_ALL | {"revoke"},
    ),
    _rule(BOOKED, "booked !request !audit !review", NOT_AT_ALL | {"revoke"}),
    _rule(BOOKED, "reserve ~ cancel success? !request !register !past !finish", NOT_AT_ALL | {"revoke"}),
    _rule(BOOKED, "cancel ~ past? reserve success? !request !register", NOT_AT_ALL | {"revoke"}),
    _rule(Meaning.PRECANCELLED, "cooling", NOT_AT_ALL | {"future"}),
    _rule(REVOCABLE, "can/cond ... revoke/restore", _NEVER),
    _rule(WAITING, "waiting", NOT_AT_ALL | {"future"}),
    # What stands in the way.
    _rule(Meaning.REFUSED, "cancel/request/order ... ended/revoke", NOT_AT_ALL | {"future", "can", "earlier"}),
    _rule(
        Meaning.REFUSED,
        "ended/revoke ... cancel/request/order",
        NOT_AT_ALL | {"future", "can", "earlier", "must", "please"},
    ),
    _rule(Meaning.REFUSED, "past ended/revoke", NOT_AT_ALL | {"future", "earlier"}, frozenset({"request", "order"})),
    _rule(Meaning.REFUSED, "refused/final", _ASKED | {"benign", "earlier", "future", "can"}),
    _rule(Meaning.REFUSED, "back", frozenset({"ask", "future", "money", "neg", "earlier"})),
    _rule(Meaning.REFUSED, f"cannot ... {_ACT}", frozenset({"ask", "future", "earlier"})),
    _rule(Meaning.REFUSED, "cancel/cut request? order? cannot", frozenset({"ask"})),
    _rule(Meaning.REFUSED, "only ... cancel/pre/handle/register", frozenset({"ask"}), HINDRANCES),
    _rule(CLOSED, "past closed"),
    # What the customer must do.
    _rule(Meaning.MORE_PAPERS, "confirm", _NEVER),
    _rule(Meaning.MORE_PAPERS, "papers", frozenset({"noneed", "past"})),
    _rule(Meaning.MORE_PAPERS, "must/lack/please ... document/box", frozenset({"noneed", "past"})),
    _rule(Meaning.MORE_PAPERS, "document/box ... lack/neg/notyet", frozenset({"noneed", "past"})),
    _rule(
        Meaning.MORE_PAPERS,
        "must/please ... action",
        frozenset({"noneed", "past", "benign"}),
        frozenset({"only", "cond", "lack"}),
    ),
    _rule(Meaning.MORE_PAPERS, "must/please ... arrears", frozenset({"noneed", "past"})),
    _rule(DEMAND, "must/please ... demand !query", frozenset({"noneed", "past", "benign", "query"})),
    # Done.
    _rule(Meaning.DONE, "past ... gone", NOT_AT_ALL),
    _rule(Meaning.DONE, "gone", NOT_YET - {"can"}),
    _rule(Meaning.DONE, f"past ~ cancel ~ {_UNDONE}", NOT_YET - {"can"}),
    _rule(Meaning.DONE, "today/ago handle? cancel $", NOT_YET | {"request", "register"}),
    _rule(Meaning.DONE, f"success/finish !of ~ cancel {_UNDONE}", NOT_YET | {"earlier"}),
    _rule(Meaning.DONE, "cancel order? handle? past? ~ success/finish !register !request !revoke !pass", NOT_YET),
    # Under review.
    _rule(Meaning.UNDER_REVIEW, "review", frozenset({"noneed", "ask", "cannot", "neg", "future"})),
    _rule(Meaning.UNDER_REVIEW, "ongoing/enter/now ... audit/handle", NOT_AT_ALL | {"please"}),
    _rule(Meaning.UNDER_REVIEW, "audit past? success? pass/finish/success", NOT_YET),
    _rule(Meaning.UNDER_REVIEW, "past ... audit", NOT_YET),
    _rule(Meaning.UNDER_REVIEW, "past pass", NOT_YET),
    # Registered.
    _rule(Meaning.REGISTERED, "past ~ register/registered/dispatched/received/request", NOT_YET - {"can"}),
    _rule(Meaning.REGISTERED, "registered/dispatched/received", NOT_YET),
    _rule(Meaning.REGISTERED, "register past? success/finish", NOT_YET),
    _rule(Meaning.REGISTERED, "cancel ... register", NOT_YET),
    _rule(Meaning.REGISTERED, "register ... cancel", NOT_YET),
    _rule(Meaning.DONE, "cancel past? handled", NOT_YET - {"past"}),
    _rule(HANDLED, "handled", NOT_YET),
    _rule(CLOSED, "order/request/handle past? finish/success", NOT_YET - {"past"}),
    _rule(CLOSED, "past ~ handle/finish", NOT_YET - {"past"}),
    _rule(CLOSED, "finish", NOT_YET),
    _rule(NOT_DONE, "neg/notyet ... cancel/cut/finish/gone", frozenset({"cond", "after", "future"})),
)

#: How a promise is recognized, and what is none: a day for us, for the money, for an offer.
FUTURE = frozenset({"future", "promise", "giving"})
ACTS = frozenset({"finish", "handled", "cancel", "success", "pre", "cut", "gone"})
NO_PROMISE = frozenset(
    {
        "please",
        "money",
        "papers",
        "cannot",
        "must",
        "offer",
        "cooling",
        "revoke",
        "refused",
        "final",
        "document",
        "neg",
        "cond",
    }
)
