"""Is the database still what the anchors say? Each problem is named, by case where it is about one.

It changes nothing. A case of an anchor must be there, with at least as many entries, and the entry that was its last
then must be the same one now. Cases whose team was deleted are not missed: the list of erasures names them.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cases.domain import merkle
from cases.domain.business_days import local
from cases.domain.errors import gettext_noop
from cases.domain.hash_chain import IntegrityFlaw
from cases.formats.anchor_line import FIRST_FOLLOWS, AnchorLine, Leaf, line_digest, parse_leaf, parse_line
from cases.formats.public_keys import fingerprint
from cases.models import Anchor, Case, TimelineEntry
from cases.models.anchor_store import anchor_store
from cases.models.keyrings import signing_key
from cases.operations import erasure_list

#: So many of the newest anchors have their leaves, by which a case is named.
KEPT_LEAVES = 7
#: Cases that are looked up at once.
CHUNK = 500
#: What reading a compressed file raises when it is gone or damaged.
_DAMAGE = (OSError, EOFError)


@dataclass
class AnchorsReport:
    """What was looked at, and all that does not hold: the file's own flaws, then those of cases.

    `count`: anchors in the file; `compared`: those whose cases were compared with the database. `accepted`: the one
    by which an administrator accepted the cases as they were, if any; those before it are not looked at.
    """

    count: int = 0
    compared: int = 0
    newest: AnchorLine | None = None
    accepted: AnchorLine | None = None
    flaws: list[IntegrityFlaw] = field(default_factory=list)


def check_anchors() -> AnchorsReport:
    """The anchor file by itself and against the database, then the cases against the anchors."""
    key = signing_key().public_key()
    report, file = AnchorsReport(), _AnchorFile(anchor_store.lines(), key)
    report.count = len(file.texts)
    report.newest = next(filter(None, reversed(file.lines)), None)
    report.accepted = file.lines[file.start] if file.start else None
    report.flaws += file.flaws()
    report.flaws += _database_flaws(file)
    checked_lines = [line for line in reversed(file.lines[file.start :]) if line and line.is_signed_by(key)]
    _check_cases(report, checked_lines)
    return report


# The file


class _AnchorFile:
    """The lines, each with its text; what is before `start` is no longer looked at."""

    def __init__(self, texts: Sequence[bytes], key: Ed25519PublicKey) -> None:
        self.texts, self.key = texts, key
        self.lines = [_parse(text) for text in texts]
        accepted = [i for i, line in enumerate(self.lines) if line and line.accepted and line.is_signed_by(key)]
        self.start = accepted[-1] if accepted else 0

    def flaws(self) -> Iterator[IntegrityFlaw]:
        for index in range(self.start, len(self.texts)):
            line = self.lines[index]
            if line is None:
                yield self._unreadable(index)
                continue
            previous = line_digest(self.texts[index - 1]) if index else FIRST_FOLLOWS
            if line.previous != previous:
                message = gettext_noop("anchor %(anchor)s does not follow the line before it in the anchor file")
                yield IntegrityFlaw(message, {"anchor": line.sequence})
            yield from _signature_flaws(line, self.key)

    def _unreadable(self, index: int) -> IntegrityFlaw:
        if not self.texts[index].endswith(b"\n"):
            return IntegrityFlaw(gettext_noop("the last line of the anchor file is not complete"))
        return IntegrityFlaw(gettext_noop("line %(line)s of the anchor file was altered"), {"line": index + 1})

    def sequences(self) -> set[int]:
        """The numbers of the lines from `start` on; a line that cannot be read has that after the one before it."""
        numbers, last = set(), 0
        for line in self.lines[: self.start]:
            last = line.sequence if line else last + 1
        for line in self.lines[self.start :]:
            last = line.sequence if line else last + 1
            numbers.add(last)
        return numbers


def _parse(text: bytes) -> AnchorLine | None:
    with suppress(ValueError):
        return parse_line(text)
    return None


def _signature_flaws(line: AnchorLine, key: Ed25519PublicKey) -> Iterator[IntegrityFlaw]:
    if line.key != fingerprint(key):
        message = gettext_noop("anchor %(anchor)s was signed with a different key, fingerprint %(fingerprint)s")
        yield IntegrityFlaw(message, {"anchor": line.sequence, "fingerprint": line.key})
    elif not line.is_signed_by(key):
        yield IntegrityFlaw(gettext_noop("the signature of anchor %(anchor)s is not valid"), {"anchor": line.sequence})


def _database_flaws(file: _AnchorFile) -> Iterator[IntegrityFlaw]:
    """Anchors that only the database, or the other files, or only the file knows; and those that differ."""
    in_file = file.sequences()
    start = file.lines[file.start] if file.start else None
    first = start.sequence if start else 1
    rows = dict(Anchor.objects.filter(sequence__gte=first).values_list("sequence", "line"))
    known = in_file | rows.keys()
    newest = max([*known, *anchor_store.with_stamp(), *_leaves_of_lines(known)], default=0)
    for numbers in _ranges(set(range(first, newest + 1)) - in_file):
        message = gettext_noop("the anchor file was cut: it lacks anchor %(anchors)s")
        yield IntegrityFlaw(message, {"anchors": numbers})
    for numbers in _ranges(in_file - rows.keys()):
        message = gettext_noop(
            "the database does not know anchor %(anchors)s, which is in the anchor file: an older backup of the "
            "database was restored, or rows were deleted from it"
        )
        yield IntegrityFlaw(message, {"anchors": numbers})
    for line in filter(None, file.lines[file.start :]):
        if line.sequence in rows and rows[line.sequence].encode() != line.text:
            message = gettext_noop("anchor %(anchor)s differs between the anchor file and the database")
            yield IntegrityFlaw(message, {"anchor": line.sequence})


def _leaves_of_lines(known: set[int]) -> list[int]:
    """The numbers of stored leaves, but not of those that a stopped process wrote for an anchor that was not made."""
    return [sequence for sequence in anchor_store.with_leaves() if sequence != max(known, default=0) + 1]


def _ranges(numbers: set[int]) -> Iterator[str]:
    """Numbers in their order, those that follow each other as a range: 3–5."""
    for begin in sorted(number for number in numbers if number - 1 not in numbers):
        end = begin
        while end + 1 in numbers:
            end += 1
        yield str(begin) if begin == end else f"{begin}–{end}"


# The cases


def _check_cases(report: AnchorsReport, lines: Sequence[AnchorLine]) -> None:
    """The cases against these anchors, the newest first; of an older one only those that differ from the newer."""
    named_cases: set[str] = set()
    newer: AnchorLine | None = None
    for index, line in enumerate(lines):
        intact = _has_intact_leaves(line)
        if intact is None and index >= KEPT_LEAVES:
            continue
        if not intact:
            message = gettext_noop("the list of cases of anchor %(anchor)s is missing or was altered")
            report.flaws.append(IntegrityFlaw(message, {"anchor": line.sequence}))
            continue
        for leaves in _chunks(_changed_leaves(line, newer)):
            for flaw in _case_flaws([leaf for leaf in leaves if leaf.reference not in named_cases], line):
                named_cases.add(flaw.about)
                report.flaws.append(flaw)
        report.compared += 1
        newer = line


def _has_intact_leaves(line: AnchorLine) -> bool | None:
    """Whether the stored leaves are those of the anchor; None when there are none."""
    try:
        return merkle.root_of(map(merkle.leaf_hash, anchor_store.leaves(line.sequence))) == line.root
    except FileNotFoundError:
        return None
    except _DAMAGE:
        return False


def _changed_leaves(line: AnchorLine, newer: AnchorLine | None) -> Iterator[Leaf]:
    """The leaves of an anchor that the newer one does not have, both in the order of references."""
    newer_leaves = anchor_store.leaves(newer.sequence) if newer else iter(())
    newer_leaf = next(newer_leaves, None)
    for text in anchor_store.leaves(line.sequence):
        while newer_leaf is not None and _reference(newer_leaf) < _reference(text):
            newer_leaf = next(newer_leaves, None)
        if text != newer_leaf:
            yield parse_leaf(text)


def _reference(leaf: bytes) -> bytes:
    return leaf.partition(b" ")[0]


def _chunks(leaves: Iterator[Leaf]) -> Iterator[list[Leaf]]:
    chunk: list[Leaf] = []
    for leaf in leaves:
        chunk.append(leaf)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    yield chunk


def _case_flaws(leaves: Sequence[Leaf], line: AnchorLine) -> Iterator[IntegrityFlaw]:
    references = [leaf.reference for leaf in leaves]
    cases = {
        reference: (count, head)
        for reference, count, head in Case.objects.filter(reference__in=references).values_list(
            "reference", "entry_count", "entry_head"
        )
    }
    changed_leaves = [leaf for leaf in leaves if cases.get(leaf.reference) != (leaf.count, leaf.head)]
    if not changed_leaves:
        return
    hashes = _entry_hashes(changed_leaves)
    # Read after the cases: what is deleted between the two is listed.
    deleted_cases = erasure_list.deleted_cases() if len(cases) < len(leaves) else set()
    anchor = {"anchor": line.sequence, "made_at": f"{local(line.made_at):%Y-%m-%d %H:%M}"}
    for leaf in changed_leaves:
        there = cases.get(leaf.reference)
        if there is None:
            if leaf.reference not in deleted_cases:
                yield _missing_case(leaf, anchor)
        elif type(there[0]) is int and there[0] < leaf.count:
            yield _set_back_case(leaf, anchor, there[0])
        elif there[0] == leaf.count or hashes.get((leaf.reference, leaf.count)) != leaf.head:
            yield _rewritten_case(leaf, anchor)


def _entry_hashes(leaves: Sequence[Leaf]) -> dict[tuple[str, int], str]:
    """The hashes of the entries that were the last ones of their cases then, as they are stored now."""
    rows = TimelineEntry.objects.filter(
        case__reference__in=[leaf.reference for leaf in leaves], sequence__in={leaf.count for leaf in leaves}
    )
    columns = rows.values_list("case__reference", "sequence", "entry_hash")
    return {(reference, sequence): entry_hash for reference, sequence, entry_hash in columns}


def _missing_case(leaf: Leaf, anchor: dict[str, object]) -> IntegrityFlaw:
    message = gettext_noop(
        "the case is missing: anchor %(anchor)s of %(made_at)s has it with %(count)s entries. It was deleted from the "
        "database, or an older backup was restored"
    )
    return IntegrityFlaw(message, {**anchor, "count": leaf.count}, about=leaf.reference)


def _set_back_case(leaf: Leaf, anchor: dict[str, object], there: int) -> IntegrityFlaw:
    message = gettext_noop(
        "its record was set back: anchor %(anchor)s of %(made_at)s has it with %(count)s entries, now there are "
        "%(there)s. An older backup was restored, or entries were removed at the end"
    )
    return IntegrityFlaw(message, {**anchor, "count": leaf.count, "there": there}, about=leaf.reference)


def _rewritten_case(leaf: Leaf, anchor: dict[str, object]) -> IntegrityFlaw:
    message = gettext_noop(
        "its record was rewritten: entry %(entry)s is not the one that anchor %(anchor)s of %(made_at)s has. An older "
        "backup was restored and then worked with, or entries were exchanged"
    )
    return IntegrityFlaw(message, {**anchor, "entry": leaf.count}, about=leaf.reference)
