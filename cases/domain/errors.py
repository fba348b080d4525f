"""Errors of the domain: a name, an English msgid, and the values that fill it.

Nothing here is translated: the page that shows an error does that (`cases.wording.error_message`), so the same error
speaks to a browser, an operator in the admin, a command line and a program.
"""

from collections.abc import Sequence
from typing import ClassVar


def gettext_noop(message: str) -> str:
    """Mark a msgid for the catalogue without translating it; the domain imports no Django."""
    return message


def _in_words(value: object) -> object:
    """A parameter as the English text of an error has it."""
    return ", ".join(map(str, value)) if isinstance(value, list) else value


class CaseError(Exception):
    """Something a person asked for that the rules do not allow.

    `code` names the error for programs, `message` is its msgid with %(name)s places, `params` fill them.
    """

    code: ClassVar[str] = "refused"
    message: str = gettext_noop("This action is not possible here.")

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.message % {name: _in_words(value) for name, value in params.items()})


class WrongTransition(CaseError):
    code = "wrong_transition"
    message = gettext_noop("A case cannot change from “%(from_status)s” to “%(to_status)s”.")


class WrongState(CaseError):
    """A verb that changes no status, asked for where it has no meaning."""

    code = "wrong_state"
    message = gettext_noop("This cannot be recorded while the case is “%(from_status)s”.")


class ChangedMeanwhile(CaseError):
    code = "changed_meanwhile"
    message = gettext_noop(
        "Someone changed this case while you had it open. Nothing you entered was saved. Check its current "
        "state, then submit again if it still applies."
    )


class NotReady(CaseError):
    """The request is about to be submitted, and required items of the checklist are open; params: items."""

    code = "not_ready"
    message = gettext_noop(
        "Before you submit, complete: %(items)s. For items that are not needed, enter why. If you have already "
        "submitted the request, choose “Already submitted”."
    )


class OpenCaseExists(CaseError):
    code = "open_case_exists"
    message = gettext_noop("This card already has an open case: %(reference)s.")


class InTheFuture(CaseError):
    code = "in_the_future"
    message = gettext_noop("This time is in the future. Enter when it actually happened.")


class BeforeSubmission(CaseError):
    code = "before_submission"
    message = gettext_noop(
        "This is before the request was submitted (%(submitted_at)s). Check the time, or correct the submission time."
    )


class AfterReply(CaseError):
    """The moment of submission cannot be corrected to one after the first answer to it."""

    code = "after_reply"
    message = gettext_noop("The carrier had already replied on %(replied_at)s. The submission must be earlier.")


class BeforeReturn(CaseError):
    code = "before_return"
    message = gettext_noop("The carrier returned the request on %(returned_at)s. The resubmission must be later.")


class PromisedDayMissing(CaseError):
    code = "day_missing"
    message = gettext_noop("Enter the promised date.")


class EffectiveDayMissing(CaseError):
    code = "effective_day_missing"
    message = gettext_noop("Enter the date on which the cancellation takes effect.")


class EffectiveDayInThePast(CaseError):
    code = "effective_day_in_the_past"
    message = gettext_noop("The date on which the cancellation takes effect is before the carrier’s reply.")


class ReturnReasonMissing(CaseError):
    code = "wanted_missing"
    message = gettext_noop("Choose the reason for return.")


class PromiseInThePast(CaseError):
    code = "promise_in_the_past"
    message = gettext_noop("The promised date is before the day the promise was made.")


class PromiseFarAhead(CaseError):
    code = "promise_far_ahead"
    message = gettext_noop(
        "This date is more than %(days)s working days away, longer than a cancellation should take. Ask for an "
        "earlier date, or tick the box to accept it. You will still be reminded to complain."
    )


class NotVerified(CaseError):
    code = "not_verified"
    message = gettext_noop("Before you confirm, record a verification that found the number cancelled.")


class ReasonMissing(CaseError):
    code = "reason_missing"
    message = gettext_noop("Enter the reason.")


class DayInTheFuture(CaseError):
    code = "day_in_the_future"
    message = gettext_noop("This date is in the future. Enter when it actually happened.")


class AnswerWithoutDay(CaseError):
    code = "answer_without_day"
    message = gettext_noop("Enter the date you asked. Without a date the information may be out of date.")


class SnoozeInThePast(CaseError):
    code = "snooze_in_the_past"
    message = gettext_noop("Choose a date after today.")


class NotAMember(CaseError):
    code = "not_a_member"
    message = gettext_noop("A case can only be assigned to a manager or case worker of its team.")


class ComplaintRunning(CaseError):
    code = "complaint_runs"
    message = gettext_noop("A complaint to the carrier is already open (filed %(lodged_at)s). Record its answer first.")


class NothingOwed(CaseError):
    """A complaint or an appeal about a confirmed case of which no money is overdue."""

    code = "nothing_owed"
    message = gettext_noop(
        "The number is cancelled, and no refund is overdue and no charge disputed. Record what the carrier owes first."
    )


