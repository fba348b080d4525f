"""The writers' messages are what their README says: synthetic, labelled, and each writer's own."""

import json
import re
from collections import Counter
from typing import Any

import pytest

from cases.domain.message_meaning import Meaning
from scripts.reader_corpus import MESSAGES, load_writers

FILES = sorted(MESSAGES.glob("writer-*.jsonl"))


def entries(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (MESSAGES / name).read_text(encoding="utf-8").splitlines()]


def test_there_are_enough_by_enough_writers() -> None:
    writers = load_writers()
    assert len(writers) >= 8
    assert sum(map(len, writers.values())) >= 2500
    assert {message.meaning for messages in writers.values() for message in messages} == set(Meaning)


@pytest.mark.parametrize("name", [path.name for path in FILES])
def test_each_is_synthetic_and_holds_what_its_label_says(name: str) -> None:
    for entry in entries(name):
        squeezed = re.sub(r"[\s-]", "", entry["text"])
        assert entry["synthetic"] is True
        assert entry["number"] is None or entry["number"] in squeezed
        assert entry["reference"] is None or entry["reference"] in entry["text"]
        assert entry["promised"] is None or entry["meaning"] in ("promised", "precancelled")
        assert entry["meaning"] not in entry["also"]


def test_no_text_is_another_with_other_digits() -> None:
    shapes = Counter(
        re.sub(r"[\d\s\W]", "", entry["text"])
        for path in FILES
        for entry in entries(path.name)
        if len(re.sub(r"[\d\s\W]", "", entry["text"])) > 6
    )
    assert [shape for shape, count in shapes.items() if count > 1] == []
