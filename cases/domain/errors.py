"""Errors of the domain: a name, an English msgid, and the values that fill it.

Nothing here is translated: the page that shows an error does that (`cases.wording.error_message`), so the same error
speaks to a browser, an operator in the admin, a command line and a program.
"""

from collections.abc import Sequence
from typing import ClassVar


def gettext_noop(message: str) -> str:
    """Mark a msgid for the catalogue without translating it; the domain imports no Django."""
    return message


class CaseError(Exception):
    """Something a person asked for that the rules do not allow.

    `code` names the error for programs, `message` is its msgid with %(name)s places, `params` fill them.
    """

    code: ClassVar[str] = "refused"
    message: str = gettext_noop("This is not possible.")
    #: The form field that the sentence belongs to, where one does.
    field: str | None = None

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.message % params)


class WrongTransition(CaseError):
    code = "wrong_transition"
    message = gettext_noop("A case that is “%(from_status)s” cannot become “%(to_status)s”.")


class WrongState(CaseError):
    """A verb that changes no status, asked for where it has no meaning."""

    code = "wrong_state"
    message = gettext_noop("This cannot be recorded while the case is “%(from_status)s”.")


class ChangedMeanwhile(CaseError):
    code = "changed_meanwhile"
    message = gettext_noop(
        "Somebody changed this case while you had it open. Nothing of yours was saved yet: "
        "look at how it stands now, then send again if it still fits."
    )


class NotReady(CaseError):
    """The request is about to be submitted, and required items of the checklist are open; params: items."""

    code = "not_ready"
    message = gettext_noop(
        "Not ready to be handed in yet: %(items)s. Settle each, or say why it is not needed. If the request is out "
        "already, record that instead."
    )


class OpenCaseExists(CaseError):
    code = "open_case_exists"
    message = gettext_noop("This card already has an open case: %(reference)s.")
    field = "number"


class InTheFuture(CaseError):
    code = "in_the_future"
    message = gettext_noop("This moment lies in the future. Enter when it really happened.")
    field = "happened_at"


class BeforeSubmission(CaseError):
    code = "before_submission"
    message = gettext_noop("This lies before the request was submitted (%(submitted_at)s).")
    field = "happened_at"


class AfterReply(CaseError):
    """The moment of submission cannot be corrected to one after the first answer to it."""

    code = "after_reply"
    message = gettext_noop("The carrier answered at %(replied_at)s already: it was submitted before that.")
    field = "happened_at"


class BeforeReturn(CaseError):
    code = "before_return"
    message = gettext_noop("The carrier returned the request at %(returned_at)s: it was submitted again after that.")
    field = "happened_at"


class PromiseInThePast(CaseError):
    code = "promise_in_the_past"
    message = gettext_noop("The promised day lies before the day on which it was promised.")
    field = "promised_on"


class PromiseFarAhead(CaseError):
    code = "promise_far_ahead"
    message = gettext_noop(
        "That is more than %(days)s working days ahead, longer than a cancellation should take. "
        "Ask for an earlier date, or tick that you accept it: reminders to complain keep counting."
    )
    field = "accept_far"


class NotVerified(CaseError):
    code = "not_verified"
    message = gettext_noop(
        "Nobody has checked yet that the number is cancelled. Record a check that found it cancelled first."
    )


class ReasonMissing(CaseError):
    code = "reason_missing"
    message = gettext_noop("Say why: the record needs a reason here.")
    field = "words"


class DayInTheFuture(CaseError):
    code = "day_in_the_future"
    message = gettext_noop("This day lies in the future. Enter when it really happened.")
    field = "day"


class AnswerWithoutDay(CaseError):
    code = "answer_without_day"
    message = gettext_noop("Say on which day that was asked; an answer without a day proves nothing.")
    field = "asked_on"


class NotAMember(CaseError):
    code = "not_a_member"
    message = gettext_noop("A case can only be handed to a manager or an agent of its team.")
    field = "handler"


class ComplaintRunning(CaseError):
    code = "complaint_runs"
    message = gettext_noop("A complaint to the carrier is already running (lodged %(lodged_at)s).")


class AppealRunning(CaseError):
    code = "appeal_runs"
    message = gettext_noop("An appeal is already running (lodged %(lodged_at)s).")


class NothingToAnswer(CaseError):
    code = "nothing_to_answer"
    message = gettext_noop("There is no complaint or appeal here that waits for an answer.")


