"""What each door lets out: the table that test_bulk_doors.py walks, of pages, the API and the admin alike.

A row is a method and an address, with places for the things of one team, and what comes out for each of the six who
ask:

    anonymous  not signed in, or no token    other      manager of another team
    viewer     in the team                   agent      in the team
    manager    in the team                   operator   may do everything in the admin; in a team of their own

Tokens have all scopes. What comes out is one word for all six, or six:

    masked     an answer in which no number stands in full, and nothing of a receipt
    full       one in which a number stands in full; `receipts`: one with the bytes of a receipt; `full+receipts` both
    pdf        a PDF, whose text cannot be searched here: a letter, which names its number in full
    sign-in    a redirect to the sign-in; `confirm`: to where people say again who they are
    a number   that status

`SENDS` has what is sent along; before a row that is 'switched on', the team's switch of full numbers is pressed.
A route that is in no row is in `NO_NUMBERS`, by the reason why it lets nothing out;
what a manager gets from those by GET is walked as well, as far as an address of tests/web/access_matrix.py names only
things that are there, and lets out neither.
"""

from typing import Any

#: Everybody reads their own team's: of this team, which the table is about, nothing comes out for others.
_LIST = "sign-in masked masked masked masked masked"
_LIST_TO_EXPORT = "sign-in masked 403 full full masked"
#: Of the team.
_MASKED = "sign-in 404 masked masked masked 404"
#: For those who work in the team.
_SWITCHED = "sign-in 404 masked full full 404"
_SWITCHED_LIST = "sign-in masked masked full full masked"
_ONE_NUMBER = "sign-in 404 full full full 404"
_API_LIST = "401 masked masked masked masked masked"
_API_MASKED = "401 404 masked masked masked 404"
_API_ONE_NUMBER = "401 404 full full full 404"
_API_EXPORT = "401 404 403 full full 404"
#: The list that `other` and `operator` get is that of their own teams, without a case.
_API_EXPORT_LIST = "401 masked 403 full full masked"
_STAFF = "sign-in sign-in sign-in sign-in sign-in "

