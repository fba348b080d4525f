"""Whole letters, word for word, as a person and a company would sign them.

The expected texts in `letters/` were typed by hand and read aloud: whoever changes a sentence of a letter reads those
that have it once more. Names, numbers and words are made up (synthetic).
"""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from cases import operations as ops
from cases.documents.letter_context import load_letter_context
from cases.documents.letter_texts import letter_text
from cases.models import Carrier, Team, User
from cases.models.choices import EscalationKind
from cases.operations import CardFacts, NewCase, Submit, Verb, open_case
from cases.operations.charges import NewCharge
from cases.selectors import working_calendar
from tests.helpers import CaseDriver, at, on

FOLDER = Path(__file__).parent / "letters"
PERSON, COMPANY = "林某某", "演示科技有限公司"

#: A request to a carrier of no published terms (mobile) or of seven working days (unicom), and what came of it.
Submission = Callable[..., CaseDriver]


@pytest.fixture
def submit(team: Team, manager: User, mobile: Carrier, unicom: Carrier) -> Submission:
    """Makes a submitted case: `submit(PERSON, 'hotline', '2026-09-30T15:00')`."""

    def make(
        holder: str, channel: str, when: str, *, published: bool = False, reference: str = "", fee: str | None = None
    ) -> CaseDriver:
        new = NewCase(
            "13800138000",
            unicom if published else mobile,
            "cost",
            channel,
            submit=Submit(at(when), reference),
            facts=CardFacts(holder, monthly_fee=Decimal(fee) if fee else None),
        )
        return CaseDriver(open_case(team, new, by=manager, now=at(when)), manager)

    return make


def tell(driver: CaseDriver, *verbs: Verb) -> CaseDriver:
    """Records each at the moment at which it happened."""
    for verb in verbs:
        driver.do(verb, verb.at)  # type: ignore[attr-defined]
    return driver


def charge(driver: CaseDriver, *charges: NewCharge) -> None:
    for each in charges:
        driver.do(ops.RecordCharge(each), f"{each.day.isoformat()}T12:00")


def late_usual_person(submit: Submission) -> CaseDriver:
    return submit(PERSON, "hotline", "2026-09-30T15:00")


def late_usual_company(submit: Submission) -> CaseDriver:
    return tell(
        submit(COMPANY, "letter", "2026-09-15T10:00", fee="29"),
        ops.Acknowledged(at("2026-09-16T09:30"), "已收到公函。", reference="SL-1001"),
        ops.FollowUp(at("2026-09-18T10:00"), "call", "还在流转", "工号2532"),
        ops.FollowUp(at("2026-09-24T10:00"), "visit", "会尽快处理"),
    )


def late_published_person(submit: Submission) -> CaseDriver:
    return submit(PERSON, "app", "2026-10-12T10:00", published=True)


def late_published_company(submit: Submission) -> CaseDriver:
    return tell(
        submit(COMPANY, "branch", "2026-10-08T10:00", published=True, reference="SL-2002"),
        ops.Acknowledged(at("2026-10-08T17:00")),
        ops.UnderReview(at("2026-10-14T11:00"), "材料已转后台审核", "王经理"),
    )


def late_promised_person(submit: Submission) -> CaseDriver:
    return tell(
        submit(PERSON, "hotline", "2026-09-15T15:00", reference="SL-4711"),
        ops.FollowUp(at("2026-09-22T10:00"), "call", "会尽快处理。", "工号2532", "GD-1"),
        ops.Promised(at("2026-09-23T10:00"), "国庆前办好", "李先生", promised_on=on("2026-09-30")),
    )


def late_promised_company(submit: Submission) -> CaseDriver:
    return tell(
        submit(COMPANY, "agent", "2026-10-08T10:00", published=True, fee="31"),
        ops.Promised(at("2026-10-12T10:00"), promised_on=on("2026-10-14")),
        ops.Promised(at("2026-10-16T10:00"), "系统升级，周二办好", "工号1024", promised_on=on("2026-10-20")),
    )


def returned_person(submit: Submission) -> CaseDriver:
    return tell(
        submit(PERSON, "hotline", "2026-10-12T09:00"),
        ops.Acknowledged(at("2026-10-12T16:00"), reference="SL-7"),
        ops.Returned(at("2026-10-14T10:00"), "欠费 12 元", "工号1024", reason="arrears"),
    )


def returned_company(submit: Submission) -> CaseDriver:
    return tell(
        submit(COMPANY, "branch", "2026-09-15T10:00"),
        ops.Returned(at("2026-09-17T10:00"), "缺授权委托书", reason="papers"),
        ops.Submit(at("2026-09-18T10:00"), "SL-5"),
        ops.Returned(at("2026-10-09T10:00"), reason="home"),
    )


def charged_person(submit: Submission) -> CaseDriver:
    driver = tell(
        submit(PERSON, "hotline", "2026-10-12T09:00"), ops.Acknowledged(at("2026-10-12T15:00"), reference="SL-8")
    )
    charge(driver, NewCharge(Decimal(8), on("2026-10-15")))
    return driver