class NoComplaintYet(CaseError):
    """Measures on User Complaints, art. 10: the carrier must have been complained to first."""

    code = "no_complaint_yet"
    message = gettext_noop("An appeal needs a complaint to the carrier first; none is recorded here.")


class ComplaintSettled(NoComplaintYet):
    """Measures on User Complaints, art. 10 and 11: what was settled is not accepted again."""

    code = "complaint_settled"
    message = gettext_noop(
        "The complaint was answered to your satisfaction. If the carrier does not do what it said, complain again "
        "first."
    )


class AppealTooEarly(CaseError):
    """Measures on User Complaints, art. 10: no answer within 15 days, or an unsatisfactory one."""

    code = "appeal_too_early"
    message = gettext_noop(
        "The carrier has 15 days to answer the complaint. An appeal is possible from %(possible_from)s, "
        "or at once after an unsatisfactory answer. If it was lodged all the same, tick so: the record says what "
        "happened, and the appeal body will probably refuse it."
    )
    field = "anyway"


class AppealExpired(CaseError):
    """Measures on User Complaints, art. 11: charges older than 5 months, anything else older than 2 years."""

    code = "appeal_expired"
    message = gettext_noop(
        "Appeals about this were taken until %(expired_on)s: 5 months for charges, 2 years for anything else. If it "
        "was lodged all the same, tick so: the record says what happened, and the appeal body will probably refuse it."
    )
    field = "anyway"


class LetterChanged(CaseError):
    """Somebody, or another tab, saved the same draft meanwhile."""

    code = "letter_changed"
    message = gettext_noop(
        "This letter was saved elsewhere while you had it open. Nothing was overwritten: your text stands below as "
        "you typed it, and under it the one that is saved. Save again to keep yours."
    )


class LetterGone(CaseError):
    code = "letter_gone"
    message = gettext_noop(
        "This letter was made final, or thrown away, while you had it open. Nothing of yours is lost: save again to "
        "begin a new one with your text."
    )


class LetterIncomplete(CaseError):
    """Measures on User Complaints, art. 12: what an appeal has to say; `missing`: the names of fields."""

    code = "letter_incomplete"
    message = gettext_noop("Before it is final, the letter needs what is marked below. The draft is saved.")

    def __init__(self, missing: Sequence[str]) -> None:
        self.missing = missing
        super().__init__(missing=missing)


class IdentityNumber(CaseError):
    """No field takes an identity number (PIPL, art. 28): no office needs it in these letters."""

    code = "identity_number"
    message = gettext_noop(
        "This looks like an identity number (%(tail)s). The product keeps none: leave it out, and write it by hand "
        "on the printed letter if an office asks for it."
    )


class MessageAlreadyHandled(CaseError):
    code = "message_handled"
    message = gettext_noop("Somebody has dealt with this message already. Look at what became of it.")


class MessageTooOld(CaseError):
    code = "message_too_old"
    message = gettext_noop(
        "This message is older than the request (%(submitted_at)s), so it cannot be the answer to it. "
        "It can be kept on the record."
    )


class FileRefused(CaseError):
    """A receipt that cannot be taken; the subclasses say why."""

    code = "file_refused"
    field = "uploads"


class FileEmpty(FileRefused):
    code = "file_empty"
    message = gettext_noop("“%(name)s” is empty. Choose the file again; nothing was stored.")


class FileTooLarge(FileRefused):
    code = "file_too_large"
    message = gettext_noop("“%(name)s” is larger than %(limit)s MB. Send a smaller scan or photo.")


class FileTypeRefused(FileRefused):
    code = "file_type_refused"
    message = gettext_noop(
        "“%(name)s” is not a kind of file that can be kept as a receipt, whatever its name says. "
        "Accepted: PDF, JPEG, PNG, HEIC, WebP, recordings (AMR, M4A, MP3, OGG) and plain text."
    )


class PictureTooLarge(FileRefused):
    code = "picture_too_large"
    message = gettext_noop(
        "“%(name)s” unfolds to more than %(limit)s million pixels. Send a smaller picture of the same paper."
    )


class FilePolyglot(FileRefused):
    code = "file_is_two"
    message = gettext_noop(
        "“%(name)s” hides a second file or a web page inside. Make a new scan, photo or PDF of the paper and send that."
    )


class NumberRefused(CaseError):
    code = "number_refused"
    message = gettext_noop(
        "“%(typed)s” is not a mobile number. Enter 11 digits that begin with 1 (or 13 digits that begin "
        "with 14 for an IoT card); spaces, +86 and full-width digits are fine."
    )
    field = "number"