PAGES: dict[str, str] = {
    # Lists and searches
    "GET ": _LIST,
    "GET cases/": _LIST,
    "GET cases/?q=0005": _LIST,
    "POST cases/?q=13800000005": "sign-in 200 200 200 200 200",
    "GET search/?q=0005": _LIST,
    "POST search/?q=13800000005": "sign-in 200 200 200 200 200",
    "GET cards/": _LIST,
    "GET cards/?q=0005": _LIST,
    "GET cards/show/?q=0005": _LIST,
    "GET cards/views/?q=0005": _LIST,
    "POST cards/many/values/": "sign-in masked 403 masked masked masked",
    "POST cards/many/cancel/": "sign-in masked 403 masked masked masked",
    "POST cards/{card}/cell/": "sign-in 404 403 masked masked 404",
    "POST cards/names/user/": _LIST,
    "GET bills/": _LIST,
    "GET bills/{bill}/": _MASKED,
    "GET bills/{bill}/columns/": "sign-in 404 403 masked masked 404",
    "GET batches/": _LIST,
    "GET batches/{batch}/": _MASKED,
    "GET messages/": _LIST,
    "GET messages/?state=all&q=0005": _LIST,
    "GET statistics/": _LIST,
    "GET statistics/carriers/": _LIST,
    "GET statistics/savings/": _LIST,
    "GET statistics/savings/?teams=all": _LIST,
    "GET statistics/month/?month=2026-09": _LIST,
    "GET statistics/month/?month=2026-09&format=xlsx": _LIST,
    # One number, one receipt: each sight of a number is recorded with the card
    "GET cases/{case}/": _MASKED,
    "POST cases/{case}/number/": "sign-in 404 200 200 200 404",  # then its page has it in full
    "GET cases/{case}/follow-up/": "sign-in 404 403 masked masked 404",
    "GET cards/{card}/": _MASKED,
    "POST cards/{card}/number/": _ONE_NUMBER,
    "GET messages/{message}/": _MASKED,
    "GET cases/{case}/record/": _MASKED,
    "GET cases/{case}/receipts/{receipt}/": "sign-in 404 receipts receipts receipts 404",
    # With full numbers switched on for the session: each list, and each card, is recorded once a day
    "GET  switched on": _SWITCHED_LIST,
    "GET cases/ switched on": _SWITCHED_LIST,
    "GET search/?q=0005 switched on": _SWITCHED_LIST,
    "GET cards/ switched on": _SWITCHED_LIST,
    "GET messages/ switched on": _SWITCHED_LIST,
    "GET bills/{bill}/ switched on": _SWITCHED,
    "GET batches/{batch}/ switched on": _SWITCHED,
    "GET messages/{message}/ switched on": _SWITCHED,
    "GET cases/{case}/ switched on": _SWITCHED,
    "GET cases/{case}/follow-up/ switched on": "sign-in 404 403 full full 404",
    "GET cards/{card}/ switched on": _SWITCHED,
    # Letters name the number
    "GET cases/{case}/letters/complaint/": "sign-in 404 403 full full 404",  # what was typed into the draft
    "POST cases/{case}/letters/complaint/preview/": "sign-in 404 403 pdf pdf 404",
    "GET cases/{case}/letters/{letter}/": _MASKED,
    # Forms that hold numbers
    "GET cases/new/?card={card}": "sign-in 404 403 full full 404",
    "POST cases/new/lookup/": "sign-in masked 403 masked masked masked",
    "GET batches/new/": "sign-in masked 403 masked masked masked",
    "POST batches/new/": "sign-in masked 403 full full masked",
    "GET cards/{card}/change/": "sign-in 404 403 masked masked 404",
    "GET cards/{card}/correct/": "sign-in 404 403 403 full 404",
    "GET cards/{card}/delete/": "sign-in 404 403 403 masked 404",
    # Whoever imports a table has to check its numbers; that is recorded.
    "GET cards/import/{import}/": "sign-in 404 403 masked masked 404",
    "GET cards/import/{preview}/": "sign-in 404 403 full full 404",
    "GET cards/import/{import}/undo/": "sign-in 404 403 200 masked 404",  # an agent's own imports alone
    "GET cards/import/{import}/failed.xlsx": "sign-in 404 403 full full 404",
    "GET cards/import/template.xlsx": "sign-in masked 403 masked masked masked",
    # Exports
    "GET cases/export/": _LIST,
    "POST cases/export/": "sign-in masked masked masked masked masked",
    "POST cases/export/ full": _LIST_TO_EXPORT,
    "POST cases/export/ ticked, full": _LIST_TO_EXPORT,
    "POST cards/export/": "sign-in masked masked masked masked masked",
    "POST cards/export/ full": _LIST_TO_EXPORT,
    "POST cards/export/ ticked, full": _LIST_TO_EXPORT,
    "GET cases/{case}/dossier/": _MASKED,
    "POST cases/{case}/dossier/": _MASKED,
    "POST cases/{case}/dossier/ full": "sign-in 404 403 full full 404",
    "POST cases/{case}/dossier/ receipts": "sign-in 404 receipts receipts receipts 404",
    "POST cases/{case}/dossier/ full, receipts": "sign-in 404 403 full+receipts full+receipts 404",
    "GET cases/dossier/": _LIST,
    # Somebody else's case is not found: the form comes again.
    "POST cases/dossier/": "sign-in masked masked masked masked masked",
    "POST cases/dossier/ full": "sign-in masked 403 full full masked",
    "POST cases/dossier/ receipts": "sign-in masked 403 receipts receipts masked",
    "POST cases/dossier/ full, receipts": "sign-in masked 403 full+receipts full+receipts masked",
    "POST cases/many/": "sign-in masked 403 masked masked masked",
    # A call is made with numbers: a sheet shows them, and each card tells who saw it
    "GET calls/": "sign-in masked 403 masked masked masked",
    "GET calls/{slug}/ask/": "sign-in masked 403 masked masked masked",  # both were called about today
    "POST calls/{slug}/ask/": "sign-in 200 403 full full 200",
    "GET letters/": _LIST,
    "GET letters/{bundle}/": _MASKED,
    "POST letters/new/complaint/": "sign-in masked 403 masked masked masked",
    "POST letters/new/complaint/ preview": "sign-in masked 403 pdf pdf masked",
    # About the person
    "GET me/data/": "sign-in confirm confirm confirm confirm confirm",
    "GET me/notices/": _LIST,
    "GET teams/notices/": "sign-in masked 403 403 masked masked",
    "GET teams/{team}/audit/": "sign-in 404 403 403 masked 404",
    "GET calendar/{calendar}.ics": "masked",
}

