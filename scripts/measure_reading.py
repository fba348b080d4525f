"""``make reading``: how well messages are read that neither the classifier nor the rules' author has seen.

Each writer of tests/data/messages in turn is left out: the classifier that reads these messages is trained on all
others. Prints tables for docs/reading.md; ``--write`` puts them there. Takes about a minute and needs scikit-learn.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from cases.domain.message_disposition import Disposition, MessageStanding, disposition_of
from cases.domain.message_meaning import Meaning
from cases.formats.sms.classifier import Weights, probabilities
from cases.formats.sms.reader import carrier_identifiers, read_by_rules, read_sms
from cases.formats.sms.types import CarrierIdentifiers, Reading
from scripts.reader_corpus import ROOT, Labelled, digest_of, load_corpus, load_writers

PAGE = ROOT / "docs" / "reading.md"
BEGIN, END = '<!-- tables: make reading ARGS="--write" -->\n', "<!-- end of the tables -->\n"
#: Whose messages the rules' author has read; of the others only how many were read right.
SEEN_BY_THE_RULES = frozenset(f"writer-{number}" for number in range(1, 8))


@dataclass(frozen=True)
class Read:
    """One message and one reading of it."""

    labelled: Labelled
    reading: Reading

    @property
    def is_right(self) -> bool:
        return self.labelled.accepts(self.reading.meaning)

    @property
    def is_about_case(self) -> bool:
        return self.labelled.meaning not in _ASIDE

    @property
    def would(self) -> Disposition:
        """What would be done with it, if a number or reference in it had an open case."""
        return disposition_of(
            self.reading.meaning,
            MessageStanding(
                is_agreed=self.reading.is_agreed,
                is_whole=self.reading.is_whole,
                is_late=False,
                was_reported_done=False,
                concerns_open_case=bool(self.reading.number or self.reading.reference),
                speaks_of_cancellation=self.reading.speaks_of_cancellation,
            ),
        )


Reader = Callable[[Labelled], Reading]
_ASIDE = (Meaning.CODE, Meaning.MARKETING, Meaning.UNRELATED)
_AWAY = (Disposition.SET_ASIDE, Disposition.DROP)


def shipped_carriers() -> list[CarrierIdentifiers]:
    """The carriers that Xiaoka knows from the start."""
    entries = json.loads((ROOT / "cases" / "data" / "carriers.json").read_text(encoding="utf-8"))
    return [
        carrier_identifiers(
            entry["slug"], entry["name"], entry["sms_senders"], entry["hotline"], entry["complaint_line"]
        )
        for entry in entries
    ]


def readers(weights: Weights) -> dict[str, Reader]:
    """The readers that are compared: each alone, and both together as the product reads."""
    carriers = shipped_carriers()

    def by_classifier(labelled: Labelled) -> Reading:
        by_meaning = probabilities(labelled.sms, weights)
        return Reading(max(by_meaning, key=lambda meaning: by_meaning[meaning]))

    return {
        "rules": lambda labelled: read_by_rules(labelled.sms, carriers),
        "classifier": by_classifier,
        "both": lambda labelled: read_sms(labelled.sms, carriers, weights=weights),
    }


def read_all(weights_by_writer: dict[str, Weights]) -> dict[str, list[Read]]:
    """Every writer's messages, read by each reader with weights that this writer had no part in."""
    reads_by_reader: dict[str, list[Read]] = {}
    for writer, messages in load_writers().items():
        for name, reader in readers(weights_by_writer[writer]).items():
            reads_by_reader.setdefault(name, []).extend(Read(labelled, reader(labelled)) for labelled in messages)
    return reads_by_reader


def tables(found: dict[str, list[Read]]) -> Iterator[str]:
    """The lines of all tables."""
    both = found["both"]
    writers = list(dict.fromkeys(read.labelled.writer for read in both))
    yield f"{len(both)} messages by {len(writers)} writers, each left out in turn. Right by writer:"
    yield ""
    yield from _table(
        ["writer", "messages", *found, "read by the rules’ author"],
        (
            [
                writer,
                str(sum(read.labelled.writer == writer for read in both)),
                *(_share(_of(reads, writer)) for reads in found.values()),
                "yes" if writer in SEEN_BY_THE_RULES else "no",
            ]
            for writer in writers
        ),
    )
    for title, reads_by_reader in _groups(found).items():
        if reads_by_reader["both"]:
            yield from _measured(title, reads_by_reader)


def _groups(found: dict[str, list[Read]]) -> dict[str, dict[str, list[Read]]]:
    """The messages that nobody who made a reader had seen, and all."""
    unseen = {
        name: [read for read in reads if read.labelled.writer not in SEEN_BY_THE_RULES] for name, reads in found.items()
    }
    return {"Writers that the rules’ author had not read either": unseen, "All writers": found}


