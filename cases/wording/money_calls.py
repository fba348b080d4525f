"""What to say, or to write, in a call about the money of many numbers: refunds that are overdue, unpaid bills."""

from django.utils.translation import ngettext


def pay_out(count: int) -> str:
    """What to say first about overdue refunds of which the sum is known; values: count, total."""
    return ngettext(
        "“Hello, I’m calling about the balance of %(count)s cancelled number, which is overdue. Please pay out "
        "%(total)s. I will read it out with the date on which it was due. When will it be paid, and who is "
        "responsible? May I have your staff number?”",
        "“Hello, I’m calling about the balances of %(count)s cancelled numbers, which are overdue. Please pay out "
        "%(total)s in all. I will read them out, each with its amount and the date on which it was due. When will "
        "each be paid, and who is responsible? May I have your staff number?”",
        count,
    )


def ask_for_refunds(count: int) -> str:
    """The same where the sum of one is not known."""
    return ngettext(
        "“Hello, I’m calling about the balance of %(count)s cancelled number, which is overdue. I will read it out "
        "with the date on which it was due. How much is it, when will it be paid, and who is responsible? May I have "
        "your staff number?”",
        "“Hello, I’m calling about the balances of %(count)s cancelled numbers, which are overdue. I will read them "
        "out, each with the date on which it was due. How much is each, when will it be paid, and who is responsible?"
        " May I have your staff number?”",
        count,
    )


def settle(count: int) -> str:
    """What to say first about requests that were returned for unpaid bills of a known sum; values: count, total."""
    return ngettext(
        "“Hello, my request to cancel %(count)s number was returned because %(total)s are unpaid. I will read it out."
        " Is that all that is due up to the cancellation date, what is it for, and how can I pay it? Once it is paid,"
        " do I have to submit again?”",
        "“Hello, my requests to cancel %(count)s numbers were returned because %(total)s are unpaid in all. I will "
        "read them out, each with its amount. Is that all that is due up to the cancellation date, what is it for, "
        "and how can I pay it? Once it is paid, do I have to submit again?”",
        count,
    )


def ask_for_arrears(count: int) -> str:
    """The same where the sum of one is not known."""
    return ngettext(
        "“Hello, my request to cancel %(count)s number was returned because of an unpaid bill. I will read it out. "
        "How much is due up to the cancellation date, what is it for, and how can I pay it? Once it is paid, do I "
        "have to submit again?”",
        "“Hello, my requests to cancel %(count)s numbers were returned because of unpaid bills. I will read them out."
        " How much is due for each up to the cancellation date, what is it for, and how can I pay it? Once it is "
        "paid, do I have to submit again?”",
        count,
    )


def paying_out_in_writing(count: int) -> str:
    """As `pay_out`, in a message."""
    return ngettext(
        "the balance of this cancelled number is overdue (%(count)s number). Please pay out %(total)s, and tell us by"
        " when it comes:",
        "the balances of these %(count)s cancelled numbers are overdue. Please pay out %(total)s in all, and tell us "
        "by when each comes:",
        count,
    )


def asking_for_refunds_in_writing(count: int) -> str:
    """As `ask_for_refunds`, in a message."""
    return ngettext(
        "the balance of this cancelled number is overdue (%(count)s number). Please tell us how much it is, pay it "
        "out, and tell us by when it comes:",
        "the balances of these %(count)s cancelled numbers are overdue. Please tell us how much each is, pay them "
        "out, and tell us by when each comes:",
        count,
    )


def settling_in_writing(count: int) -> str:
    """As `settle`, in a message."""
    return ngettext(
        "the cancellation of this number was returned because %(total)s are unpaid (%(count)s number). Please confirm"
        " that this is all that is due up to the cancellation date, and tell us how to pay it:",
        "the cancellations of these %(count)s numbers were returned because %(total)s are unpaid in all. Please "
        "confirm that this is all that is due up to the cancellation date, and tell us how to pay it:",
        count,
    )


def asking_for_arrears_in_writing(count: int) -> str:
    """As `ask_for_arrears`, in a message."""
    return ngettext(
        "the cancellation of this number was returned because of an unpaid bill (%(count)s number). Please tell us "
        "how much is due up to the cancellation date, and how to pay it:",
        "the cancellations of these %(count)s numbers were returned because of unpaid bills. Please tell us how much "
        "is due for each up to the cancellation date, and how to pay it:",
        count,
    )