API: dict[str, str] = {
    # Lists and searches
    "GET cases": _API_LIST,
    "GET cases?numbers=full": _API_EXPORT_LIST,
    "POST cases/search": _API_LIST,
    "POST cases/search full": _API_EXPORT_LIST,
    "GET cards": _API_LIST,
    "GET cards?numbers=full": _API_EXPORT_LIST,
    "GET batches": _API_LIST,
    "GET batches/{batch}": _API_MASKED,
    "GET messages": _API_LIST,
    # One number, one receipt
    "GET cases/{case}": _API_MASKED,
    "GET cases/{case}?numbers=full": _API_ONE_NUMBER,
    "GET cases/{case}/timeline": _API_MASKED,
    "GET cards/{card}": _API_MASKED,
    "GET cards/{card}?numbers=full": _API_ONE_NUMBER,
    "GET messages/{message}": _API_MASKED,
    "GET messages/{message}?numbers=full": _API_ONE_NUMBER,
    "GET cases/{case}/receipts": _API_MASKED,
    "GET cases/{case}/receipts/{receipt}": "401 404 receipts receipts receipts 404",
    "GET cases/{case}/receipts/{receipt}/facts": _API_MASKED,
    # Letters name the number
    "GET cases/{case}/letters": _API_MASKED,
    "GET cases/{case}/letters/complaint": "401 404 403 full full 404",
    "GET cases/{case}/letters/complaint/preview": "401 404 403 pdf pdf 404",
    # Imports
    "GET imports": "401 masked 403 masked masked masked",
    "GET imports/{import}": "401 404 403 masked masked 404",
    "GET imports/{preview}": "401 404 403 masked masked 404",
    "GET imports/{preview}/rows": "401 404 403 masked masked 404",
    "GET imports/{preview}/rows?numbers=full": "401 404 403 full full 404",
    "GET imports/{import}/failures": "401 404 403 masked masked 404",
    "GET imports/{import}/failed": "401 404 403 full full 404",
    # Exports
    "GET tables/cases?format=csv": _API_LIST,
    "GET tables/cases?format=csv&numbers=full": _API_EXPORT_LIST,
    "GET tables/cases?numbers=full": _API_EXPORT_LIST,
    "GET tables/cards?format=csv": _API_LIST,
    "GET tables/cards?numbers=full": _API_EXPORT_LIST,
    "GET cases/{case}/dossier?receipts=false": _API_MASKED,
    "GET cases/{case}/dossier": "401 404 receipts receipts receipts 404",
    "GET cases/{case}/dossier?numbers=full": "401 404 403 full+receipts full+receipts 404",
    "GET dossiers?references={case}": "401 422 receipts receipts receipts 422",
    "GET dossiers?references={case}&references={other_case}&receipts=false": "401 422 masked masked masked 422",
    "GET dossiers?references={case}&references={other_case}": "401 422 403 receipts receipts 422",
    "GET dossiers?references={case}&references={other_case}&numbers=full&receipts=false": "401 422 403 full full 422",
}

ADMIN: dict[str, str] = {
    # Over all teams, for operators alone; a list masks, a card's page shows the number and records that
    "GET admin/": _STAFF + "masked",
    "GET admin/cases/case/": _STAFF + "masked",
    "GET admin/cases/case/?q=0005": _STAFF + "masked",
    "GET admin/cases/case/{case_key}/change/": _STAFF + "masked",
    "GET admin/cases/case/act/follow_up/?cases={case_key}": _STAFF + "masked",
    "GET admin/cases/case/receipts/{receipt}/": _STAFF + "receipts",
    "GET admin/cases/card/": _STAFF + "masked",
    "GET admin/cases/card/{card}/change/": _STAFF + "full",
    "GET admin/cases/card/{card}/delete/": _STAFF + "masked",
    "GET admin/cases/card/{card}/history/": _STAFF + "masked",
    "GET admin/cases/carriermessage/": _STAFF + "masked",
    "GET admin/cases/carriermessage/{message}/change/": _STAFF + "masked",
    "GET admin/cases/notice/": _STAFF + "masked",
}
TABLE = PAGES | {f"{row.split()[0]} api/v1/{row.split(maxsplit=1)[1]}": out for row, out in API.items()} | ADMIN