class AppealAboutCharges(CaseError):
    code = "appeal_about_charges"
    message = gettext_noop("The number is cancelled, so the appeal can only be about charges. Choose that subject.")


class AppealRunning(CaseError):
    code = "appeal_runs"
    message = gettext_noop("An appeal is already open (filed %(lodged_at)s). Record its answer first.")


class NothingToAnswer(CaseError):
    code = "nothing_to_answer"
    message = gettext_noop("No complaint or appeal is waiting for an answer.")


class NoComplaintYet(CaseError):
    """Measures on User Complaints, art. 10: the carrier must have been complained to first."""

    code = "no_complaint_yet"
    message = gettext_noop("Before you appeal, complain to the carrier and record the complaint here.")


class ComplaintSettled(NoComplaintYet):
    """Measures on User Complaints, art. 10 and 11: what was settled is not accepted again."""

    code = "complaint_settled"
    message = gettext_noop(
        "The complaint was recorded as settled. If the carrier does not do what it said, complain again first."
    )


class AppealTooEarly(CaseError):
    """Measures on User Complaints, art. 10: no answer within 15 days, or an unsatisfactory one."""

    code = "appeal_too_early"
    message = gettext_noop(
        "The carrier has 15 calendar days to answer the complaint. You can appeal from %(possible_from)s, or at once "
        "if the answer does not settle it. If you have already filed the appeal, tick the box: it will be recorded, "
        "but the appeal body will probably not accept it."
    )


class AppealExpired(CaseError):
    """Measures on User Complaints, art. 11: charges older than 5 months, anything else older than 2 years."""

    code = "appeal_expired"
    message = gettext_noop(
        "The time limit for this appeal ended on %(expired_on)s (5 months for charges, 2 years for anything "
        "else). If you have already filed it, tick the box: it will be recorded, but the appeal body will "
        "probably not accept it."
    )


class LetterChanged(CaseError):
    """Somebody, or another tab, saved the same draft meanwhile."""

    code = "letter_changed"
    message = gettext_noop(
        "This letter was saved elsewhere while you had it open. Nothing was overwritten: your text is below, "
        "followed by the saved version. Save again to keep yours."
    )


class LetterGone(CaseError):
    code = "letter_gone"
    message = gettext_noop(
        "This letter was finalised or deleted while you had it open. Your text is not lost: save again to start "
        "a new letter with it."
    )


class LetterIncomplete(CaseError):
    """Measures on User Complaints, art. 12: what an appeal has to say; `missing`: the names of fields."""

    code = "letter_incomplete"
    message = gettext_noop("Complete the fields marked below before you finalise. The draft is saved.")

    def __init__(self, missing: Sequence[str]) -> None:
        self.missing = missing
        super().__init__(missing=missing)


class UnknownProvince(CaseError):
    code = "no_such_province"
    message = gettext_noop("An appeal needs one of these provinces; a complaint takes none: %(provinces)s.")


class IdentityNumber(CaseError):
    """No field takes an identity number (PIPL, art. 28): no office needs it in these letters.

    `tail`: its last four digits; `part`: the letter's field that holds it, 'body' for its text, or empty.
    """

    code = "identity_number"
    message = gettext_noop(
        "This looks like an identity number (%(tail)s). Xiaoka does not store identity numbers. Remove it; if "
        "the appeal body asks for it, write it by hand on the printed letter."
    )

    def __init__(self, tail: str, part: str = "") -> None:
        self.part = part
        super().__init__(tail=tail)


class MessageAlreadyHandled(CaseError):
    code = "message_handled"
    message = gettext_noop("Someone has already handled this SMS. See the result below.")


class MessageTooOld(CaseError):
    code = "message_too_old"
    message = gettext_noop(
        "This SMS is older than the request (%(submitted_at)s), so it cannot be the reply to it. You can save it "
        "as a receipt."
    )


class NumberTaken(CaseError):
    """Params: number (masked), card (its key)."""

    code = "number_taken"
    message = gettext_noop("Another card of this team has the number %(number)s.")

    @property
    def card(self) -> int:
        """The key of the card that has the number."""
        return int(str(self.params["card"]))


class NumberErased(CaseError):
    code = "number_erased"
    message = gettext_noop("The number of this card was erased with its cases, so there is nothing to correct.")


class CardHasCases(CaseError):
    """Params: count."""

    code = "card_has_cases"
    message = gettext_noop(
        "This card has cases, so it stays with their record. If a case was logged by mistake, withdraw it as “logged "
        "by mistake”: it leaves the lists and statistics."
    )


class NumberRefused(CaseError):
    code = "number_refused"
    message = gettext_noop(
        "“%(typed)s” is not a mobile number. Enter 11 digits starting with 1, or 13 digits starting with 14 "
        "or 1064 for an IoT card. Spaces, +86 and full-width digits are fine."
    )
