"""What combinations of words mean. A rule speaks of classes of words (`vocabulary.WORDS_BY_KIND`), never of words.

A pattern is read against the classes of a sentence's words in their order, with `,` where a clause ends; what stands
between the words does not count. `?` after a class: may be missing; `a/b`: one of them; `!a`: not followed by one.
"""

import re
from dataclasses import dataclass
from typing import Final

from cases.domain.message_meaning import Meaning

#: Outcomes that are no meanings: the request was taken back; somebody has to confirm it; nothing at all.
REVOKED: Final = "revoked"
REVOCABLE: Final = "revocable"
CONFIRM: Final = "confirm"
#: An order was closed, and it is not said how.
CLOSED: Final = "closed"
#: The day on which a trial time ends, if nobody does anything.
ENDING: Final = "ending"
NOTHING: Final = "nothing"
#: Words that look like the carrier's doing and are another's, or are only about to be.
NOT_YET = frozenset({"neg", "cannot", "future", "promise", "please", "noneed", "can", "ask", "only", "must"})
NOT_AT_ALL = frozenset({"neg", "noneed", "ask", "cannot"})
#: What stands in the way of a cancellation.
HINDRANCES = frozenset({"reason", "arrears"})


@dataclass(frozen=True)
class Rule:
    """`unless`: classes that void it when one of them stands before it in its clause."""

    outcome: str
    pattern: re.Pattern[str]
    unless: frozenset[str]
    #: Holds only where one of these stands in the same sentence; then even as a consequence ('after you have paid').
    needs: frozenset[str] = frozenset()
    #: Nothing but filling words may stand between its words: 已为您销户, but not 已了解您的销户问题.
    tight: bool = False


_DAY = "(?:<date>|<dateby>|<term>)?"


def _compile(pattern: str) -> re.Pattern[str]:
    parts: list[str] = []
    for word in pattern.split():
        parts.append(_DAY if parts else "")
        negative, word = word.startswith("!"), word.removeprefix("!")
        optional, word = word.endswith("?"), word.removesuffix("?")
        choice = "(?:" + "|".join(re.escape(f"<{name}>") for name in word.split("/")) + ")"
        parts.append(f"(?!{choice})" if negative else choice + ("?" if optional else ""))
    return re.compile("".join(parts))


def _rule(outcome: str, pattern: str, unless: frozenset[str] = NOT_AT_ALL, needs: frozenset[str] = frozenset()) -> Rule:
    tight = outcome in (Meaning.DONE, Meaning.PRECANCELLED) or pattern.endswith(" request")
    return Rule(outcome, _compile(pattern), unless, needs, tight)


_UNDONE = "!request !register !registered !audit !review !pre !reserve !refused !cannot !revoke !papers !back"
_ACTION_KINDS = "cancel/pre/register/registered/finish/success/handle"
_WHAT = "cancel/pre/reserve/request? cancel? request? order?"
_MERELY = "!request !register !registered !audit !review !refused !cannot !past"