_FULL = {"full_numbers": "on"}
_RECEIPTS = {"with_receipts": "on"}
_BOTH = {"references": "{case} {other_case}"}
_CASES, _CARDS, _ONE, _MANY = (
    "POST cases/export/",
    "POST cards/export/",
    "POST cases/{case}/dossier/",
    "POST cases/dossier/",
)
SENDS: dict[str, dict[str, Any]] = {
    "POST cases/new/lookup/": {"number": "13800000005"},
    "POST batches/new/": {"case": "{case}"},
    "POST calls/{slug}/ask/": {"case": "{case}"},
    "POST letters/new/complaint/": {"case": "{case}"},
    "POST letters/new/complaint/ preview": {
        "case": "{case}",
        "click": "11111111-1111-4111-8111-111111111111",
        "preview": "{slug}",
        "name": "x",
        "phone": "1",
        "signed_on": "2026-10-16",
        "carrier_name_china-mobile": "x",
        "body_china-mobile": "x",
    },
    "POST cases/many/": {"case": "{case}", "action": "follow-up"},
    _CASES: {"format": "csv"},
    f"{_CASES} full": {"format": "xlsx", **_FULL},
    f"{_CASES} ticked, full": {"format": "csv", **_FULL, **_BOTH},
    _CARDS: {"format": "csv"},
    f"{_CARDS} full": {"format": "csv", **_FULL},
    f"{_CARDS} ticked, full": {"format": "csv", "cards": "{card}", **_FULL},
    "POST cards/many/values/": {"card": "{card}"},
    "POST cards/many/cancel/": {"card": "{card}"},
    "POST cards/{card}/cell/": {"column": "plan", "value": "8元", "shown": ""},
    f"{_ONE} full": _FULL,
    f"{_ONE} receipts": _RECEIPTS,
    f"{_ONE} full, receipts": _FULL | _RECEIPTS,
    _MANY: _BOTH,
    f"{_MANY} full": _BOTH | _FULL,
    f"{_MANY} receipts": _BOTH | _RECEIPTS,
    f"{_MANY} full, receipts": _BOTH | _FULL | _RECEIPTS,
    "POST api/v1/cases/search full": {"numbers": "full"},
    "POST api/v1/cases/search": {"q": "13800000005"},
}

