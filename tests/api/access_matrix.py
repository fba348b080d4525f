"""Who gets what from each endpoint: the table that test_isolation.py walks.

A row is a method, an address with places for the things of one team, and what each of the six who ask gets:

    nobody     no token                 outsider   manager of another team, all scopes
    viewer     in the team, all scopes  agent      in the team, all scopes
    manager    in the team, all scopes  reader     the manager's other token, with the scope `read` alone

One number stands for all but nobody, who gets 401 always. What is sent along is an empty object unless `SENDS` says
otherwise: whoever may do it is told what is missing (422), or with the right body that it is done.
"""

from typing import Any

READ = "200"
#: Of the team: everybody else is told that there is nothing.
THING = "404 200 200 200 200"
#: Of the team, for those who work there.
FOR_WORK = "404 403 200 200 200"
#: Something new for the team that the token is for.
NEW = "422 403 422 422 403"

#: Done by whoever may work.
DO = "404 403 200 200 403"
#: What a case that is overdue allows, and what it does not.
DONE = (
    "reply", "follow-up", "verify", "complain", "snooze", "hand-over", "correct", "withdraw", "checklist", "charge",
)  # fmt: skip
IN_THE_WAY = (
    "submit", "confirm", "complaint-answer", "appeal", "appeal-decision", "appeal-answer", "reopen", "bill",
    "expect-refund", "promise-refund", "receive-refund", "write-off-refund",
)  # fmt: skip

