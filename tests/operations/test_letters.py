"""A letter from draft to receipt: what is kept, what two tabs do to each other, what is frozen and what is emptied."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.utils import translation

from cases import wording
from cases.documents.letters import save_and_finalize
from cases.domain.errors import (
    IdentityNumber,
    LetterChanged,
    LetterGone,
    LetterIncomplete,
    UnknownProvince,
    WrongState,
)
from cases.models import AppealBody, AuditEntry, Letter, Receipt
from cases.models.choices import EscalationKind
from cases.models.receipt_store import receipt_store
from cases.operations import (
    FinalizeLetter,
    LetterEdit,
    NewReceipt,
    Withdraw,
    delete_letter_draft,
    letter_draft,
    letter_finalized_by,
    save_letter_draft,
)
from cases.operations.corrections import VoidEntry
from cases.operations.voided_receipts import standing_hashes_of
from cases.selectors import final_letters_of
from tests.domain.test_letter_rules import MADE_UP, WHOLE
from tests.helpers import CaseDriver, at, run_concurrently
from tests.moments import NOW

LATER = at("2026-10-16T10:05")


def save(driver: CaseDriver, body: str, seen: datetime | None = None, now: datetime = NOW, **fields: str) -> Letter:
    edit = LetterEdit("appeal", {**WHOLE, **fields}, body, seen)
    return save_letter_draft(driver.fresh(), edit, by=driver.by, now=now)


def finish(
    driver: CaseDriver, draft: Letter, data: bytes = b"%PDF-1.7 made", now: str = "2026-10-16T10:10", **options: Any
) -> None:
    receipt = NewReceipt(
        "letter", "申诉书 2026-10-16.pdf", "application/pdf", len(data), receipt_store.write(driver.case.team_id, data)
    )
    driver.do(FinalizeLetter(draft.pk, draft.changed_at, receipt), now, **options)


@pytest.fixture(autouse=True)
def _folder_and_appeal_body(receipts_folder: object, db: None) -> None:
    """Receipts go into the test's own folder, and one province has an appeal body."""
    AppealBody.objects.create(province="浙江", name="浙江省通信管理局")


class TestDraft:
    def test_it_is_kept_and_changed_and_no_part_of_the_record(self, submitted: CaseDriver) -> None:
        first = save(submitted, "一")
        second = save(submitted, "二", seen=first.changed_at, now=LATER, name="演示公司二部")
        assert second.pk == first.pk
        draft = letter_draft(submitted.case, "appeal")
        assert draft is not None
        assert (draft.body, draft.fields["name"], draft.made_at, draft.changed_at) == ("二", "演示公司二部", NOW, LATER)
        assert submitted.kinds == ["logged", "submitted"]
        assert letter_draft(submitted.case, "complaint") is None

    def test_of_two_tabs_the_second_is_told_and_overwrites_nothing(self, submitted: CaseDriver) -> None:
        shown = save(submitted, "一").changed_at
        save(submitted, "第一个标签页", seen=shown, now=LATER)
        with pytest.raises(LetterChanged):
            save(submitted, "第二个标签页", seen=shown, now=LATER)
        draft = letter_draft(submitted.case, "appeal")
        assert draft is not None
        assert draft.body == "第一个标签页"
        # Having seen that, it may.
        assert save(submitted, "第二个标签页", seen=draft.changed_at, now=LATER).body == "第二个标签页"

    def test_two_first_saves_are_told_apart_too(self, submitted: CaseDriver) -> None:
        save(submitted, "一")
        with pytest.raises(LetterChanged):
            save(submitted, "二")
        assert Letter.objects.count() == 1

    def test_the_same_words_again_are_no_conflict(self, submitted: CaseDriver) -> None:
        shown = save(submitted, "一")
        assert save(submitted, "一", now=LATER).changed_at == shown.changed_at

    def test_saves_in_one_tick_of_the_clock_are_told_apart(self, submitted: CaseDriver) -> None:
        shown = save(submitted, "一").changed_at
        assert save(submitted, "二", seen=shown).changed_at > shown

    def test_thrown_away_it_is_gone_and_an_old_tab_is_told(self, submitted: CaseDriver) -> None:
        draft = save(submitted, "一")
        changed = save(submitted, "二", seen=draft.changed_at, now=LATER)
        with pytest.raises(LetterChanged):
            delete_letter_draft(submitted.case, "appeal", expected_changed_at=draft.changed_at)
        delete_letter_draft(submitted.case, "appeal", expected_changed_at=changed.changed_at)
        delete_letter_draft(submitted.case, "appeal", expected_changed_at=changed.changed_at)  # twice is no harm
        assert not Letter.objects.exists()
        with pytest.raises(LetterGone):
            save(submitted, "三", seen=changed.changed_at)
        assert save(submitted, "三").body == "三"

    def test_not_before_the_request_is_handed_in(self, draft: CaseDriver) -> None:
        with pytest.raises(WrongState):
            save(draft, "一")

    def test_nor_after_the_case_is_closed(self, submitted: CaseDriver) -> None:
        submitted.do(Withdraw(), "2026-10-15T10:00")
        with pytest.raises(WrongState):
            save(submitted, "一")

    def test_no_identity_number_is_kept(self, submitted: CaseDriver) -> None:
        with pytest.raises(IdentityNumber):
            save(submitted, f"我是 {MADE_UP}")
        with pytest.raises(IdentityNumber):
            save(submitted, "一", name=f"某 {MADE_UP}")
        assert not Letter.objects.exists()

    def test_only_a_province_with_an_appeal_body_and_in_an_appeal_alone(self, submitted: CaseDriver) -> None:
        with pytest.raises(UnknownProvince) as refused:
            save(submitted, "一", province="某省")
        said = "An appeal needs one of these provinces; a complaint takes none: 浙江."
        with translation.override("en"):
            assert wording.error_message(refused.value) == said
        with pytest.raises(UnknownProvince):
            save_letter_draft(submitted.fresh(), LetterEdit("complaint", WHOLE, "一", None), by=submitted.by, now=NOW)
        assert not Letter.objects.exists()


