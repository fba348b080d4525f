"""What a carrier's message can say about a cancellation; how that is read is `cases.formats.sms`."""

from enum import StrEnum

from cases.domain.errors import gettext_noop


class Meaning(StrEnum):
    """What a message says about a cancellation."""

    REGISTERED = "registered"
    UNDER_REVIEW = "under_review"
    MORE_PAPERS = "more_papers"
    REFUSED = "refused"
    PROMISED = "promised"
    PRECANCELLED = "precancelled"
    DONE = "done"
    CODE = "code"
    MARKETING = "marketing"
    #: Another card or service, a bill.
    UNRELATED = "unrelated"
    #: A person must look: better than a guess.
    AMBIGUOUS = "ambiguous"


MEANING_LABELS: dict[str, str] = {
    Meaning.REGISTERED: gettext_noop("Acknowledged"),
    Meaning.UNDER_REVIEW: gettext_noop("Under review"),
    Meaning.MORE_PAPERS: gettext_noop("More documents needed"),
    Meaning.REFUSED: gettext_noop("Refused"),
    Meaning.PROMISED: gettext_noop("Date promised"),
    Meaning.PRECANCELLED: gettext_noop("Pending cancellation (can be revoked)"),
    Meaning.DONE: gettext_noop("Done"),
    Meaning.CODE: gettext_noop("Verification code"),
    Meaning.MARKETING: gettext_noop("Marketing"),
    Meaning.UNRELATED: gettext_noop("Something else"),
    Meaning.AMBIGUOUS: gettext_noop("Unclear: needs a person"),
}
