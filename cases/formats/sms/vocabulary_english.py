"""The words of English messages, by the classes of `vocabulary`; phrases, parted by commas."""

ENGLISH_BY_KIND: dict[str, str] = {
    "cancel": """
        cancel, cancels, cancelling, canceling, cancellation, number cancellation, account cancellation, close,
        closing, closure, account closure, terminate, terminating, termination, deregistration, deregister,
        deactivation, deactivate, disconnection, disconnect, cancelled, canceled, terminated, closed, cut,
        deactivated, deregistered, disconnected, dismantled, dismantle machine, pin household, sold household, be off,
        log out the number
    """,
    "gone": """
        number does not exist, is gone, agent confirms closed, is closed since, withdrew the net, already withdrew the
        net, service terminated, no longer in service, is now closed, dismantling machine is already completed
    """,
    "closed": "ticket has been closed, ticket closed, closed as, is hereby closed",
    "skip": """
        once cancelled, nothing moves, closes the ticket, the sim, secondary cards are gone, before cancellation,
        before termination, close to, please wait, please wait for, please be patient, please back up, please be
        careful, thank you, closing of your, if you did not, ignore this, no action is needed, no action needed, not
        okay, in case
    """,
    "pre": """
        pre-cancellation, pre-cancellation status, pre-closure, pre-closure state, pre-cancelled, precancelled,
        suspended pending termination, suspended pending cancellation, yu xiao hu, pending termination, revivable,
        half-dead
    """,
    "cooling": """
        cooling-off period, cooling off period, retention period, reservation period, grace period, can undo, can
        still undo, may restore, may withdraw, can still call it back, days from today to revoke, can be restored,
        undo possible, regret period, can cancel the cancellation, want wake up, kept for, to withdraw your closure,
        to revoke, restore it within
    """,
    "request": "application, request, closing application, service request",
    "order": "ticket, order, case, file, form",
    "audit": "verification, approval, review, settlement",
    "pass": "has passed, granted, approved, has been approved, approval received, has approved, adopted",
    "past": "has been, have been, was, were, been, already, just, successfully, we have, has, have, i have, is now",
    "future": """
        will, will be, going to be, is going to be, would, promises, should be, to be, shall be, intend
        to, is scheduled, are scheduled
    """,
    "promise": "at the latest, guarantee, promise, i guarantee",
    "neg": "not, not yet, no, never, without, neither, nothing",
    "cannot": "cannot, can not, can't, unable, could not, cannot be, does not conform",
    "can": "you may, you can, may, can",
    "cond": "if, once, unless, until, in case of, otherwise, should you, as soon as, only afterwards",
    "success": "success, successful, completed, completed successfully, done, finished, took effect",
    "register": """
        accepted, received, registered, submitted, logged, lodged, recorded, opened a ticket, handed in, stamped it,
        into our system, took down, re-applied, put the line into, filed
    """,
    "registered": """
        rcvd, opened a ticket, gave me ticket, logged under, handed in the form, stamped it, re-applied, has been
        accepted, has been received, has been submitted, have received, noted with thanks, submitted successfully
    """,
    "review": """
        under review, in progress, being handled, being processed, being verified, being checked, pending, still
        pending, is being, we are checking, is confirming, still with, is now with, in the examination, being
        reviewed, waiting for approval, under check, awaiting, are looking at it, what is left
    """,
    "refused": """
        rejected, refused, failed, fail, fails, declined, has been returned, was returned, we regret, said no, tore up
        the form, threw an error, no cancellation order, no record, cannot do, ban bu liao, not accepted, handles
        fail, not eligible, not successful, failure, lapsed, says no, temporarily not support, no such order
    """,
    "papers": """
        please upload, please provide, please send, please reply, please bring, please visit, must visit, has to be
        shown, is required, we need, they want, again pass on, please open the link, come back with, kindly settle,
        requires a, reply y, on hold, needs your, you must, must come again, must come, asks for, waiting for
        customer, to confirm closing, to proceed, to continue, please return, please in
    """,
    "reason": "contract in force, instalment, primary card, shared plan, secondary cards",
    "arrears": "outstanding amount, penalty, arrears",
    "fixed": "broadband, iptv box, tv service, set-top box",
    "other": """
        roaming, ringtone, family data group, teams account, wlan, port-out, porting, email account, mailbox, bank
        card, courier, member relation
    """,
    "bill": "your bill, bill for, data in your plan, top up, invoice for",
    "offer": "enjoy, gift, free data, months free, win-back, bonus, % off",
    "retain": "leaving us, we miss you, stay and, come back to",
    "unsub": "reply t to stop, unsubscribe here, t&c apply",
    "survey": "rate us, how was your experience",
    "ask": "did anybody, does anybody, do you know",
}
