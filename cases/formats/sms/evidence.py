"""What the decision about a message rests on, and what it comes to."""

from collections.abc import Sequence
from dataclasses import dataclass

from cases.domain.message_meaning import Meaning
from cases.formats.sms.lexer import Sentence, SmsEvent, Token


@dataclass(frozen=True)
class Evidence:
    """All that the decision rests on."""

    sentences: Sequence[Sentence]
    events: Sequence[SmsEvent]
    #: Sender, signatures, addresses or numbers of the message do not go together.
    is_suspicious: bool
    has_card: bool
    #: It names a cancellation, in whatever connection.
    is_named: bool
    #: It is about broadband or the like that is said to hang on a number.
    is_bound_service: bool
    has_reference: bool
    from_carrier: bool
    is_foreign: bool
    #: From a line that is nobody's whom we know.
    is_unknown_line: bool
    several_cards: bool
    #: It must not be believed as it stands: unfilled, taken back, an impossible day.
    is_void: bool
    is_hearsay: bool
    still_works: bool

    def tokens(self, *kinds: str) -> list[Token]:
        """All words of these classes."""
        return [token for sentence in self.sentences for token in sentence.tokens if token.kind in kinds]

    def count(self, kind: str) -> int:
        """How many words of a class there are."""
        return len(self.tokens(kind))


@dataclass(frozen=True)
class Decision:
    meaning: Meaning
    tokens: Sequence[Token] = ()
    events: Sequence[SmsEvent] = ()
