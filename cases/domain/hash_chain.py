"""The chained record of a case (domain.md, 'The record').

`content_digest` = HMAC-SHA256(salt, canonical JSON of the content); `entry_hash` = SHA-256(previous
entry_hash, sequence, case, kind, statuses, recorded_at, content_digest). The case keeps the head's hash and
the count, so that a cut tail shows; the content can be erased without breaking the chain.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cases.domain.errors import gettext_noop
from cases.domain.json_values import Json, JsonObject

#: What the first entry of a case follows.
GENESIS = "0" * 64


def new_salt() -> bytes:
    """32 random bytes: without them, a digest of a guessable content could be guessed."""
    return secrets.token_bytes(32)


def canonical_json(value: Json) -> bytes:
    """The one byte form of a JSON value: sorted keys, no white space, UTF-8, no floats (TypeError)."""
    _refuse_floats(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _refuse_floats(value: Json) -> None:
    # A float's digits may change on their way through a database's JSON type; nothing here needs one.
    if isinstance(value, float):
        raise TypeError("content of the record may not hold floats")
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            if type(item) not in _PLAIN:  # nearly all are: a call for each would take half the time of a chain's check
                _refuse_floats(item)


_PLAIN = {str, int, bool, type(None)}


def content_digest(salt: bytes, content: JsonObject) -> str:
    """Hex HMAC-SHA256 of the canonical content under its salt."""
    return hmac.new(salt, canonical_json(content), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class EntryFacts:
    """What the chain covers of one entry of a case's record."""

    sequence: int
    case: str
    kind: str
    status_from: str
    status_to: str
    recorded_at: datetime
    digest: str


@dataclass(frozen=True)
class ChainLink(EntryFacts):
    """One entry as it was read back; `salt` and `content` are None when it was erased."""

    hash: str
    salt: bytes | None
    content: JsonObject | None


def entry_hash(previous: str, entry: EntryFacts) -> str:
    """Hex SHA-256 of the previous hash and the facts in their order, as canonical JSON; `recorded_at` in UTC to the
    microsecond."""
    moment = entry.recorded_at.astimezone(UTC).isoformat(timespec="microseconds")
    fields: list[Json] = [
        previous,
        entry.sequence,
        entry.case,
        entry.kind,
        entry.status_from,
        entry.status_to,
        moment,
        entry.digest,
    ]
    return hashlib.sha256(canonical_json(fields)).hexdigest()


@dataclass(frozen=True)
class IntegrityFlaw:
    """What is wrong, as a msgid and the values that fill it; `about` is the case, where several are checked.

    `str` is the English sentence.
    """

    message: str
    params: Mapping[str, object] = field(default_factory=dict)
    about: str = ""

    def __str__(self) -> str:
        return (f"{self.about}: " if self.about else "") + self.message % self.params


def find_first_flaw(links: Iterable[ChainLink], *, head: str, count: int) -> IntegrityFlaw | None:
    """Check one case's record against the head and count that the case keeps.

    Returns None when it verifies, otherwise the first thing that does not.
    """
    return next(find_flaws(links, head=head, count=count), None)


def find_flaws(links: Iterable[ChainLink], *, head: str, count: int) -> Iterator[IntegrityFlaw]:
    """As `find_first_flaw`, everything that does not verify, in the order of the entries, each entry once.

    Of entries that are missing one after the other the first is named.
    """
    # Where an entry does not fit its hash, either may have been altered: the next one may follow both.
    previous: set[str] | None = {GENESIS}
    expected, there = 1, 0
    for link in links:
        there += 1
        if not isinstance(link.sequence, int):  # a damaged row may hold anything in the place of a number
            yield IntegrityFlaw(gettext_noop("entry %(entry)s cannot be read"), {"entry": link.sequence})
        elif link.sequence != expected:
            yield IntegrityFlaw(gettext_noop("entry %(entry)s is missing"), {"entry": expected})
            previous = None  # of what is not there nothing is known
        computed = {entry_hash(hash_, link) for hash_ in previous} if previous is not None else {link.hash}
        if not _is_content_intact(link):
            yield IntegrityFlaw(gettext_noop("the content of entry %(entry)s was altered"), {"entry": link.sequence})
        elif link.hash not in computed:
            yield IntegrityFlaw(gettext_noop("entry %(entry)s was altered"), {"entry": link.sequence})
        expected = (link.sequence if isinstance(link.sequence, int) else expected) + 1
        previous = {link.hash, *computed}
    if there != count:
        message = gettext_noop("%(recorded)s entries were recorded, %(there)s are there")
        yield IntegrityFlaw(message, {"recorded": count, "there": there})
    elif previous is not None and head not in previous:
        yield IntegrityFlaw(gettext_noop("the last entry is not the one that was recorded last"))


def _is_content_intact(link: ChainLink) -> bool:
    if link.salt is None:
        return True  # erased, row and all: it proves nothing and breaks nothing
    try:
        if link.content is None:
            return False
        computed = content_digest(link.salt, link.content)
    except (TypeError, UnicodeEncodeError):
        return False  # a float or half a character stands in it now, and none was ever recorded
    return hmac.compare_digest(computed.encode(), link.digest.encode())
