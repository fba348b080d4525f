"""The chain of a case's record (domain.md, 'The record'), rebuilt here by hand as the oracle."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from cases.domain.hash_chain import (
    GENESIS,
    ChainLink,
    EntryFacts,
    canonical_json,
    content_digest,
    entry_hash,
    find_first_flaw,
    new_salt,
)


def first_broken(links: list[ChainLink], **kept: Any) -> str | None:
    flaw = find_first_flaw(links, **kept)
    return str(flaw) if flaw else None


MOMENT = datetime(2026, 9, 30, 7, 0, tzinfo=UTC)


def digest_by_hand(salt: bytes, content: Any) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(salt, text.encode("utf-8"), "sha256").hexdigest()


def chain(*contents: dict[str, Any]) -> list[ChainLink]:
    """A record of a draft that stays a draft, hashed by hand."""
    links: list[ChainLink] = []
    previous = "0" * 64
    for sequence, content in enumerate(contents, 1):
        salt = bytes([sequence]) * 32
        digest = digest_by_hand(salt, content)
        moment = f"2026-09-30T07:0{sequence}:00.000000+00:00"
        parts = f'["{previous}",{sequence},"XK-23456789","checklist","draft","draft","{moment}","{digest}"]'
        previous = hashlib.sha256(parts.encode()).hexdigest()
        recorded_at = datetime.fromisoformat(moment)
        links.append(
            ChainLink(
                sequence, "XK-23456789", "checklist", "draft", "draft", recorded_at, digest, previous, salt, content
            )
        )
    return links


LINKS = chain({"words": "备齐了"}, {"item": "card"}, {"item": "account", "n": 3}, {"words": ""})
HEAD = LINKS[-1].hash


def test_an_untouched_record_verifies() -> None:
    assert first_broken(LINKS, head=HEAD, count=4) is None


def test_no_record_at_all_verifies_as_empty() -> None:
    assert first_broken([], head="0" * 64, count=0) is None


def test_the_first_entry_follows_64_zeros() -> None:
    assert GENESIS == "0" * 64


@pytest.mark.parametrize(
    ("position", "change", "found"),
    [
        (1, {"content": {"item": "identity"}}, "the content of entry 2 was altered"),
        (1, {"content": {"item": "card", "more": 1}}, "the content of entry 2 was altered"),
        (1, {"content": None}, "the content of entry 2 was altered"),  # the row stands, emptied
        (1, {"content": {"item": 1.5}}, "the content of entry 2 was altered"),  # no float was ever recorded
        (1, {"content": ["item"]}, "the content of entry 2 was altered"),
        (1, {"salt": bytes(32)}, "the content of entry 2 was altered"),
        (1, {"digest": "a" * 64}, "the content of entry 2 was altered"),
        (1, {"kind": "confirmed"}, "entry 2 was altered"),
        (1, {"status_from": "submitted"}, "entry 2 was altered"),
        (1, {"status_to": "submitted"}, "entry 2 was altered"),
        (1, {"case": "XK-99999999"}, "entry 2 was altered"),
        (1, {"recorded_at": LINKS[1].recorded_at + timedelta(microseconds=1)}, "entry 2 was altered"),
        (1, {"hash": "b" * 64}, "entry 2 was altered"),
        (3, {"hash": "b" * 64}, "entry 4 was altered"),
        (0, {"sequence": 2}, "entry 1 is missing"),
    ],
)
def test_every_change_is_found_and_named(position: int, change: dict[str, Any], found: str) -> None:
    links = list(LINKS)
    links[position] = replace(links[position], **change)
    assert first_broken(links, head=HEAD, count=4) == found


def test_the_digest_of_an_erased_content_cannot_be_replaced() -> None:
    erased = replace(LINKS[1], salt=None, content=None, digest="a" * 64)
    assert first_broken([LINKS[0], erased, *LINKS[2:]], head=HEAD, count=4) == "entry 2 was altered"


def test_a_rewritten_entry_with_a_fitting_hash_breaks_the_next() -> None:
    forged = chain({"words": "备齐了"}, {"item": "forged"})[1]
    assert first_broken([LINKS[0], forged, *LINKS[2:]], head=HEAD, count=4) == "entry 3 was altered"


def test_a_wholly_rewritten_record_does_not_end_in_the_head() -> None:
    forged = chain({"words": "备齐了"}, {"item": "card"}, {"item": "account", "n": 3}, {"words": "forged"})
    assert first_broken(forged, head=HEAD, count=4) == "the last entry is not the one that was recorded last"


def test_a_cut_tail_is_found() -> None:
    assert first_broken(LINKS[:3], head=HEAD, count=4) == "4 entries were recorded, 3 are there"
    assert first_broken([], head=HEAD, count=4) == "4 entries were recorded, 0 are there"


def test_a_cut_tail_with_the_count_turned_back_is_found() -> None:
    assert first_broken(LINKS[:3], head=HEAD, count=3) == "the last entry is not the one that was recorded last"


def test_an_entry_too_many_is_found() -> None:
    more = chain({"words": "备齐了"}, {"item": "card"}, {"item": "account", "n": 3}, {"words": ""}, {"words": "x"})
    assert first_broken(more, head=HEAD, count=4) == "4 entries were recorded, 5 are there"


def test_a_missing_entry_is_found() -> None:
    assert first_broken([LINKS[0], *LINKS[2:]], head=HEAD, count=4) == "entry 2 is missing"
    assert first_broken(LINKS[1:], head=HEAD, count=4) == "entry 1 is missing"


def test_two_entries_that_changed_places_are_found() -> None:
    one, two, three, four = LINKS
    assert first_broken([one, three, two, four], head=HEAD, count=4) == "entry 2 is missing"
    swapped = [one, replace(three, sequence=2), replace(two, sequence=3), four]
    assert first_broken(swapped, head=HEAD, count=4) == "entry 2 was altered"


def test_erased_content_breaks_nothing() -> None:
    erased = [replace(link, salt=None, content=None) for link in LINKS]
    assert first_broken([erased[0], *LINKS[1:]], head=HEAD, count=4) is None
    assert first_broken(erased, head=HEAD, count=4) is None


def test_the_canonical_form() -> None:
    assert canonical_json({"b": 1, "a": ["销卡", None, True]}) == '{"a":["销卡",null,true],"b":1}'.encode()


@pytest.mark.parametrize("value", [1.0, {"a": 0.1}, [[{"a": [0.1]}]], float("nan"), (1.5,)])
def test_floats_are_refused_wherever_they_hide(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)


def test_a_digest_is_an_hmac_under_the_salt() -> None:
    assert content_digest(b"s" * 32, {"words": "已受理"}) == digest_by_hand(b"s" * 32, {"words": "已受理"})
    assert content_digest(b"s" * 32, {}) != content_digest(b"t" * 32, {})


def test_the_moment_counts_as_an_instant_not_by_its_zone() -> None:
    def hashed(recorded_at: datetime) -> str:
        entry = EntryFacts(
            sequence=1,
            case="XK-23456789",
            kind="logged",
            status_from="draft",
            status_to="draft",
            recorded_at=recorded_at,
            digest="d" * 64,
        )
        return entry_hash(GENESIS, entry)

    assert hashed(MOMENT) == hashed(MOMENT.astimezone(timezone(timedelta(hours=8))))
    assert hashed(MOMENT) != hashed(MOMENT + timedelta(microseconds=1))


def test_salts_are_long_and_never_the_same() -> None:
    salts = {new_salt() for _ in range(100)}
    assert len(salts) == 100
    assert {len(salt) for salt in salts} == {32}