TABLE: dict[str, str] = {
    "GET me": READ,
    "GET members": READ,
    "GET carriers": READ,
    "GET carriers/{slug}": READ,
    "GET carriers/{slug}/branches": READ,
    "POST carriers/{slug}/branches": NEW,
    "PUT carriers/{slug}/branches/{branch}": "404 403 200 200 403",
    "DELETE carriers/{slug}/branches/{branch}": "404 403 204 204 403",
    "GET deadlines": READ,
    "GET statistics": READ,
    "GET statistics/overview": READ,
    "GET statistics/carriers": READ,
    "GET statistics/savings": READ,
    "GET statements/2026-09": READ,
    "GET cases": READ,
    "POST cases": NEW,
    "POST cases/search": READ,
    "GET cases/{case}": THING,
    "GET cases/{case}?numbers=full": "404 200 200 200 403",
    "GET cases?numbers=full": "200 403 200 200 403",
    "GET cases/{case}/timeline": THING,
    "GET cases/{case}/deadlines": THING,
    "GET cards": READ,
    "GET card-columns": READ,
    "GET cards?numbers=full": "200 403 200 200 403",
    "POST cards": NEW,
    "GET cards/{card}": THING,
    "GET cards/{card}?numbers=full": "404 200 200 200 403",
    "PATCH cards/{card}": "404 403 200 200 403",
    "POST cards/{card}/number": "404 403 403 200 403",
    "DELETE cards/{card}": "404 403 403 409 403",
    "GET cases/{case}/receipts": THING,
    "POST cases/{case}/receipts": "404 403 415 415 403",
    "GET cases/{case}/receipts/{receipt}": THING,
    "GET cases/{case}/receipts/{receipt}/facts": THING,
    **{f"POST cases/{{case}}/{action}": DO for action in DONE},
    **{f"POST cases/{{case}}/{action}": "404 403 409 409 403" for action in IN_THE_WAY},
    "POST cases/{case}/keep": "404 403 403 409 403",
    "POST cases/{case}/erase": "404 403 403 409 403",
    "POST cases/{case}/charges/{charge}/refund": DO,
    "POST cases/{case}/entries/3/undo": "404 403 403 200 403",  # a receipt, just added by the manager
    "POST cases/{case}/entries/3/void": "404 403 403 200 403",
    "POST cases/{case}/entries/3/amend": "404 403 403 409 403",
    "POST cases/{case}/entries/3/move": "404 403 422 422 403",
    "GET batches": READ,
    "POST batches": NEW,
    "GET batches/{batch}": THING,
    "POST batches/{batch}/answer": DO,
    "GET messages": READ,
    "POST messages": NEW,
    "GET messages/{message}": THING,
    "GET messages/{message}?numbers=full": "404 200 200 200 403",
    "POST messages/{message}/case": DO,
    "POST messages/{message}/record": "404 403 409 409 403",
    "POST messages/{message}/set-aside": DO,
    "POST bulk/cases": NEW,
    "POST bulk/receipts": "415 403 415 415 403",
    **{f"POST bulk/{action}": NEW for action in ("follow-up", "reply", "verify", "hand-over", "snooze", "withdraw")},
    "POST bulk/undo": "409 403 409 409 403",  # nothing was sent with that key
    "GET cases/{case}/dossier": THING,
    "GET cases/{case}/dossier?numbers=full": "404 403 200 200 403",
    "GET dossiers?references={case}": "422 200 200 200 200",
    "GET dossiers?references={case}&numbers=full": "422 403 200 200 403",
    "GET tables/cases": READ,
    "GET tables/cases?numbers=full": "200 403 200 200 403",
    "GET tables/cards?format=csv": READ,
    "GET tables/cards?format=csv&numbers=full": "200 403 200 200 403",
    "GET imports": "200 403 200 200 200",
    "POST imports": "415 403 415 415 403",
    "GET imports/{table}": FOR_WORK,
    "PUT imports/{table}/columns": DO,
    "PUT imports/{table}/reading": DO,
    "PUT imports/{table}/cells": DO,
    "PUT imports/{table}/carriers": DO,
    "GET imports/{table}/rows": FOR_WORK,
    "GET imports/{table}/rows?numbers=full": "404 403 200 200 403",
    "POST imports/{table}/run": DO,
    "POST imports/{table}/stop": DO,
    "POST imports/{table}/take-back": "404 403 409 409 403",
    "GET imports/{table}/failures": FOR_WORK,
    "GET imports/{table}/failed": FOR_WORK,
    "GET cases/{case}/letters": THING,
    "GET cases/{case}/letters/complaint": FOR_WORK,
    "PUT cases/{case}/letters/complaint": DO,
    "DELETE cases/{case}/letters/appeal": "404 403 204 204 403",
    "GET cases/{case}/letters/complaint/preview": "404 403 200 200 403",
    "POST cases/{case}/letters/appeal/final": "404 403 422 422 403",
    "GET nothing/at/all": "404",
}
#: What is sent where an empty object is not enough to be done, or to be refused for what one may.
SENDS: dict[str, Any] = {
    "PUT carriers/{slug}/branches/{branch}": {"name": "x"},
    "POST cards/{card}/number": {"number": "13900139000", "words": "x"},
    "PUT imports/{table}/columns": {"columns": ["number"]},
    "PUT imports/{table}/cells": {"fixes": [{"row": 2, "column": 0, "text": "13800000000"}]},
    "PUT imports/{table}/carriers": {"name": "老王通讯", "carrier": "{slug}"},
    "POST cases/{case}/reply": {"kind": "under_review"},
    "POST cases/{case}/verify": {"method": "hotline", "finding": "alive"},
    "POST cases/{case}/complaint-answer": {"satisfied": True},
    "POST cases/{case}/appeal-answer": {"satisfied": True},
    "POST cases/{case}/appeal-decision": {"accepted": True},
    "POST cases/{case}/snooze": {"until": "2026-10-20"},
    "POST cases/{case}/hand-over": {"handler": None},
    "POST cases/{case}/correct": {"happened_at": "2026-09-30T14:00:00+08:00", "words": "x"},
    "POST cases/{case}/reopen": {"words": "x"},
    "POST cases/{case}/checklist": {"code": "card"},
    "POST cases/{case}/charge": {"amount": "8.00"},
    "POST cases/{case}/expect-refund": {"amount": "8.00", "due_on": None},
    "POST cases/{case}/promise-refund": {"promised_on": "2026-10-20"},
    "POST cases/{case}/receive-refund": {"amount": "8.00"},
    "POST cases/{case}/write-off-refund": {"words": "x"},
    "POST cases/{case}/keep": {"keep": True, "words": "x"},
    "POST cases/{case}/erase": {"sure": True},
    "POST cases/{case}/charges/{charge}/refund": {"on": "2026-10-16"},
    "POST bulk/undo": {"idempotency_key": "x"},
    "POST cases/{case}/entries/3/void": {"words": "x"},
    "POST cases/{case}/entries/3/amend": {"words": "x"},
    "POST cases/{case}/entries/3/move": {"case": "{case}"},
    "POST batches/{batch}/answer": {"done": ["13800000005"]},
    "POST messages/{message}/case": {"case": "{case}"},
    "POST messages/{message}/record": {"kind": "message"},
}