#: The first that fits at a place is taken.
RULES: tuple[Rule, ...] = (
    _rule(NOTHING, "cannot can? future? revoke", frozenset()),
    _rule(NOTHING, "noneed please? papers/revoke/cancel", frozenset()),
    _rule(NOTHING, "money/bill past? future? success? back/revoke", frozenset()),
    _rule(CONFIRM, "confirm", frozenset()),
    # Taken back.
    _rule(REVOCABLE, "can/cond please? request? revoke", frozenset()),
    _rule(REVOCABLE, "can request? revoke", frozenset()),
    _rule(REVOKED, "past success? register? request? revoke", NOT_YET - {"past"}),
    _rule(REVOKED, "past? success revoke", NOT_YET),
    _rule(REVOKED, f"revoke {_WHAT} past? success/finish/register/registered", NOT_YET),
    _rule(REVOKED, "past register/registered cancel? revoke", NOT_YET),
    # Cancelled for a trial time.
    _rule(
        Meaning.PRECANCELLED,
        f"past success? finish? enter/ongoing? handle? pre {_MERELY}",
    ),
    _rule(Meaning.PRECANCELLED, "success/finish pre !request !register !registered !audit !review", NOT_YET),
    _rule(Meaning.PRECANCELLED, "pre request? order? past? success/finish !cancel !register", NOT_YET),
    _rule(Meaning.PRECANCELLED, "pre request? order? past handle !register !audit"),
    _rule(Meaning.PRECANCELLED, "past success? reserve cancel !request"),
    # Registered.
    _rule(Meaning.REGISTERED, "past success? register/received past? papers"),
    _rule(Meaning.REGISTERED, "papers past success? register"),
    _rule(NOTHING, "past papers", frozenset()),
    _rule(Meaning.UNDER_REVIEW, "cancel? request? order? past? review", NOT_AT_ALL),
    _rule(Meaning.UNDER_REVIEW, "ongoing register? audit/handle", NOT_AT_ALL | {"please"}),
    _rule(Meaning.REFUSED, "past? closed", NOT_AT_ALL, HINDRANCES),
    _rule(Meaning.REFUSED, "cancel please/must reason/arrears", frozenset({"ask"})),
    _rule(CLOSED, "past closed"),
    _rule(Meaning.REFUSED, "audit? refused", frozenset({"ask", "noneed"})),
    _rule(Meaning.REFUSED, "audit? neg/cannot audit? pass", frozenset({"ask"})),
    _rule(Meaning.REFUSED, "neg success", frozenset({"ask"})),
    _rule(
        Meaning.REFUSED,
        f"cannot can? please? request? {_ACTION_KINDS}",
        frozenset({"ask"}),
    ),
    _rule(Meaning.REFUSED, "cancel request? order? cannot", frozenset({"ask"})),
    _rule(Meaning.REFUSED, "back", frozenset({"ask", "future", "money", "neg"})),
    _rule(Meaning.REFUSED, "only please? request? cancel/pre/handle/register", frozenset({"ask"}), HINDRANCES),
    _rule(Meaning.MORE_PAPERS, "papers", frozenset({"noneed"})),
    # Done.
    _rule(Meaning.DONE, f"past success/finish? handle? cancel success/finish? {_UNDONE}"),
    _rule(Meaning.DONE, f"success/finish cancel {_UNDONE}", NOT_YET),
    _rule(Meaning.REGISTERED, "cancel request success !cancel", NOT_YET),
    _rule(Meaning.DONE, "cancel request? order? handle? past success/finish !register !request !revoke"),
    _rule(Meaning.DONE, "cancel , past? finish !register !request !audit !papers", NOT_YET),
    _rule(Meaning.DONE, "cancel order? handle? success/finish !register !request !revoke", NOT_YET),
    # Registered and reviewed, the ordinary words.
    _rule(Meaning.UNDER_REVIEW, "past? audit past? success? pass/finish/success", NOT_YET),
    _rule(Meaning.UNDER_REVIEW, "past success? audit", NOT_AT_ALL),
    _rule(Meaning.UNDER_REVIEW, "past pass audit", NOT_AT_ALL),
    _rule(Meaning.UNDER_REVIEW, "past success? register audit", NOT_AT_ALL),
    _rule(Meaning.REGISTERED, "past success/finish? enter? request? register"),
    _rule(Meaning.REGISTERED, "past success? registered/dispatched/received"),
    _rule(Meaning.REGISTERED, "registered/dispatched/received", NOT_YET),
    _rule(Meaning.REGISTERED, "past success? request"),
    _rule(Meaning.REGISTERED, "success register", NOT_YET),
    _rule(Meaning.REGISTERED, "register success/finish", NOT_YET),
    _rule(CLOSED, "order/request past? finish/success", NOT_YET - {"past"}),
)

#: How a promise is recognized, and what is none: a day for us, for the money, for an offer.
FUTURE = frozenset({"future", "promise"})
NO_PROMISE = frozenset({"please", "money", "papers", "cannot", "neg", "can", "must", "offer", "bill"})
