"""Who gets what behind each address: the table that test_isolation.py walks.

An address here is a real one, with places for the things of one team (`{case}`, `{card}` …); which route it belongs to
is asked of Django. A new route needs an address here: take the kind of row that fits, or say for each of the six who
ask what they get:

    nobody     not signed in            outsider   manager of another team
    viewer     in the team              agent      in the team
    manager    in the team              staff      may do everything in the admin; in a team of their own

`ok` is a page, a file, a redirect to somewhere useful, or a form that says what it misses; `sign-in` a redirect to
the sign-in; `confirm` one to where people say again who they are; a number is that status. One word stands for all
six. HEAD gets what GET gets. PUT, PATCH, DELETE and OPTIONS are never `ok`, except where
`others` says so; it may name another status.
"""

from typing import Any, NamedTuple


class Row(NamedTuple):
    get: str
    post: str
    sends: dict[str, Any] = {}
    others: str = ""


#: About the person, or lists of the team that one is in: everybody has these.
OWN_PAGE = Row("sign-in ok ok ok ok ok", "405")
OWN_FORM = Row("sign-in ok ok ok ok ok", "sign-in ok ok ok ok ok")
OWN_PRESS = Row("405", "sign-in ok ok ok ok ok")
#: To add something to the team that one is in.
NEW_PAGE = Row("sign-in ok 403 ok ok ok", "405")
NEW_PRESS = Row("405", "sign-in ok 403 ok ok ok")
NEW_FORM = Row("sign-in ok 403 ok ok ok", "sign-in ok 403 ok ok ok")
#: About something of the team.
PAGE = Row("sign-in 404 ok ok ok 404", "405")
LOOK = Row("405", "sign-in 404 ok ok ok 404")
FORM = Row("sign-in 404 403 ok ok 404", "sign-in 404 403 ok ok 404")
PRESS = Row("405", "sign-in 404 403 ok ok 404")
#: For the team's managers.
MANAGERS_FORM = Row("sign-in 404 403 403 ok 404", "sign-in 404 403 403 ok 404")
MANAGERS_PRESS = Row("405", "sign-in 404 403 403 ok 404")
#: Of the team that one is in; managers of other teams see their own under the same address.
MANAGERS_LIST = Row("sign-in ok 403 403 ok ok", "405")
MANAGERS_NEW = Row("sign-in ok 403 403 ok ok", "sign-in ok 403 403 ok ok")
#: Something that belongs to the manager alone.
MINE_FORM = Row("sign-in 404 404 404 ok 404", "sign-in 404 404 404 ok 404")
MINE_PRESS = Row("405", "sign-in 404 404 404 ok 404")
#: For everybody, or whoever knows the secret in the address.
OPEN_PAGE = SECRET_PAGE = Row("ok", "405")
OPEN_FORM = SECRET_FORM = Row("ok", "ok")
GONE = Row("404", "404")
#: The admin. Whatever method comes, only staff get further than the sign-in.
STAFF = Row("sign-in sign-in sign-in sign-in sign-in ok", "sign-in sign-in sign-in sign-in sign-in ok", others="staff")

