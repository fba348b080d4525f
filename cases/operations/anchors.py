"""Anchors: once a day a signed line fixes the heads of all cases, in a file that is only ever appended to.

What the line covers, and what it does not: docs/security.md. Its form: `cases.formats.anchor_line`. Whether the
database still is what the anchors say: `cases.operations.anchor_check`.
"""

import logging
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max

from cases.domain import merkle
from cases.domain.business_days import local
from cases.formats.anchor_line import (
    FIRST_FOLLOWS,
    AnchorFacts,
    AnchorLine,
    AnchorProof,
    leaf_text,
    line_digest,
    parse_leaf,
    parse_line,
    sign_line,
)
from cases.formats.timestamps import InvalidTimeStamp, read_stamp
from cases.models import Anchor, Case
from cases.models.anchor_store import AnchorsBusy, anchor_store
from cases.models.keyrings import signing_key
from cases.operations.anchor_check import KEPT_LEAVES, check_anchors

log = logging.getLogger(__name__)

#: Cases in memory at once.
CHUNK = 2000
#: Without an anchor for so long, administrators hear of it.
OVERDUE = timedelta(days=2)
_MAX_LOGGED = 20
_MAX_ERROR = 200


def make_daily_anchor(now: datetime) -> Anchor | None:
    """Make today's anchor (Beijing time), unless there is one; now is aware.

    None when there is one, or when somebody else makes one or copies them for a backup: then the next run does it.
    """
    newest = newest_line()
    if newest and local(newest.made_at).date() == local(now).date():
        return None
    try:
        return make_anchor(now)
    except AnchorsBusy:
        return None


def make_anchor(now: datetime, *, accepted: str = "") -> Anchor:
    """Make an anchor over all cases as they are, and compare the cases with the anchors before; now is aware.

    `accepted`: why cases that do not match the anchors before this one are accepted as they are, such as after a
    restore: they are no longer compared with those. Raises AnchorsBusy. Stopped half way, it leaves leaves without a
    line, or a row whose line the next run appends.
    """
    with anchor_store.locked():
        _append_missing_line()
        lines = anchor_store.lines()
        newest = _parsed(lines[-1]) if lines else None
        in_database = Anchor.objects.aggregate(newest=Max("sequence"))["newest"] or 0
        in_file = newest.sequence if newest else len(lines)
        sequence = max([in_database, in_file, *anchor_store.with_stamp()]) + 1
        count, root = _write_leaves(sequence)
        facts = AnchorFacts(
            sequence=sequence,
            made_at=now,
            count=count,
            root=root,
            previous=line_digest(lines[-1]) if lines else FIRST_FOLLOWS,
            accepted=accepted,
        )
        line = sign_line(facts, signing_key())
        anchor = Anchor.objects.create(sequence=sequence, line=line.decode())
        anchor_store.append(line)
    anchor.flaws = _look_back(anchor)
    return anchor


def newest_line() -> AnchorLine | None:
    """The newest anchor in the file that can be read; None when there is none."""
    return next(filter(None, map(_parsed, reversed(anchor_store.lines()))), None)


def _parsed(line: bytes) -> AnchorLine | None:
    try:
        return parse_line(line)
    except ValueError:
        return None


def _append_missing_line() -> None:
    """The newest row was committed and its line is not in the file, or not all of it: the process was stopped there."""
    row = Anchor.objects.order_by("-sequence").first()
    if row is None:
        return
    lines, missing = anchor_store.lines(), row.line.encode()
    tail = lines[-1] if lines and not lines[-1].endswith(b"\n") else b""
    whole_lines = lines[:-1] if tail else lines
    previous = line_digest(whole_lines[-1]) if whole_lines else FIRST_FOLLOWS
    line = _parsed(missing)
    if line and line.previous == previous and missing.startswith(tail):
        log.warning("The line of anchor %s was not in the file: appended", row.sequence)
        anchor_store.append(missing.removeprefix(tail))
    elif tail:
        anchor_store.append(b"\n")


def _write_leaves(sequence: int) -> tuple[int, bytes]:
    """Write all cases as they are now as leaves; returns how many there are, and the root of the tree over them."""
    count = 0
    with anchor_store.writing_leaves(sequence) as write:

        def hashes() -> Iterator[bytes]:
            nonlocal count
            for leaf in _current_leaves():
                write(leaf)
                count += 1
                yield merkle.leaf_hash(leaf)

        root = merkle.root_of(hashes())
    return count, root


def _current_leaves() -> Iterator[bytes]:
    """A leaf for each case, in the order of references."""
    after = ""
    columns = ("reference", "entry_count", "entry_head")
    while rows := list(Case.objects.filter(reference__gt=after).order_by("reference").values_list(*columns)[:CHUNK]):
        yield from (leaf_text(*row) for row in rows)
        after = rows[-1][0]


