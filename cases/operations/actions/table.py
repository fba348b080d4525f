"""The table of actions: one entry for each thing that can be done with a case."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.domain.case_standing import Step
from cases.domain.escalation import AppealSubject
from cases.domain.status import OPEN_STATUSES, STATUSES_WITH_CARRIER, Status
from cases.operations.actions import conditions
from cases.operations.actions.inputs import SHANGHAI_TIME, moment_input, words_input
from cases.operations.actions.money import MONEY_SPECS
from cases.operations.actions.spec import Action, ActionSpec, AdminOffer, Bulk, Input, InputKind
from cases.operations.erasure import Erase, Retain
from cases.operations.escalation import Appeal, AppealAnswered, AppealDecided, Complain, ComplaintAnswered
from cases.operations.follow_up import FollowUp, HandOver, MarkItem, Snooze
from cases.operations.receipts import AttachReceipts
from cases.operations.replies import Reply
from cases.operations.submission import CorrectSubmission, Submit, Withdraw
from cases.operations.verification import Confirm, Reopen, Verify

_SUBMITTED = (*STATUSES_WITH_CARRIER, Status.RETURNED)
_CLOSED = tuple(status for status in Status if status not in OPEN_STATUSES)
#: The next steps at which we call the carrier: the call comes first, then what it said.
_WAIT_STEPS = (Step.WAIT, Step.WAIT_EFFECT)
_CALL_STEPS = (Step.ASK_REGISTERED, Step.FIRST_CALL, Step.CHASE, Step.HOLD_TO_PROMISE, Step.READ_MESSAGE)


_ANSWER_INPUTS = (
    Input("satisfied", InputKind.YES_NO, _("Problem settled"), description="Whether the answer settles it."),
    moment_input(),
    words_input(_("Content of the answer")),
)

SPECS = (
    ActionSpec(
        Action.SUBMIT,
        Submit,
        _("Mark as submitted"),
        statuses=(Status.DRAFT, Status.RETURNED),
        first_at={Step.SUBMIT: 1, Step.RESUBMIT: 1},
        summary="Mark as submitted",
        example={
            "happened_at": "2026-10-16T10:00:00+08:00",
            "reference": "SL-4711",
            "ready": ["identity"],
            "waived": {"card": "已遗失"},
        },
    ),
    ActionSpec(
        Action.REPLY,
        Reply,
        _("Record a reply"),
        statuses=STATUSES_WITH_CARRIER,
        first_at={
            Step.WAIT: 1,
            Step.WAIT_EFFECT: 1,
            **dict.fromkeys((*_CALL_STEPS, Step.WAIT_COMPLAINT), 2),
            Step.COMPLAIN: 3,
        },
        bulk=Bulk(2, "Record a reply on several cases"),
        admin=AdminOffer(2, "under_review", _("Mark as under review")),
        summary="Record a reply",
        example={"kind": "promised", "promised_on": "2026-10-20", "agent": "工号 1024", "words": "20日前办结"},
    ),
    ActionSpec(
        Action.FOLLOW_UP,
        FollowUp,
        _("Record a follow-up"),
        statuses=(*_SUBMITTED, Status.CONFIRMED),
        first_at={
            **dict.fromkeys(_CALL_STEPS, 1),
            **dict.fromkeys((*_WAIT_STEPS, Step.COMPLAIN, Step.RESUBMIT), 2),
            Step.ASK_REFUND: 3,
        },
        bulk=Bulk(
            1,
            "Record a follow-up on several cases",
            example={"way": "call", "agent": "工号 1024", "words": "还在审核"},
        ),
        admin=AdminOffer(1, "follow_up", _("Record a follow-up")),
        summary="Record a follow-up",
        example={
            "way": "call",
            "agent": "工号 1024",
            "words": "还在审核",
            "happened_at": "2026-10-16T10:00:00+08:00",
        },
    ),
    ActionSpec(
        Action.VERIFY,
        Verify,
        _("Verify the number"),
        statuses=STATUSES_WITH_CARRIER,
        first_at={Step.VERIFY: 1},
        bulk=Bulk(3, "Record a verification of several cases"),
        admin=AdminOffer(3, "confirm", _("Verify and confirm")),
        summary="Record a verification",
        example={"method": "hotline", "finding": "cancelled", "confirm": True},
    ),
    ActionSpec(
        Action.CONFIRM,
        Confirm,
        _("Confirm as cancelled"),
        statuses=STATUSES_WITH_CARRIER,
        when=conditions.is_verified,
        inputs=(words_input(),),
        first_at={Step.VERIFY: 2},
        summary="Confirm as cancelled",
        description="Closes the case as cancelled; a verification must have found the number cancelled.",
        example={"words": "客服确认已销户"},
    ),
    ActionSpec(
        Action.COMPLAIN,
        Complain,
        pgettext_lazy("action", "Record a complaint"),
        statuses=(*_SUBMITTED, Status.CONFIRMED),
        when=conditions.can_complain,
        inputs=(
            moment_input(_("Date and time filed")),
            Input("reference", InputKind.LINE, _("Complaint reference"), max_length=60),
            words_input(_("Complaint details")),
        ),
        first_at={Step.COMPLAIN: 1, Step.ASK_REFUND: 4},
        summary="Record a complaint",
        description="A formal complaint was filed with the carrier, which has 15 calendar days to answer.",
        example={"reference": "TS-1", "words": "超期未办结"},
    ),
    ActionSpec(
        Action.COMPLAINT_ANSWER,
        ComplaintAnswered,
        pgettext_lazy("action", "Record the complaint answer"),
        statuses=tuple(Status),
        when=conditions.awaits_complaint_answer,
        inputs=_ANSWER_INPUTS,
        first_at={Step.WAIT_COMPLAINT: 1, Step.APPEAL: 2},
        summary="Record the complaint answer",
        description="The carrier answered the complaint.",
        example={"satisfied": False, "words": "答复称仍在处理"},
    ),
    ActionSpec(
        Action.APPEAL,
        Appeal,
        pgettext_lazy("action", "Record an appeal"),
        statuses=(*_SUBMITTED, Status.CONFIRMED),
        when=conditions.can_appeal,
        inputs=(
            moment_input(
                _("Date and time the appeal body received the documents"),
                _("Beijing time. The appeal body’s deadlines count from this time."),
            ),
            Input(
                "about",
                InputKind.CHOICE,
                _("Subject of the appeal"),
                choices=AppealSubject,
                labels={
                    AppealSubject.OTHER: _("Cancellation not completed"),
                    AppealSubject.CHARGES: _("Charges only (must be filed within 5 months)"),
                },
                radio=True,
                default=AppealSubject.OTHER,
                initial_from="appeal_subject",
            ),
            Input("anyway", InputKind.FLAG, _("I have already filed the appeal")),
            Input("reference", InputKind.LINE, _("Appeal reference"), max_length=60),
            words_input(),
        ),
        first_at={Step.APPEAL: 1},
        summary="Record an appeal",
        description="The appeal body has received the documents. `anyway`: filed although it is too early or too late.",
        example={"about": "other", "reference": "SS-1"},
    ),
    ActionSpec(
        Action.APPEAL_DECISION,
        AppealDecided,
        _("Record the appeal decision"),
        statuses=tuple(Status),
        when=conditions.awaits_appeal_decision,
        inputs=(
            Input("accepted", InputKind.YES_NO, _("Appeal accepted")),
            moment_input(),
            words_input(),
        ),
        first_at={Step.WAIT_APPEAL: 1, Step.ASK_APPEAL_BODY: 1},
        summary="Record the appeal decision",
        description="The appeal body accepted the appeal, or did not.",
        example={"accepted": True},
    ),
    ActionSpec(
        Action.APPEAL_ANSWER,
        AppealAnswered,
        pgettext_lazy("action", "Record the appeal answer"),
        statuses=tuple(Status),
        when=conditions.awaits_appeal_answer,
        inputs=_ANSWER_INPUTS,
        first_at={Step.WAIT_APPEAL: 2, Step.ASK_APPEAL_BODY: 2},
        summary="Record the appeal answer",
        description="The appeal body answered the appeal.",
        example={"satisfied": True, "words": "已责成办理"},
    ),
    ActionSpec(
        Action.SNOOZE,
        Snooze,
        _("Snooze reminders"),
        statuses=_SUBMITTED,
        inputs=(
            Input(
                "until",
                InputKind.DAY,
                _("Snoozed until"),
                _(
                    "No reminders until this date. Snoozing does not change the deadline. Leave blank to resume "
                    "reminders."
                ),
            ),
            words_input(),
        ),
        bulk=Bulk(5, "Snooze reminders for several cases"),
        summary="Snooze reminders",
        description="Sends no reminders before `until`; null ends the snooze.",
        example={"until": "2026-12-24"},
    ),
    ActionSpec(
        Action.HAND_OVER,
        HandOver,
        _("Reassign"),
        statuses=OPEN_STATUSES,
        inputs=(Input("handler", InputKind.MEMBER, _("Assignee"), initial_from="handler_id"), words_input()),
        bulk=Bulk(4, "Reassign several cases", example={"handler": None}),
        summary="Reassign",
        description="Sets the assignee (see `/members`); null for none.",
        example={"handler": None, "words": "交给同事"},
    ),
    ActionSpec(
        Action.CORRECT,
        CorrectSubmission,
        _("Correct the submission time"),
        statuses=STATUSES_WITH_CARRIER,
        inputs=(
            Input(
                "happened_at",
                InputKind.MOMENT,
                _("Actual submission time"),
                SHANGHAI_TIME,
                required=True,
                initial_from="submitted_at",
                argument="at",
            ),
            words_input(_("Reason for the correction"), required=True),
        ),
        summary="Correct the submission time",
        description="Use this if the submission time was logged wrongly; every deadline is recalculated.",
        example={"happened_at": "2026-09-30T14:00:00+08:00", "words": "登记时写错了"},
    ),
    ActionSpec(
        Action.WITHDRAW,
        Withdraw,
        _("Withdraw the request"),
        statuses=OPEN_STATUSES,
        inputs=(
            Input(
                "mistake",
                InputKind.FLAG,
                _("Logged by mistake"),
                _("The case leaves the lists and statistics. Its page and its record stay."),
                description="The case should never have been logged: lists and statistics leave it out.",
            ),
            words_input(_("Reason for withdrawing")),
        ),
        bulk=Bulk(6, "Withdraw several requests"),
        summary="Withdraw the request",
        description="Closes the case without a cancellation.",
        example={"words": "改为保号"},
    ),
    ActionSpec(
        Action.REOPEN,
        Reopen,
        _("Reopen"),
        statuses=(Status.CONFIRMED,),
        inputs=(words_input(_("Reason for reopening"), required=True),),
        first_at={Step.CHECK_BILL: 3},
        summary="Reopen",
        description="Reopens a case that was closed too early; a reason is required.",
        example={"words": "号码仍可拨通"},
    ),
    ActionSpec(
        Action.CHECKLIST,
        MarkItem,
        "",
        statuses=OPEN_STATUSES,
        has_page=False,
        summary="Mark a checklist item",
        example={"code": "arrears", "state": "done"},
    ),
    ActionSpec(
        Action.RECEIPTS,
        AttachReceipts,
        _("Add a receipt"),
        statuses=tuple(Status),
        has_page=False,
        bulk=Bulk(7, "Upload receipts to several cases"),
    ),
    *MONEY_SPECS,
    ActionSpec(
        Action.KEEP,
        Retain,
        _("Change retention"),
        statuses=_CLOSED,
        inputs=(
            Input(
                "keep",
                InputKind.YES_NO,
                _("Retention of this case"),
                labels={"yes": _("Keep indefinitely"), "no": _("Erase like other cases")},
                initial="yes",
                argument="retain",
            ),
            words_input(help_text=_("Reason for keeping it longer.")),
        ),
        summary="Change retention",
        description="Keeps a closed case indefinitely, or erases it like the others. For team managers only.",
        example={"keep": True, "words": "可能有争议"},
    ),
    ActionSpec(
        Action.ERASE,
        Erase,
        _("Erase now"),
        statuses=_CLOSED,
        when=conditions.is_undisputed,
        inputs=(
            Input(
                "sure",
                InputKind.CONSENT,
                _(
                    "I have exported what I need. Receipts, notes, carrier references and the number will be erased "
                    "now and cannot be recovered."
                ),
            ),
        ),
        summary="Erase now",
        description="Permanently erases the documents, notes and number of a closed case. For team managers only.",
        example={"sure": True},
    ),
)