#: allauth's pages about accounts; some of them take PUT for POST.
_NONE = "sign-in 404 404 404 404 404"
_ASKED = "sign-in confirm confirm confirm confirm confirm"
_LOOKED_AT = Row("ok", "405", others="ok")
_LISTED = Row("sign-in ok ok ok ok ok", "sign-in 405 405 405 405 405", others="ok")
_ONES_OWN = OWN_FORM._replace(others="ok")
_OPEN = OPEN_FORM._replace(others="ok")
SIGNING_IN = {
    "sign-in/": _OPEN,
    "sign-in/inactive/": _LOOKED_AT,
    "sign-up/": _OPEN,
    "sign-out/": Row("405", "sign-in"),
    "password/": _OPEN,
    "password/sent/": _LOOKED_AT,
    "password/done/": _LOOKED_AT,
    "password/{reset}/": _OPEN,
    "me/confirm/": _ONES_OWN,
    "me/email/": _ONES_OWN,
    "me/email/sent/": _LOOKED_AT,
    "me/email/confirm/nothing/": Row("ok", "404", others="ok"),
    "me/password/": _ONES_OWN,
    "me/password/set/": _ONES_OWN,
    "me/sessions/": _ONES_OWN,
    "second-factor/": _LISTED,
    "second-factor/authenticate/": _ONES_OWN,
    "second-factor/reauthenticate/": _ONES_OWN,
    "second-factor/totp/activate/": _ONES_OWN,
    "second-factor/totp/deactivate/": Row(  # only staff have one here
        "sign-in 404 404 404 404 ok", "sign-in 404 404 404 404 ok", others="ok"
    ),
    "second-factor/recovery-codes/": Row(_NONE, "sign-in 405 405 405 405 405", others="ok"),
    "second-factor/recovery-codes/generate/": _ONES_OWN,
    "second-factor/recovery-codes/download/": Row(_NONE, _NONE, others="ok"),
    "second-factor/webauthn/": _LISTED,
    "second-factor/webauthn/add/": _ONES_OWN,
    "second-factor/webauthn/login/": _ONES_OWN,
    "second-factor/webauthn/reauthenticate/": _ONES_OWN,
    # Somebody else's passkey: 404, once one has said again who one is (test_signing_in.py).
    "second-factor/webauthn/keys/{passkey}/edit/": Row(_ASKED, _ASKED, others="ok"),
    "second-factor/webauthn/keys/{passkey}/remove/": Row(_ASKED, _ASKED, others="ok"),
}
#: Where phones post messages, or put them: an empty one is refused.
INBOUND = Row("405", "400", others="400")