def _look_back(anchor: Anchor) -> int:
    """Compare the cases with the anchors before; returns how much does not hold. While anything does not, no leaves
    are deleted."""
    flaws = check_anchors().flaws
    for flaw in flaws[:_MAX_LOGGED]:
        log.error("Anchor %s: %s", anchor.sequence, flaw)
    Anchor.objects.filter(pk=anchor.pk).update(flaws=len(flaws))
    if not flaws:
        for sequence in anchor_store.with_leaves()[:-KEPT_LEAVES]:
            anchor_store.remove_leaves(sequence)
    return len(flaws)


# Proofs for dossiers


class NewestAnchor:
    """The newest anchor, with a proof for each case that it has; all its leaves' hashes are in memory."""

    def __init__(self, line: AnchorLine) -> None:
        """Raises OSError, EOFError or ValueError when its leaves are gone or are not those of the line."""
        self.line = line
        self.stamp = _stamp_of(line)
        self._tree = merkle.MerkleTree(map(merkle.leaf_hash, anchor_store.leaves(line.sequence)))
        if self._tree.root != line.root:
            raise ValueError("the leaves are not those of the anchor")

    def proofs(self, references: Collection[str]) -> dict[str, AnchorProof]:
        """The proofs of those of these cases that the anchor has."""
        proofs = {}
        for index, text in enumerate(anchor_store.leaves(self.line.sequence)):
            leaf = parse_leaf(text)
            if leaf.reference in references:
                proofs[leaf.reference] = AnchorProof(self.line.sequence, leaf, index, self._tree.path(index))
        return proofs


def _stamp_of(line: AnchorLine) -> bytes | None:
    """Its time stamp; None where there is none, or where the stored one is for something else."""
    stamp = anchor_store.read_stamp(line.sequence)
    try:
        return stamp if stamp and read_stamp(stamp, line.text) else None
    except InvalidTimeStamp as error:
        log.error("The time stamp of anchor %s cannot be used: %s", line.sequence, error)
        return None


def newest_anchor() -> NewestAnchor | None:
    """The newest anchor, where it was made with the key that signs now; None otherwise, or when it is damaged."""
    line = newest_line()
    if line is None or not line.is_signed_by(signing_key().public_key()):
        return None
    try:
        return NewestAnchor(line)
    except (OSError, EOFError, ValueError) as error:
        log.error("The leaves of anchor %s cannot be used: %s", line.sequence, error)
        return None


# What became of it


def waiting_to_be_sent() -> list[Anchor]:
    """The anchors that the recipient does not have yet, the oldest first; of many only the newest."""
    return [anchor for anchor in _newest_rows() if anchor.sent_at is None]


def waiting_for_a_stamp() -> list[Anchor]:
    """The anchors without a time stamp, the oldest first; of many only the newest, which cover those before."""
    return [anchor for anchor in _newest_rows() if anchor.stamped_at is None]


def _newest_rows() -> list[Anchor]:
    return list(reversed(Anchor.objects.order_by("-sequence")[:KEPT_LEAVES]))


def record_sent(anchor: Anchor, now: datetime) -> None:
    """The recipient has it, at now (aware)."""
    Anchor.objects.filter(pk=anchor.pk).update(sent_at=now, send_error="")


def record_send_error(anchor: Anchor, error: str) -> None:
    """It could not be sent; the next run tries again."""
    Anchor.objects.filter(pk=anchor.pk).update(send_error=error[:_MAX_ERROR])


def record_stamp(anchor: Anchor, response: bytes, now: datetime) -> None:
    """A time-stamp service confirmed it, at now (aware); its response is kept beside the anchor."""
    anchor_store.write_stamp(anchor.sequence, response)
    Anchor.objects.filter(pk=anchor.pk).update(stamped_at=now, stamp_error="")


def record_stamp_error(anchor: Anchor, error: str) -> None:
    """It could not be stamped; the next run tries again."""
    Anchor.objects.filter(pk=anchor.pk).update(stamp_error=error[:_MAX_ERROR])


@dataclass(frozen=True)
class AnchorHealth:
    """What an administrator has to know: of the newest anchors those that could not be sent or stamped, the flaws that
    the newest one came upon, and since when (aware) there has been none, where one is overdue."""

    failed: int = 0
    flaws: int = 0
    silent_since: datetime | None = None


def anchor_health(now: datetime) -> AnchorHealth:
    """How the anchors are at now (aware); one query."""
    rows = _newest_rows()
    if not rows:
        return AnchorHealth()
    failed = sum(bool(row.send_error or row.stamp_error) for row in rows)
    newest = _parsed(rows[-1].line.encode())
    is_overdue = newest is not None and now - newest.made_at > OVERDUE
    return AnchorHealth(failed, rows[-1].flaws or 0, newest.made_at if newest and is_overdue else None)