def charged_company(submit: Submission) -> CaseDriver:
    driver = tell(
        submit(COMPANY, "letter", "2026-09-15T10:00"), ops.Acknowledged(at("2026-09-15T16:00"), reference="SL-9")
    )
    charge(driver, NewCharge(Decimal(5), on("2026-09-20"), "other"))
    driver.do(ops.RecordRefund(driver.case.charges.get().pk, on("2026-09-28")), "2026-09-28T12:00")
    charge(
        driver,
        NewCharge(Decimal(8), on("2026-10-01"), "fee", "十月"),
        NewCharge(Decimal(100), on("2026-10-05"), "prepayment"),
        NewCharge(Decimal(50), on("2026-10-08"), "penalty"),
    )
    return driver


def reported_done_person(submit: Submission) -> CaseDriver:
    return tell(
        submit(PERSON, "hotline", "2026-10-12T09:00"),
        ops.Acknowledged(at("2026-10-12T15:00")),
        ops.ReportedDone(at("2026-10-14T10:00"), "已经销了", "工号1024"),
    )


def still_in_use_company(submit: Submission) -> CaseDriver:
    return tell(
        submit(COMPANY, "branch", "2026-09-30T15:00"),
        ops.ReportedDone(at("2026-10-10T10:00")),
        ops.Verify(at("2026-10-12T10:00"), "account", "inconclusive", "登不上"),
        ops.Verify(at("2026-10-12T11:00"), "call", "alive", "能打通"),
    )


def unanswered_person(submit: Submission) -> CaseDriver:
    return tell(
        submit(PERSON, "hotline", "2026-09-15T15:00", reference="SL-4711"),
        ops.Complain(at("2026-09-22T11:00"), "TS-1", "超期"),
    )


def unanswered_company(submit: Submission) -> CaseDriver:
    driver = tell(
        submit(COMPANY, "branch", "2026-09-15T10:00", published=True),
        ops.Acknowledged(at("2026-09-15T17:00"), reference="SL-6"),
        ops.Promised(at("2026-09-24T10:00"), agent="李经理", promised_on=on("2026-09-30")),
    )
    charge(driver, NewCharge(Decimal(8), on("2026-10-01"), words="十月"))
    tell(driver, ops.Complain(at("2026-10-08T11:00"), "TS-2"))
    for upload in (
        ops.ReceiptUpload("form", [("受理单.pdf", b"%PDF-1.4 synthetic")]),
        ops.ReceiptUpload("sms", text="【中国联通】synthetic: 您的申请已受理"),
    ):
        driver.case = ops.attach_receipts(driver.case, upload, by=driver.by, now=at("2026-10-09T10:00"))
    return driver


def answered_person(submit: Submission) -> CaseDriver:
    return tell(
        submit(PERSON, "hotline", "2026-09-30T15:00", fee="31"),
        ops.Complain(at("2026-10-14T10:00"), "TS-3"),
        ops.ComplaintAnswered(at("2026-10-15T10:00"), satisfied=False, words="再等等"),
    )


def answered_company(submit: Submission) -> CaseDriver:
    return tell(
        submit(COMPANY, "letter", "2026-10-08T10:00"),
        ops.Returned(at("2026-10-12T10:00"), "靓号不能销", reason="special"),
        ops.Complain(at("2026-10-13T10:00"), "TS-4"),
        ops.ComplaintAnswered(at("2026-10-19T10:00"), satisfied=False, words="按规定不能办理"),
    )


@pytest.mark.usefixtures("receipts_folder")
@pytest.mark.parametrize(
    ("kind", "happened", "now"),
    [
        ("complaint", late_usual_person, "2026-10-16T10:00"),
        ("complaint", late_usual_company, "2026-10-09T10:00"),
        ("complaint", late_published_person, "2026-10-23T10:00"),
        ("complaint", late_published_company, "2026-10-23T10:00"),
        ("complaint", late_promised_person, "2026-10-12T10:00"),
        ("complaint", late_promised_company, "2026-10-23T10:00"),
        ("complaint", returned_person, "2026-10-16T10:00"),
        ("complaint", returned_company, "2026-10-12T10:00"),
        ("complaint", charged_person, "2026-10-16T10:00"),
        ("complaint", charged_company, "2026-10-09T10:00"),
        ("complaint", reported_done_person, "2026-10-16T10:00"),
        ("complaint", still_in_use_company, "2026-10-13T10:00"),
        ("appeal", unanswered_person, "2026-11-09T10:00"),
        ("appeal", unanswered_company, "2026-11-02T10:00"),
        ("appeal", answered_person, "2026-10-16T10:00"),
        ("appeal", answered_company, "2026-10-20T10:00"),
    ],
)
def test_the_whole_letter(
    submit: Submission, kind: str, happened: Callable[[Submission], CaseDriver], now: str
) -> None:
    context = load_letter_context(happened(submit).fresh(), at(now), working_calendar())
    expected = FOLDER / f"{kind}-{happened.__name__.replace('_', '-')}.txt"
    assert letter_text(EscalationKind(kind), context) + "\n" == expected.read_text(encoding="utf-8")


def test_every_text_is_the_letter_of_a_case() -> None:
    assert len(list(FOLDER.iterdir())) == 16