PRODUCT = {
    "": OWN_FORM,
    "palette/": OWN_PRESS,
    "cases/show/": OWN_FORM,
    "cases/views/": OWN_FORM,
    "cases/views/{case_view}/": MINE_PRESS,
    ".well-known/change-password": Row("ok", "ok", others="ok"),
    "favicon.ico": Row("ok", "ok", others="ok"),
    "search/": OWN_FORM,
    "cases/": OWN_FORM,
    "cases/new/": NEW_FORM,
    "cases/new/lookup/": NEW_PRESS,
    "cases/new/deadlines/": NEW_PRESS,
    "cases/{case}/": PAGE,
    "cases/{case}/number/": LOOK,
    "cases/{case}/checklist/": PRESS,
    "cases/{case}/record/": PAGE,
    "cases/{case}/dossier/": Row("sign-in 404 ok ok ok 404", "sign-in 404 ok ok ok 404"),
    "cases/dossier/": OWN_FORM,
    "cases/export/": OWN_FORM,
    "cases/many/": Row("405", "sign-in ok 403 ok ok ok"),
    "calls/": NEW_PAGE,
    "calls/{slug}/ask/": NEW_FORM,
    "letters/": OWN_PAGE,
    "letters/{bundle}/": PAGE,
    "letters/new/complaint/": NEW_PRESS,
    "bills/": OWN_PAGE,
    "bills/new/": NEW_FORM,
    "bills/{bill}/": PAGE,
    "bills/{bill}/columns/": FORM,
    "bills/{bill}/findings/": PRESS,
    "bills/{bill}/remove/": PRESS,
    "batches/": OWN_PAGE,
    "batches/new/": NEW_FORM,
    "batches/{batch}/": PAGE,
    "batches/{batch}/answer/": FORM,
    "cases/{case}/receipts/": PRESS,
    "cases/{case}/receipts/{receipt}/": PAGE,
    "cases/{case}/charges/{charge}/": FORM,
    "cases/{case}/letters/{letter}/": PAGE,
    "cases/{case}/letters/complaint/": FORM,
    "cases/{case}/letters/complaint/preview/": PRESS,
    "cases/{case}/letters/complaint/throw-away/": PRESS,
    "cases/{case}/entries/2/undo/": PRESS,
    "cases/{case}/entries/2/void/": FORM,
    "cases/{case}/entries/2/amend/": FORM,
    "cases/{case}/entries/2/move/": FORM,
    "cases/{case}/entries/2/reading/": FORM,
    "acts/11111111-1111-4111-8111-111111111111/undo/": NEW_PRESS,
    "cases/{case}/follow-up/": FORM,
    "cards/": OWN_FORM,
    "cards/export/": OWN_FORM,
    "cards/show/": OWN_FORM,
    "cards/views/": OWN_FORM,
    "cards/views/{view}/": MINE_PRESS,
    "cards/columns/": MANAGERS_NEW,
    "cards/columns/{column}/": Row("sign-in 404 403 403 ok 404", "sign-in 404 403 403 ok 404"),
    "cards/columns/{column}/move/": Row("405", "sign-in 404 403 403 ok 404"),
    "cards/columns/{column}/delete/": Row("sign-in 404 403 403 ok 404", "sign-in 404 403 403 ok 404"),
    "cards/many/values/": NEW_PRESS,
    "cards/many/cancel/": NEW_PRESS,
    "cards/{card}/cell/": Row("405", "sign-in 404 403 ok ok 404", {"column": "plan", "value": "8元", "shown": ""}),
    "cards/import/": NEW_FORM,
    "cards/import/template.xlsx": NEW_PAGE,
    "cards/import/{import}/": Row("sign-in 404 403 ok ok 404", "405"),
    "cards/import/{import}/do/": PRESS,
    "cards/import/{import}/undo/": FORM,
    "cards/import/{import}/failed.xlsx": Row("sign-in 404 403 ok ok 404", "405"),
    "cards/names/user/": OWN_PRESS,
    "cards/new/": NEW_FORM,
    "cards/{card}/": PAGE,
    "cards/{card}/number/": LOOK,
    "cards/{card}/change/": FORM,
    "cards/{card}/correct/": MANAGERS_FORM,
    "cards/{card}/delete/": MANAGERS_FORM,
    "carriers/": OWN_PAGE,
    "carriers/{slug}/": OWN_PAGE,
    "carriers/{slug}/branches/new/": NEW_FORM,
    "carriers/{slug}/branches/{branch}/": FORM,
    "statistics/": OWN_PAGE,
    "statistics/carriers/": OWN_PAGE,
    "statistics/savings/": OWN_PAGE,
    "statistics/month/": OWN_FORM,
    "messages/": OWN_FORM,
    "messages/figures/": OWN_PAGE,
    "messages/paste/": NEW_FORM,
    "messages/import/": NEW_FORM,
    "messages/{message}/": Row("sign-in 404 ok ok ok 404", "sign-in 404 403 ok ok 404"),
    "messages/{message}/case/": PRESS._replace(sends={"case": "{case}"}),
    "messages/{message}/set-aside/": PRESS,
    "me/": OWN_FORM,
    "me/tokens/": Row(_ASKED, _ASKED),
    "me/tokens/{token}/revoke/": MINE_PRESS,
    "me/calendar/": OWN_PRESS,
    "me/close/": Row(_ASKED, _ASKED),
    "me/reminders-now/": OWN_PRESS,
    "me/data/": Row(_ASKED, "405"),
    "calendar/{calendar}.ics": SECRET_PAGE,
    "me/channels/": OWN_PAGE,
    "me/channels/new/bark/": OWN_FORM,
    "me/channels/{my_channel}/": MINE_FORM,
    "me/channels/{my_channel}/test/": MINE_PRESS,
    "me/channels/{my_channel}/switch/": MINE_PRESS,
    "me/channels/{my_channel}/remove/": MINE_PRESS,
    "me/notices/": OWN_PAGE,
    "teams/channels/": MANAGERS_LIST,
    "teams/channels/new/bark/": MANAGERS_NEW,
    "teams/channels/{channel}/": MANAGERS_FORM,
    "teams/channels/{channel}/test/": MANAGERS_PRESS,
    "teams/channels/{channel}/switch/": MANAGERS_PRESS,
    "teams/channels/{channel}/remove/": MANAGERS_PRESS,
    "teams/notices/": MANAGERS_LIST,
    "teams/forwarders/": MANAGERS_LIST,
    "teams/forwarders/new/json/": MANAGERS_NEW,
    "teams/forwarders/{forwarder}/": MANAGERS_FORM,
    "teams/forwarders/{forwarder}/heard/": MANAGERS_FORM._replace(post="405"),
    "teams/forwarders/{forwarder}/do/": MANAGERS_PRESS,
    "teams/language-model/": MANAGERS_NEW,
    "teams/language-model/do/": MANAGERS_NEW._replace(get="405"),
    "in/{inbound}": INBOUND,
    "in/{inbound}/": INBOUND,
    "teams/": OWN_PAGE,
    "teams/new/": OWN_FORM,
    "teams/switch/": OWN_PRESS._replace(sends={"team": "{team}"}),
    "teams/{team}/": PAGE,
    "teams/{team}/audit/": Row("sign-in 404 403 403 ok 404", "405"),
    "teams/{team}/tokens/": Row("sign-in 404 403 403 ok 404", "405"),
    "teams/{team}/tokens/{token}/revoke/": MANAGERS_PRESS,
    "teams/{team}/name/": MANAGERS_FORM,
    "teams/{team}/sender/": MANAGERS_PRESS,
    "teams/{team}/numbers/": MANAGERS_PRESS,
    "teams/{team}/numbers/switch/": PRESS,
    "teams/{team}/keep/": MANAGERS_PRESS,
    "teams/{team}/delete/": MANAGERS_FORM,
    "teams/{team}/leave/": Row("sign-in 404 ok ok ok 404", "sign-in 404 ok ok ok 404"),
    "teams/{team}/invitations/": MANAGERS_FORM,
    "teams/{team}/invitations/{invitation}/revoke/": MANAGERS_PRESS,
    "teams/{team}/members/{member}/role/": MANAGERS_PRESS,
    "teams/{team}/members/{member}/remove/": MANAGERS_FORM,
    "invitations/{secret}/": SECRET_FORM,
    "api/v1/docs": OPEN_PAGE,
    "api/v1/openapi.json": Row("ok", "405"),
    "proof/": OPEN_FORM,
    "proof/key.pem": OPEN_PAGE,
    "guide/": OPEN_PAGE,
    "guide/waiting/": OPEN_PAGE,
    "guide/example/": OPEN_PAGE,
    "styleguide/": Row("404", "405"),  # a page of development: there only under DEBUG
    "language/": Row("405", "ok"),
    **SIGNING_IN,
    "welcome/{welcome}/": GONE,
}

