"""The forgeries that once passed, each found and named in words: on the page, by the command, in a dossier."""

import json
from typing import Any

import pytest
from django.db import connection
from django.utils import translation

from cases import operations as ops
from cases import wording
from cases.domain import hash_chain
from cases.models import CalendarEdition, Carrier, Case, Team, TimelineContent, TimelineEntry, User
from cases.operations.corrections import AmendEntry, VoidEntry
from cases.operations.erasure import Erase
from cases.operations.follow_up import Snooze
from cases.operations.integrity import check_rows
from tests.helpers import CaseDriver, at
from tests.integrity.rich_case import make_rich_case, record_sms

pytestmark = pytest.mark.forged


@pytest.fixture
def rich(team: Team, manager: User, mobile: Carrier, receipts_folder: Any) -> CaseDriver:
    return make_rich_case(team, mobile, manager)


def below(sql: str, *values: Any) -> None:
    """Run SQL past the ORM."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        assert cursor.rowcount >= 1


def in_words(driver: CaseDriver, language: str = "en") -> list[str]:
    with translation.override(language):
        return [wording.flaw_message(flaw) for flaw in check_rows(driver.case).flaws]


def test_the_moment_of_submission(rich: CaseDriver) -> None:
    below("UPDATE cases_case SET submitted_at = %s WHERE id = %s", "2026-09-01 07:00:00+00:00", rich.case.pk)
    assert in_words(rich) == [
        "case, submitted (cases_case.submitted_at): 2026-09-01 15:00:00 is stored, but 2026-09-30 15:00:00 was recorded"
    ]
    assert in_words(rich, "zh-hans") == [
        "案件，提交时间（cases_case.submitted_at）：存储的是“2026-09-01 15:00:00”，记录的是“2026-09-30 15:00:00”"
    ]


def test_the_holder_is_masked(rich: CaseDriver) -> None:
    below("UPDATE cases_card SET holder = '李四光' WHERE id = %s", rich.case.card_id)
    assert in_words(rich) == ["card, holder (cases_card.holder): 李** is stored, but 王** was recorded"]
    assert in_words(rich, "zh-hans") == ["号卡，机主（cases_card.holder）：存储的是“李**”，记录的是“王**”"]


def test_the_number_is_masked(rich: CaseDriver) -> None:
    below("UPDATE cases_card SET number = '13900139001' WHERE id = %s", rich.case.card_id)
    assert in_words(rich) == ["card, number (cases_card.number): 139****9001 is stored, but 138****8000 was recorded"]


def test_the_deadline_of_a_round(rich: CaseDriver) -> None:
    below("UPDATE cases_waitinground SET reply_by = %s WHERE number = 3", "2026-10-19 16:00:00+00:00")
    (english,) = in_words(rich)
    assert english == (
        "waiting round 3, reply due (cases_waitinground.reply_by): "
        "2026-10-20 00:00:00 is stored, but 2026-10-17 00:00:00 was recorded"
    )


def test_a_round_that_was_late(rich: CaseDriver) -> None:
    below("UPDATE cases_waitinground SET late = %s WHERE number = 1", False)
    assert in_words(rich) == [
        "waiting round 1, was overdue (cases_waitinground.late): no is stored, but yes was recorded"
    ]


def test_a_verification(rich: CaseDriver) -> None:
    below("UPDATE cases_verification SET finding = 'cancelled' WHERE sequence = 11")
    assert in_words(rich) == [
        "verification of entry 11, finding (cases_verification.finding): Cancelled is stored, but Still in use was "
        "recorded"
    ]
    assert in_words(rich, "zh-hans") == [
        "第 11 条记录的核实，结果（cases_verification.finding）：存储的是“已注销”，记录的是“仍在使用”"
    ]


def test_a_charge(rich: CaseDriver) -> None:
    below("UPDATE cases_charge SET amount = 580 WHERE sequence = 12")
    assert in_words(rich) == [
        "charge of entry 12, amount (yuan) (cases_charge.amount): 580.00 is stored, but 58.00 was recorded"
    ]


def test_a_charge_that_is_gone_and_one_that_nobody_recorded(rich: CaseDriver) -> None:
    below("UPDATE cases_charge SET sequence = 99 WHERE sequence = 12")
    assert in_words(rich) == [
        "charge of entry 99 (cases_charge): the row is stored, but was never recorded",
        "charge of entry 12 (cases_charge): recorded, but the row is missing",
    ]


def test_a_confirmation_that_nobody_recorded(rich: CaseDriver) -> None:
    key = rich.case.verifications.order_by("pk")[0].pk
    below(
        "UPDATE cases_case SET status = 'confirmed', reply_by = NULL, verification_id = %s, confirmed_at = %s, "
        "closed_at = %s WHERE id = %s",
        key,
        "2026-10-23 02:00:00+00:00",
        "2026-10-23 02:00:00+00:00",
        rich.case.pk,
    )
    flaws = in_words(rich)
    assert "case, status (cases_case.status): Cancelled, confirmed is stored, but Under review was recorded" in flaws
    assert (
        "case, verification (cases_case.verification_id): verification of entry 10 is stored, but nothing was recorded"
        in flaws
    )


@pytest.mark.parametrize("sequence", [1, 5, 22])
def test_a_content_without_an_erasing_entry(rich: CaseDriver, sequence: int) -> None:
    entry = TimelineEntry.objects.get(case=rich.case, sequence=sequence)
    below("DELETE FROM cases_timelinecontent WHERE entry_id = %s", entry.pk)
    assert in_words(rich)[0] == (
        f"the content of entry {sequence} is missing, and no later entry says that it was erased"
    )
    assert in_words(rich, "zh-hans")[0] == f"第 {sequence} 条记录的内容缺失，之后也没有清除它的记录"


def test_a_case_without_a_record(rich: CaseDriver) -> None:
    below("DELETE FROM cases_timelinecontent")
    below("DELETE FROM cases_timelineentry")
    below("UPDATE cases_case SET entry_count = 0, entry_head = %s", hash_chain.GENESIS)
    assert "this case has no record: no entry is there, not even the first" in in_words(rich)


def test_a_tail_cut_with_its_head_set_back(rich: CaseDriver) -> None:
    """Its chain holds; what was done is still there."""
    last, before = TimelineEntry.objects.filter(case=rich.case).order_by("-sequence")[:2]
    below("DELETE FROM cases_timelinecontent WHERE entry_id = %s", last.pk)
    below("DELETE FROM cases_timelineentry WHERE id = %s", last.pk)
    below("UPDATE cases_case SET entry_count = entry_count - 1, entry_head = %s", before.entry_hash)
    assert in_words(rich) == [
        "case, snoozed (cases_case.snoozed_at): 2026-10-23 10:00:00 is stored, but nothing was recorded",
        "case, snoozed until (cases_case.snoozed_until): 2026-10-28 is stored, but nothing was recorded",
    ]


def test_an_entry_that_the_rules_refuse(rich: CaseDriver) -> None:
    """Chained as Xiaoka does it, by somebody who can write to the database."""
    case = Case.objects.get(pk=rich.case.pk)
    forge_entry(case, "confirmed", {"at": "2026-10-23T10:00:00+08:00", "method": "call", "words": ""})
    assert in_words(rich) == [
        "entry 23 cannot be replayed: Before you confirm, record a verification that found the number cancelled."
    ]


def forge_entry(case: Case, kind: str, content: dict[str, Any]) -> None:
    """Append a chained entry with no verb behind it."""
    last = TimelineEntry.objects.filter(case=case).order_by("-sequence").select_related("content")[0]
    body = {"by": "", "by_id": None, "round": last.round, "click": None, "calendar": last.content.body["calendar"]}
    salt, body = hash_chain.new_salt(), body | content
    facts = hash_chain.EntryFacts(
        sequence=last.sequence + 1, case=case.reference, kind=kind, status_from=last.status_to,
        status_to=last.status_to, recorded_at=last.recorded_at, digest=hash_chain.content_digest(salt, body),
    )  # fmt: skip
    head = hash_chain.entry_hash(last.entry_hash, facts)
    entry = TimelineEntry.objects.create(
        case=case, sequence=facts.sequence, kind=kind, status_from=facts.status_from, status_to=facts.status_to,
        round=last.round, recorded_at=facts.recorded_at, content_digest=facts.digest, entry_hash=head,
    )  # fmt: skip
    TimelineContent.objects.create(entry=entry, salt=salt, body=body)
    Case.objects.filter(pk=case.pk).update(entry_count=facts.sequence, entry_head=head)


def test_the_calendar_by_which_was_counted(rich: CaseDriver) -> None:
    edition = CalendarEdition.objects.get()
    below("UPDATE cases_calendaredition SET body = %s", json.dumps(edition.body | {"off": []}))
    assert in_words(rich) == [
        f"the working calendar {edition.digest[:12]} (cases_calendaredition), by which entry 1 was counted, is missing "
        "or was altered"
    ]


def test_the_carrier_of_an_erased_case(rich: CaseDriver, unicom: Carrier) -> None:
    rich.do(ops.AppealAnswered(at("2026-10-23T09:00"), satisfied=True), "2026-10-24T09:00")
    rich.do(ops.Withdraw("不销了"), "2026-10-24T10:00")
    rich.do(Erase(), "2026-12-01T10:00")
    below("UPDATE cases_case SET carrier_id = %s WHERE id = %s", unicom.pk, rich.case.pk)
    assert in_words(rich) == [
        "case, carrier (cases_case.carrier_id): china-unicom is stored, but china-mobile was recorded"
    ]


def test_a_letter_whose_row_differs(rich: CaseDriver) -> None:
    below("UPDATE cases_letter SET kind = 'appeal'")
    assert in_words(rich) == [
        "letter of entry 20, type (cases_letter.kind): Appeal is stored, but Complaint was recorded"
    ]


def test_a_letter_of_another_moment(rich: CaseDriver) -> None:
    below("UPDATE cases_letter SET final_at = %s", "2026-10-22 02:00:00")
    assert in_words(rich) == [
        "letter of entry 20, finalised (cases_letter.final_at): 2026-10-22 10:00:00 is stored, but 2026-10-22 09:30:00 "
        "was recorded"
    ]


def test_an_sms_that_was_recorded(rich: CaseDriver) -> None:
    record_sms(rich)
    assert in_words(rich) == []
    below("UPDATE cases_message SET text = '【测试】已销户 (synthetic)', sender = '10010'")
    assert in_words(rich) == [
        "SMS of entry 23, sender (cases_message.sender): 10010 is stored, but 10086 was recorded",
        "SMS of entry 23, text (cases_message.text): 【测试】已销户 (synthetic) is stored, but "
        "【测试】您的销户申请正在审核 (synthetic) was recorded",
    ]
    assert in_words(rich, "zh-hans")[0] == (
        "第 23 条记录的短信，发送方（cases_message.sender）：存储的是“10010”，记录的是“10086”"
    )
    below("DELETE FROM cases_message")
    assert in_words(rich) == ["SMS of entry 23 (cases_message): recorded, but the row is missing"]


def test_an_sms_whose_entry_was_voided_is_no_record_any_more(rich: CaseDriver) -> None:
    message = record_sms(rich)
    rich.do(VoidEntry(23, "别的号码的"), "2026-10-24T11:00")
    assert in_words(rich) == []
    rich.do(ops.RecordMessage(message), "2026-10-24T12:00")
    assert in_words(rich) == []
    below("UPDATE cases_message SET handled_by_id = NULL")
    assert in_words(rich) == [
        f"SMS of entry 25, handled by (cases_message.handled_by_id): nothing is stored, but #{rich.by.pk} was recorded"
    ]


class TestAnErasedCase:
    """What stays of its entries is compared with what the erasing one has kept."""

    @pytest.fixture
    def erased(self, rich: CaseDriver) -> CaseDriver:
        record_sms(rich)
        rich.do(ops.AppealAnswered(at("2026-10-23T09:00"), satisfied=True), "2026-10-24T11:00")
        rich.do(ops.Withdraw("不销了"), "2026-10-24T12:00")
        rich.do(AmendEntry(25, {"words": "不用了"}, "写错了"), "2026-10-24T12:01")
        rich.do(Erase(), "2026-12-01T10:00")
        assert in_words(rich) == []
        return rich

    @pytest.mark.parametrize(
        ("sequence", "column", "value", "flaw"),
        [
            (
                1,
                "recorded_by_id",
                None,
                "recorded by (cases_timelineentry.recorded_by_id): nothing is stored, but #",
            ),
            (
                1,
                "click",
                "0" * 32,
                "submit token (cases_timelineentry.click): 00000000-0000-0000-0000-000000000000 is ",
            ),
            (3, "round", 9, "waiting round (cases_timelineentry.round): 9 is stored, but 1 was recorded"),
            (26, "corrects", 24, "corrected entry (cases_timelineentry.corrects): 24 is stored, but 25 was recorded"),
        ],
    )
    def test_a_column_of_an_entry(
        self, erased: CaseDriver, sequence: int, column: str, value: object, flaw: str
    ) -> None:
        below(
            f"UPDATE cases_timelineentry SET {column} = %s WHERE case_id = %s AND sequence = %s",
            value, erased.case.pk, sequence,
        )  # fmt: skip
        (words,) = in_words(erased)
        assert words.startswith(f"timeline entry {sequence}, {flaw}")


class TestABrokenChain:
    """All else that does not hold is told too."""

    def test_each_altered_entry_is_named(self, rich: CaseDriver) -> None:
        for sequence, column, value in ((2, "kind", "promised"), (5, "entry_hash", "0" * 64)):
            below(
                f"UPDATE cases_timelineentry SET {column} = %s WHERE case_id = %s AND sequence = %s",
                value, rich.case.pk, sequence,
            )  # fmt: skip
        assert in_words(rich)[:2] == ["entry 2 was altered", "entry 5 was altered"]
        assert not any("entry 3 was" in flaw or "entry 6 was" in flaw for flaw in in_words(rich))

    def test_so_are_the_columns_of_the_case(self, rich: CaseDriver) -> None:
        entry = TimelineEntry.objects.get(case=rich.case, sequence=5)
        below("UPDATE cases_timelineentry SET entry_hash = %s WHERE id = %s", "0" * 64, entry.pk)
        below("UPDATE cases_case SET submitted_at = %s WHERE id = %s", "2026-09-01 07:00:00+00:00", rich.case.pk)
        below("UPDATE cases_letter SET kind = 'appeal'")
        below("UPDATE cases_batch SET reference = 'SL9'")
        assert in_words(rich) == [
            "entry 5 was altered",
            "letter of entry 20, type (cases_letter.kind): Appeal is stored, but Complaint follows from the record as "
            "it is now",
            f"batch {rich.fresh().batch_id}, carrier reference number (受理单号) (cases_batch.reference): SL9 is "
            "stored, but SL2026001 follows from the record as it is now",
            "case, submitted (cases_case.submitted_at): 2026-09-01 15:00:00 is stored, but 2026-09-30 15:00:00 follows "
            "from the record as it is now",
        ]

    def test_an_altered_content_that_cannot_be_replayed_hides_no_receipt(self, rich: CaseDriver) -> None:
        entry = TimelineEntry.objects.get(case=rich.case, sequence=5)
        below("UPDATE cases_timelinecontent SET body = '[]' WHERE entry_id = %s", entry.pk)
        below("UPDATE cases_receipt SET size = 1 WHERE name = '投诉函.pdf'")
        sizes = [flaw for flaw in in_words(rich) if "cases_receipt.size" in flaw]
        assert [flaw.partition(": ")[2] for flaw in sizes] == [
            "1 is stored, but 18 follows from the record as it is now"
        ]
        assert in_words(rich)[0] == "the content of entry 5 was altered"


class TestWhatIsNoFlaw:
    def test_another_holder_of_a_closed_case(self, rich: CaseDriver) -> None:
        rich.do(ops.Withdraw("不销了"), "2026-10-24T10:00")
        below("UPDATE cases_card SET holder = '李四光'")
        assert in_words(rich) == []

    def test_who_then_reopens_it(self, submitted: CaseDriver) -> None:
        submitted.do(ops.Verify(at("2026-10-15T09:00"), "hotline", "cancelled", confirm=True), "2026-10-15T09:00")
        below("UPDATE cases_card SET holder = '李四光'")
        submitted.do(ops.Reopen("还能打通"), "2026-10-16T09:00")
        assert in_words(submitted) == []
        below("UPDATE cases_card SET holder = '王小明'")
        assert in_words(submitted) == ["card, holder (cases_card.holder): 王** is stored, but 李** was recorded"]

    def test_a_snooze_that_an_sms_ended(self, rich: CaseDriver) -> None:
        below("UPDATE cases_case SET snoozed_at = NULL, snoozed_until = NULL WHERE id = %s", rich.case.pk)
        assert in_words(rich) == []

    def test_and_the_same_snooze_once_more(self, rich: CaseDriver) -> None:
        below("UPDATE cases_case SET snoozed_at = NULL, snoozed_until = NULL WHERE id = %s", rich.case.pk)
        rich.do(Snooze(rich.case.snoozed_until), "2026-10-25T10:00")
        assert in_words(rich) == []

    def test_what_was_erased(self, rich: CaseDriver) -> None:
        rich.do(ops.AppealAnswered(at("2026-10-23T09:00"), satisfied=True), "2026-10-24T09:00")
        rich.do(ops.Withdraw("不销了"), "2026-10-24T10:00")
        rich.do(Erase(), "2026-12-01T10:00")
        report = check_rows(rich.case)
        assert report.flaws == []
        with translation.override("en"):
            assert [wording.flaw_message(note) for note in report.notes] == [
                "the content of entries 1 to 24 was erased; they are not replayed"
            ]