def _measured(title: str, found: dict[str, list[Read]]) -> Iterator[str]:
    both = found["both"]
    yield f"**{title}**: {len(both)} messages. What counts most:"
    yield ""
    yield from _table(
        ["", *found], ([label, *(measure(reads) for reads in found.values())] for label, measure in MEASURES)
    )
    yield "By meaning, precision and recall:"
    yield ""
    yield from _table(
        ["meaning", "messages", *found],
        (
            [
                f"`{meaning}`",
                str(sum(read.labelled.meaning is meaning for read in both)),
                *(_precision_and_recall(reads, meaning) for reads in found.values()),
            ]
            for meaning in Meaning
        ),
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _of(reads: Iterable[Read], writer: str) -> list[Read]:
    return [read for read in reads if read.labelled.writer == writer]


def _share(reads: Sequence[Read]) -> str:
    return _percent(sum(read.is_right for read in reads), len(reads))


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "–"


def _precision_and_recall(reads: Sequence[Read], meaning: Meaning) -> str:
    reads_of_meaning = [read for read in reads if read.reading.meaning is meaning]
    meant = [read for read in reads if read.labelled.meaning is meaning]
    right = sum(read.is_right for read in reads_of_meaning)
    return f"{_percent(right, len(reads_of_meaning))}, {_percent(sum(read.is_right for read in meant), len(meant))}"


def _kept_codes(reads: Sequence[Read]) -> str:
    codes = [read for read in reads if read.labelled.meaning is Meaning.CODE]
    return f"{sum(read.reading.meaning is not Meaning.CODE for read in codes)} of {len(codes)}"


def _lost(reads: Sequence[Read]) -> str:
    about = [read for read in reads if read.is_about_case]
    return f"{sum(read.would in _AWAY and not read.is_right for read in about)} of {len(about)}"


def _wrongly_recorded(reads: Sequence[Read]) -> str:
    recorded = [read for read in reads if read.would is Disposition.RECORD]
    return f"{sum(not read.is_right for read in recorded)} of {len(recorded)}"


def _false_done(reads: Sequence[Read]) -> str:
    false = sum(read.reading.meaning is Meaning.DONE and not read.is_right for read in reads)
    return f"{false} ({_percent(false, len(reads))})"


def _asked(reads: Sequence[Read]) -> str:
    about = [read for read in reads if read.is_about_case]
    return _percent(sum(read.reading.meaning is Meaning.AMBIGUOUS for read in about), len(about))


def _picked(
    value: Callable[[Labelled], object], picked: Callable[[Reading], object]
) -> Callable[[Sequence[Read]], str]:
    """How often a part was picked out where there is one, and how many were that are not it."""

    def measure(reads: Sequence[Read]) -> str:
        if all(read.reading.number is None for read in reads):
            return "–"  # the classifier picks nothing out
        named = [read for read in reads if value(read.labelled) is not None]
        right = sum(picked(read.reading) == value(read.labelled) for read in named)
        wrong = sum(picked(read.reading) not in (None, value(read.labelled)) for read in reads)
        return f"{_percent(right, len(named))}; {wrong} wrong"

    return measure


def _promised(read: Read) -> bool:
    return read.labelled.meaning in (Meaning.PROMISED, Meaning.PRECANCELLED) and not read.labelled.is_promised_free


_PROMISE = _picked(lambda labelled: labelled.promised, lambda reading: reading.promised)
MEASURES: tuple[tuple[str, Callable[[Sequence[Read]], str]], ...] = (
    ("plain ones right", lambda reads: _share([read for read in reads if not read.labelled.is_hard])),
    ("hard ones right", lambda reads: _share([read for read in reads if read.labelled.is_hard])),
    ("`ambiguous`, of those about a case", _asked),
    ("lost: about a case, and put away", _lost),
    ("wrong, of those recorded", _wrongly_recorded),
    ("false `done`", _false_done),
    ("codes read as something else", _kept_codes),
    ("number", _picked(lambda labelled: labelled.number, lambda reading: reading.number)),
    ("reference", _picked(lambda labelled: labelled.reference, lambda reading: reading.reference)),
    ("promised day", lambda reads: _PROMISE([read for read in reads if _promised(read)])),
    ("sum", _picked(lambda labelled: labelled.amount, lambda reading: reading.amount)),
)


def written(page: str, text: str) -> str:
    """The page with these tables in their place."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{text}\n{END}{after}"


def main() -> None:
    try:
        from scripts.train_reader import train_without_each
    except ModuleNotFoundError as error:
        sys.exit(f"make reading trains the classifier anew and needs {error.name}: make check installs it.")
    corpus = load_corpus()
    text = "\n".join(tables(read_all(train_without_each(corpus))))
    text += f"\nMessages: {digest_of(corpus)[:12]}.\n"
    if "--write" in sys.argv:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), text), encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