#: What the admin shows, with the key of one of it.
REGISTERS = {
    "auth/group": "{group}",
    "django_q/failure": "1",
    "cases/appealbody": "{body}",
    "cases/branch": "{branch}",
    "cases/calendaroverride": "{day}",
    "cases/publishedyear": "{year}",
    "cases/card": "{card}",
    "cases/carrier": "{carrier}",
    "cases/case": "{case_key}",
    "cases/forwarder": "{forwarder}",
    "cases/languagemodel": "{language_model}",
    "cases/carriermessage": "{message}",
    "cases/notice": "{notice}",
    "cases/accountmail": "{account_mail}",
    "cases/user": "{user}",
    "cases/team": "{team}",
}
ADMIN = {
    "admin/": STAFF,
    "admin/login/": Row("sign-in 403 403 403 403 ok", "sign-in 403 403 403 403 ok", others="staff"),
    "admin/logout/": Row("ok ok ok ok ok 405", "ok ok ok ok ok sign-in", others="ok"),
    "admin/password_change/": STAFF,
    "admin/password_change/done/": STAFF,
    "admin/autocomplete/?app_label=cases&model_name=membership&field_name=user": STAFF,
    "admin/jsi18n/": STAFF,
    "admin/r/{content_type}/{team}/": STAFF,
    "admin/cases/case/act/follow_up/?cases={case_key}": STAFF,
    "admin/cases/case/receipts/{receipt}/": STAFF,
    "admin/cases/user/{user}/password/": STAFF,
    "admin/cases/": STAFF,
    "admin/nothing/here/": STAFF,
    # Addresses of earlier releases lead to those of today, which ask who it is.
    "admin/cases/completeyear/": Row("ok", "405"),
    "admin/cases/message/{message}/change/": Row("ok", "405"),
    **{
        f"admin/{register}/{page}": STAFF
        for register, key in REGISTERS.items()
        for page in ("", "add/", f"{key}/", f"{key}/history/", f"{key}/delete/", f"{key}/change/")
    },
}
TABLE = PRODUCT | ADMIN