class TestFinal:
    def test_it_is_a_receipt_an_entry_and_no_more(self, submitted: CaseDriver) -> None:
        draft = save(submitted, "一、申诉请求")
        finish(submitted, draft)
        draft.refresh_from_db()
        receipt = Receipt.objects.get()
        assert (draft.receipt, draft.fields, draft.body, draft.final_at) == (receipt, {}, "", at("2026-10-16T10:10"))
        assert (receipt.kind, receipt.name, receipt.read()) == ("letter", "申诉书 2026-10-16.pdf", b"%PDF-1.7 made")
        assert submitted.kinds[-1] == "letter"
        assert submitted.last_content["letter"] == "appeal"
        assert [told["sha256"] for told in submitted.last_content["receipts"]] == [receipt.sha256]
        assert "演示公司" not in str(submitted.last_content)
        assert submitted.chain_flaw is None
        assert submitted.reply_by == "2026-10-14 00:00"  # it moves no deadline

    def test_not_while_something_is_missing(self, submitted: CaseDriver) -> None:
        draft = save(submitted, "一、申诉请求", postcode="")
        with pytest.raises(LetterIncomplete) as caught:
            finish(submitted, draft)
        assert caught.value.params == {"missing": ["postcode"]}
        assert (Receipt.objects.count(), submitted.kinds[-1]) == (0, "submitted")

    def test_not_when_it_was_changed_after_the_pdf_was_made(self, submitted: CaseDriver) -> None:
        draft = save(submitted, "一")
        save(submitted, "二", seen=draft.changed_at, now=LATER)
        with pytest.raises(LetterChanged):
            finish(submitted, draft)
        assert not Receipt.objects.exists()

    def test_once_and_another_may_follow(self, submitted: CaseDriver) -> None:
        draft = save(submitted, "一")
        click = uuid4()
        finish(submitted, draft, submit_token=click)
        finish(submitted, draft, submit_token=click)
        with pytest.raises(LetterGone):
            finish(submitted, draft)
        assert submitted.kinds.count("letter") == 1
        finish(submitted, save(submitted, "二"), b"%PDF-1.7 another")
        assert Letter.objects.filter(final_at__isnull=False).count() == 2

    def test_the_same_bytes_again_are_the_same_receipt(self, submitted: CaseDriver) -> None:
        finish(submitted, save(submitted, "一"))
        finish(submitted, save(submitted, "一"))
        assert (Receipt.objects.count(), submitted.kinds.count("letter")) == (1, 2)
        assert {letter.receipt_id for letter in Letter.objects.all()} == {Receipt.objects.get().pk}
        assert submitted.chain_flaw is None

    def test_each_of_them_has_its_receipt_whichever_is_voided(self, submitted: CaseDriver) -> None:
        finish(submitted, save(submitted, "一"))
        finish(submitted, save(submitted, "一"), now="2026-10-16T10:20")
        submitted.do(VoidEntry(3, "寄错了"), at("2026-10-16T10:30"))
        assert [letter.is_voided for letter in final_letters_of(submitted.case)] == [True, False]
        assert len(standing_hashes_of(submitted.case)) == 1
        submitted.do(VoidEntry(4, "也寄错了"), at("2026-10-16T10:30"))
        assert standing_hashes_of(submitted.case) == set()

    def test_not_on_another_case(self, submitted: CaseDriver, new_driver: Any) -> None:
        draft = save(submitted, "一")
        other = new_driver("13900139000", submitted="2026-09-30T15:00")
        with pytest.raises(LetterGone):
            finish(other, draft)


@pytest.mark.django_db(transaction=True)
def test_two_people_begin_one_at_the_same_moment(submitted: CaseDriver) -> None:
    results = run_concurrently(lambda: save(submitted, "一"), lambda: save(submitted, "二"))
    assert sorted(type(result).__name__ for result in results) == ["Letter", "LetterChanged"]
    assert Letter.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_saves_while_another_makes_it_final(submitted: CaseDriver) -> None:
    draft = save(submitted, "一")
    mine, yours = CaseDriver(submitted.fresh(), submitted.by), submitted
    results = run_concurrently(lambda: finish(mine, draft), lambda: save(yours, "二", seen=draft.changed_at, now=LATER))
    draft.refresh_from_db()
    if draft.final_at:
        assert isinstance(results[1], LetterGone)
        assert draft.body == ""
    else:
        assert isinstance(results[0], LetterChanged)
        assert (draft.body, Receipt.objects.count()) == ("二", 0)


def test_the_same_request_twice_leads_to_the_letter_that_it_made(submitted: CaseDriver) -> None:
    token = uuid4()
    assert letter_finalized_by(submitted.case, "appeal", by=submitted.by, submit_token=token) is None
    made = [
        save_and_finalize(
            submitted.fresh(),
            LetterEdit(EscalationKind.APPEAL, WHOLE, "一、申诉请求", None),
            by=submitted.by,
            now=now,
            submit_token=token,
        )
        for now in (NOW, LATER)
    ]
    assert [(letter.pk, is_new) for letter, is_new in made] == [(made[0][0].pk, True), (made[0][0].pk, False)]
    assert Letter.objects.count() == AuditEntry.objects.filter(kind="number_shown").count() == 1
    assert letter_finalized_by(submitted.case, "appeal", by=submitted.by, submit_token=None) is None
