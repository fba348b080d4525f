"""What a person makes of the reading of a carrier's message: kept for figures, and nothing is learned from it.

Kinds of replies and reasons for a return are named as they are stored.
"""

from dataclasses import dataclass
from enum import StrEnum

from cases.domain.message_meaning import Meaning


class Decision(StrEnum):
    """What a person decided; the values are those of `MessageDecision`."""

    RIGHT = "right"
    CORRECTED = "corrected"
    SET_ASIDE = "set_aside"


#: What is said by recording a reply of each kind; a return says one of two, by its reason.
_MEANINGS: dict[str, Meaning] = {
    "acknowledged": Meaning.REGISTERED,
    "under_review": Meaning.UNDER_REVIEW,
    "promised": Meaning.PROMISED,
    "takes_effect": Meaning.PRECANCELLED,
    "returned": Meaning.REFUSED,
    "reported_done": Meaning.DONE,
}
_PAPERS = "papers"
#: Readings that lead to no reply.
WITHOUT_REPLY = frozenset((Meaning.CODE, Meaning.MARKETING, Meaning.UNRELATED))


@dataclass(frozen=True)
class RecordedReply:
    """A reply by its kind, and the reason of a return; an empty kind stands for none."""

    kind: str
    reason: str = ""


def decide(
    meaning: Meaning | None, proposed: RecordedReply, recorded: RecordedReply, *, could_reply: bool
) -> tuple[Decision | None, Meaning | None]:
    """What a person decided by recording a message that was read as `meaning`, and which meaning they gave it.

    `proposed`: the reply that the reading led to. Recorded without a reply, a message says 'something else', where its
    case could have taken a reply (`could_reply`); otherwise nothing was decided about the reading (None).
    """
    if meaning is None:
        return None, None
    if not recorded.kind:
        if not could_reply:
            return None, None
        decided = meaning if meaning in WITHOUT_REPLY else Meaning.UNRELATED
    elif recorded == proposed and meaning is not Meaning.AMBIGUOUS:
        decided = meaning
    else:
        is_papers = recorded.kind == "returned" and recorded.reason == _PAPERS
        decided = Meaning.MORE_PAPERS if is_papers else _MEANINGS[recorded.kind]
    return (Decision.RIGHT if decided is meaning else Decision.CORRECTED), decided
