"""The guide's chapters, and the section that helps with the next step of a case."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.domain.case_standing import Step


@dataclass(frozen=True)
class Chapter:
    """`slug` is its address and the name of its template."""

    slug: str
    title: str
    about: str

    @property
    def translated_title(self) -> str:
        return _(self.title)

    @property
    def lead(self) -> str:
        return _(self.about)


CHAPTERS = (
    Chapter("steps", gettext_noop("The five steps"), gettext_noop("From preparing to verifying the cancellation.")),
    Chapter("papers", gettext_noop("What to bring"), gettext_noop("Documents, by carrier and for companies.")),
    Chapter(
        "waiting",
        gettext_noop("How long it takes"),
        gettext_noop("Usual times, what holidays change, and a calculator."),
    ),
    Chapter("delays", gettext_noop("If it takes too long"), gettext_noop("When to chase, complain and appeal.")),
    Chapter("scripts", gettext_noop("What to say on the phone"), gettext_noop("Scripts for seven situations.")),
    Chapter(
        "questions",
        gettext_noop("Common questions"),
        gettext_noop("Is it really cancelled? Which branch? Why was it refused?"),
    ),
    Chapter(
        "trust",
        gettext_noop("Avoiding fraud"),
        gettext_noop("Who may have your documents and verification codes, and who must not."),
    ),
)

# The chapter and the paragraph for each step; a step that asks for nothing has none.
_PARAGRAPHS = {
    Step.SUBMIT: ("steps", "ask"),
    Step.WAIT: ("waiting", "terms"),
    Step.WAIT_EFFECT: ("waiting", "terms"),
    Step.ASK_REGISTERED: ("scripts", "ask_registered"),
    Step.FIRST_CALL: ("delays", "first-call"),
    Step.CHASE: ("delays", "chase"),
    Step.HOLD_TO_PROMISE: ("delays", "promise"),
    Step.COMPLAIN: ("delays", "complaint"),
    Step.WAIT_COMPLAINT: ("delays", "complaint"),
    Step.APPEAL: ("delays", "appeal"),
    Step.WAIT_APPEAL: ("delays", "appeal"),
    Step.ASK_APPEAL_BODY: ("delays", "appeal"),
    Step.VERIFY: ("questions", "really"),
    Step.RESUBMIT: ("questions", "refused"),
    Step.CHECK_BILL: ("questions", "bill"),
    Step.ASK_REFUND: ("scripts", "ask_refund"),
}


def help_url(step: Step) -> str:
    """The URL of the section for a step; empty where there is none."""
    if step not in _PARAGRAPHS:
        return ""
    slug, anchor = _PARAGRAPHS[step]
    return f"{reverse('guide_chapter', args=[slug])}#{anchor}"
