"""``python -m scripts.train_reader [--check]``: trains the classifier of messages and writes its weights.

Takes half a minute on one core and needs scikit-learn, which only the development requirements have. The same
messages and versions give the same bytes; --check trains, writes nothing, and fails where the file is another.
What is learned from: `scripts/reader_corpus.py`. Why so: docs/decisions/0049-two-readers.md.
"""

import sys
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from cases.domain.message_meaning import Meaning
from cases.formats.sms.classifier import WEIGHTS, Weights, hash_of, scores
from cases.formats.sms.ngrams import features
from scripts.reader_corpus import RULES_AUTHOR, Labelled, digest_of, load_corpus

MEANINGS = tuple(Meaning)
#: What fewer messages have says more of its writer than of the meaning.
MIN_MESSAGES = 2
#: Fifteen bytes each: the file stays under 500 KB.
MAX_FEATURES = 30_000
#: How closely the weights follow the messages (scikit-learn's C).
FIT = 2.0
_LARGEST = 127
_TEMPERATURES = tuple(round(0.3 + 0.05 * step, 2) for step in range(55))


def train(messages: Sequence[Labelled], temperature: float = 1.0) -> Weights:
    """One linear classifier for each meaning against all others, on features that are there or not.

    A feature counts the more the fewer messages have it (idf), and a message's length makes no difference. The weights
    are rounded to one byte.
    """
    feature_sets = [features(message.sms) for message in messages]
    counts = Counter(feature for each in feature_sets for feature in each)
    vocabulary = _vocabulary(counts)
    inverse = np.array([np.log((1 + len(feature_sets)) / (1 + counts[name])) + 1 for name in vocabulary])
    matrix = _matrix(feature_sets, {name: place for place, name in enumerate(vocabulary)}).multiply(inverse).tocsr()
    labels = np.array([MEANINGS.index(message.meaning) for message in messages])
    weights, bias = [], []
    for place in range(len(MEANINGS)):
        model = LogisticRegression(C=FIT, solver="liblinear", random_state=0)
        model.fit(matrix, labels == place)
        weights.append(model.coef_[0] * inverse)
        bias.append(round(float(model.intercept_[0]), 6))
    effective = np.array(weights).T
    scale = float(np.abs(effective).max() / _LARGEST)
    rounded = np.rint(effective / scale).astype(np.int8)
    return Weights(
        MEANINGS,
        array("I", (hash_of(name) for name in vocabulary)),
        array("b", rounded.tobytes()),
        scale,
        tuple(bias),
        temperature,
        digest_of(messages),
    )


def _vocabulary(counts: Mapping[str, int]) -> list[str]:
    """The features that are learned, the commonest, in the order of their hashes; each hash once."""
    common = sorted((name for name, count in counts.items() if count >= MIN_MESSAGES), key=lambda n: (-counts[n], n))
    by_hash: dict[int, str] = {}
    for name in common[:MAX_FEATURES]:
        by_hash.setdefault(hash_of(name), name)
    return [by_hash[number] for number in sorted(by_hash)]


def _matrix(found: Sequence[set[str]], places: Mapping[str, int]) -> Any:
    """One row for each message, of length 1 whatever the number of its known features."""
    starts, columns, values = [0], [], []
    for each in found:
        known = sorted(places[name] for name in each if name in places)
        columns += known
        values += [1 / np.sqrt(len(known))] * len(known)
        starts.append(len(columns))
    indices, pointers = np.array(columns, dtype=np.int32), np.array(starts, dtype=np.int32)  # all that liblinear takes
    return sparse.csr_array((np.array(values), indices, pointers), shape=(len(found), len(places)))


def train_without_each(messages: Sequence[Labelled]) -> dict[str, Weights]:
    """For each writer the weights learned from all others, with the temperature that fits the others' left-out scores.

    So a writer's messages have no part in what reads them, nor in how certain it says that it is.
    """
    writers = [name for name in dict.fromkeys(message.writer for message in messages) if name != RULES_AUTHOR]
    own = {name: [message for message in messages if message.writer == name] for name in writers}
    weights = {name: train([message for message in messages if message.writer != name]) for name in writers}
    left_out = {name: _scored(own[name], weights[name]) for name in writers}
    return {
        name: replace(
            weights[name],
            temperature=best_temperature([pair for other in writers if other != name for pair in left_out[other]]),
        )
        for name in writers
    }


def _scored(messages: Sequence[Labelled], weights: Weights) -> list[tuple[list[float], int]]:
    return [(scores(features(message.sms), weights), MEANINGS.index(message.meaning)) for message in messages]


def best_temperature(scored: Sequence[tuple[list[float], int]]) -> float:
    """The temperature at which the probabilities say best how often a reading is right (least log loss)."""
    values = np.array([each for each, _ in scored])
    right = np.array([place for _, place in scored])

    def loss(temperature: float) -> float:
        powers = values / temperature
        powers -= powers.max(axis=1, keepdims=True)
        logs = powers - np.log(np.exp(powers).sum(axis=1, keepdims=True))
        return float(-logs[np.arange(len(right)), right].mean())

    return min(_TEMPERATURES, key=loss)


def train_shipped() -> Weights:
    """The weights that the product ships: learned from all messages, the temperature from writers left out."""
    messages = load_corpus()
    temperatures = sorted(weights.temperature for weights in train_without_each(messages).values())
    return train(messages, temperatures[len(temperatures) // 2])


def main() -> None:
    content = train_shipped().to_bytes()
    if "--check" in sys.argv:
        if WEIGHTS.read_bytes() != content:
            sys.exit(f"{WEIGHTS} is not what these messages give: run python -m scripts.train_reader")
        print("The weights are those of these messages.")
        return
    WEIGHTS.write_bytes(content)
    print(f"{WEIGHTS}: {len(content):,} bytes")


if __name__ == "__main__":
    main()
