"""The second reader of messages: a linear classifier on characters, trained apart from the rules (docs/reading.md).

`scripts/train_reader.py` writes its weights, one byte for each feature and meaning; this only adds them up, in plain
Python. The file is read when the first message is, and takes its own size of memory. Decision 49 has the reasons.
"""

import json
import math
import struct
import sys
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from zlib import crc32

from cases.domain.message_meaning import Meaning
from cases.formats.sms.ngrams import FEATURES_VERSION, features
from cases.formats.sms.types import Sms

WEIGHTS: Final = Path(__file__).resolve().parents[2] / "data" / "message_weights.bin"
MAGIC: Final = b"XKW1"
_LENGTH = struct.Struct("<I")


@dataclass(frozen=True)
class Weights:
    """What was learned. `hashes` are in ascending order; feature i weighs `rows[i * n : (i + 1) * n]`, n meanings."""

    meanings: tuple[Meaning, ...]
    hashes: "array[int]"
    rows: "array[int]"
    scale: float
    bias: tuple[float, ...]
    #: What scores are divided by before they become probabilities; found on writers that were left out.
    temperature: float
    #: Digest of the messages it was trained on (`scripts/train_reader.py`).
    corpus: str

    def to_bytes(self) -> bytes:
        """The file: magic, length of the header, header in JSON, hashes (four bytes each, low first), rows."""
        header = {
            "features": FEATURES_VERSION,
            "meanings": [meaning.value for meaning in self.meanings],
            "count": len(self.hashes),
            "scale": self.scale,
            "bias": list(self.bias),
            "temperature": self.temperature,
            "corpus": self.corpus,
        }
        encoded = json.dumps(header, sort_keys=True).encode()
        hashes = array("I", self.hashes)
        if sys.byteorder == "big":
            hashes.byteswap()
        return MAGIC + _LENGTH.pack(len(encoded)) + encoded + hashes.tobytes() + self.rows.tobytes()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Weights":
        """What `to_bytes` wrote; ValueError for anything else, and for weights of other features."""
        start = len(MAGIC) + _LENGTH.size
        if not content.startswith(MAGIC) or len(content) < start:
            raise ValueError("no weights")
        body = start + _LENGTH.unpack_from(content, len(MAGIC))[0]
        header: dict[str, Any] = json.loads(content[start:body])
        meanings = tuple(Meaning(value) for value in header["meanings"])
        count = header["count"]
        if header["features"] != FEATURES_VERSION or len(content) != body + count * (4 + len(meanings)):
            raise ValueError("weights of another version, or cut off")
        hashes, rows = array("I"), array("b")
        hashes.frombytes(content[body : body + 4 * count])
        if sys.byteorder == "big":
            hashes.byteswap()
        rows.frombytes(content[body + 4 * count :])
        bias = tuple(header["bias"])
        return cls(meanings, hashes, rows, header["scale"], bias, header["temperature"], header["corpus"])


def hash_of(feature: str) -> int:
    """The number under which a feature is kept, the same on every machine."""
    return crc32(feature.encode("utf-8", "surrogatepass"))


@cache
def shipped_weights() -> Weights | None:
    """The weights that come with the product; None where the file is missing or damaged."""
    try:
        return Weights.from_bytes(WEIGHTS.read_bytes())
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return None


def probabilities(sms: Sms, weights: Weights | None = None) -> Mapping[Meaning, float]:
    """The calibrated probability of each meaning of a message (0 to 1, together 1); empty without weights.

    Pure, linear in the first 2,000 characters, and without an error for any text; `weights` are the shipped ones.
    """
    weights = weights or shipped_weights()
    if weights is None:
        return {}
    return dict(zip(weights.meanings, _softmax(scores(features(sms), weights), weights.temperature), strict=True))


def scores(found: set[str], weights: Weights) -> list[float]:
    """The score of each meaning for a set of features: the higher, the likelier."""
    hashes, rows, width = weights.hashes, weights.rows, len(weights.meanings)
    known = []
    for feature in found:
        number = hash_of(feature)
        place = bisect_left(hashes, number)
        if place < len(hashes) and hashes[place] == number:
            known.append(rows[place * width : (place + 1) * width])
    factor = weights.scale / math.sqrt(len(known) or 1)
    sums = map(sum, zip(*known, strict=True)) if known else [0] * width
    return [factor * total + bias for total, bias in zip(sums, weights.bias, strict=True)]


def _softmax(values: list[float], temperature: float) -> list[float]:
    highest = max(values)
    powers = [math.exp((value - highest) / temperature) for value in values]
    total = sum(powers)
    return [power / total for power in powers]