_ACTIONS = [
    "submit", "reply", "follow-up", "verify", "confirm", "complain", "complaint-answer", "appeal", "appeal-decision",
    "appeal-answer", "snooze", "hand-over", "correct", "withdraw", "reopen", "checklist", "charge", "bill",
    "expect-refund", "promise-refund", "receive-refund", "write-off-refund", "keep",
    "erase", "charges/<int:pk>/refund",
]  # fmt: skip
#: The other routes, by why nothing leaves by them in bulk.
_CORRECTIONS = ("undo", "void", "amend", "move")
NO_NUMBERS: dict[str, list[str]] = {
    "the form of one thing, which names its number masked, if at all": [
        "cases/new/deadlines/", "cases/<slug:reference>/checklist/", "cases/<slug:reference>/receipts/",
        "cases/<slug:reference>/charges/<int:pk>/", "cases/<slug:reference>/letters/<slug:kind>/throw-away/",
        "bills/new/", "bills/<int:pk>/findings/", "bills/<int:pk>/remove/", "batches/<int:pk>/answer/", "cards/import/",
        "cards/import/<int:pk>/do/", "cards/new/", "cards/columns/", "cards/columns/<int:pk>/",
        "cards/columns/<int:pk>/move/", "cards/columns/<int:pk>/delete/", "cards/views/<int:pk>/",
        "cases/show/", "cases/views/", "cases/views/<int:pk>/",
        "messages/<int:pk>/case/", "messages/<int:pk>/set-aside/",
        "messages/paste/", "messages/import/", "acts/<uuid:token>/undo/",
        *(f"cases/<slug:reference>/entries/<int:sequence>/{act}/" for act in (*_CORRECTIONS, "reading")),
        "in/<str:secret>/", "in/<str:secret>",
    ],
    "answers with the one case, masked": [
        *(f"api/v1/cases/<slug:reference>/{action}" for action in _ACTIONS),
        *(f"api/v1/cases/<slug:reference>/entries/<int:sequence>/{act}" for act in _CORRECTIONS),
    ],
    "a few results as they are typed for, masked (tests/web/test_palette.py)": ["palette/"],
    "answers with what was recorded or refused, by reference": [
        "api/v1/bulk/follow-up", "api/v1/bulk/reply", "api/v1/bulk/verify", "api/v1/bulk/hand-over",
        "api/v1/bulk/snooze", "api/v1/bulk/withdraw", "api/v1/bulk/undo", "api/v1/bulk/receipts", "api/v1/bulk/cases",
        "api/v1/batches/<int:pk>/answer", "api/v1/imports/<int:pk>/columns", "api/v1/imports/<int:pk>/reading",
        "api/v1/imports/<int:pk>/cells", "api/v1/imports/<int:pk>/carriers", "api/v1/imports/<int:pk>/run",
        "api/v1/imports/<int:pk>/take-back",
        "api/v1/imports/<int:pk>/stop", "api/v1/messages/<int:pk>/case", "api/v1/messages/<int:pk>/record",
        "api/v1/messages/<int:pk>/set-aside", "api/v1/cards/<int:pk>/number",
        "api/v1/cases/<slug:reference>/letters/<slug:kind>/final",
    ],
    "days, sums and names of carriers": [
        "messages/figures/",
        "api/v1/cases/<slug:reference>/deadlines", "api/v1/carriers", "api/v1/carriers/<slug:carrier>",
        "api/v1/carriers/<slug:carrier>/branches", "api/v1/carriers/<slug:carrier>/branches/<int:pk>",
        "api/v1/deadlines", "api/v1/statistics", "api/v1/statistics/overview", "api/v1/statistics/carriers",
        "api/v1/statistics/savings",
        "api/v1/statements/<slug:month>", "carriers/", "carriers/<slug:slug>/", "carriers/<slug:slug>/branches/new/",
        "carriers/<slug:slug>/branches/<int:pk>/",
    ],
    "the account, the team and their settings": [
        "api/v1/me", "api/v1/members", "api/v1/card-columns",
        "me/", "me/reminders-now/", "me/close/", "me/tokens/", "me/tokens/<int:pk>/revoke/", "me/calendar/",
        "<whose:whose>/channels/", "<whose:whose>/channels/new/<str:kind>/", "<whose:whose>/channels/<int:pk>/",
        "<whose:whose>/channels/<int:pk>/test/", "<whose:whose>/channels/<int:pk>/switch/",
        "<whose:whose>/channels/<int:pk>/remove/", "teams/", "teams/new/", "teams/switch/", "teams/<int:pk>/",
        "teams/<int:pk>/tokens/", "teams/<int:pk>/tokens/<int:token>/revoke/", "teams/<int:pk>/name/",
        "teams/<int:pk>/keep/", "teams/<int:pk>/sender/",
        "teams/<int:pk>/numbers/", "teams/<int:pk>/numbers/switch/", "teams/<int:pk>/delete/",
        "teams/<int:pk>/leave/", "teams/<int:pk>/invitations/", "teams/<int:pk>/invitations/<int:invitation>/revoke/",
        "teams/<int:pk>/members/<int:member>/role/", "teams/<int:pk>/members/<int:member>/remove/",
        "teams/forwarders/", "teams/forwarders/new/<str:kind>/", "teams/forwarders/<int:pk>/",
        "teams/forwarders/<int:pk>/heard/", "teams/forwarders/<int:pk>/do/", "teams/language-model/",
        "teams/language-model/do/", "invitations/<str:secret>/",
        "welcome/<str:token>/", "language/",
    ],
    "the same for everybody, whatever is stored": [
        "favicon.ico", "api/v1/docs", "api/v1/openapi.json", "api/v1/", r"api/v1/(?P<rest>[\s\S]*)$", "proof/",
        "proof/key.pem", "guide/", "guide/example/", "guide/<slug:slug>/", "styleguide/",
    ],
}  # fmt: skip
#: Whole parts, by the beginning of their routes: libraries' pages about accounts, and registers without numbers.
NO_NUMBERS_BELOW = (
    ".well-known/", "sign-", "password/", "me/confirm/", "me/email/", "me/password/", "me/sessions/", "second-factor/",
    "admin/login/", "admin/logout/", "admin/password_change/", "admin/autocomplete/", "admin/jsi18n/", "admin/r/",
    "admin/auth/", "admin/django_q/", "admin/(?P", "admin/cases/(", "admin/(?P<app_label>",
    "admin/cases/message/", "admin/cases/completeyear/",
    *(f"admin/cases/{name}/" for name in (
        "accountmail", "appealbody", "calendaroverride", "publishedyear", "carrier", "branch", "forwarder",
        "languagemodel", "user", "team",
    )),
    # Pages of the registers above that have no list: to add, to delete, the object's own address.
    *(f"admin/cases/{name}/{page}" for name in ("case", "card", "carriermessage", "notice")
      for page in ("add/", "<path:object_id>/")),
)  # fmt: skip
