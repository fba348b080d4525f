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
#: Something new for the team that the token is for.
NEW = "422 403 422 422 403"

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
    "GET cases": READ,
    "POST cases": NEW,
    "POST cases/search": READ,
    "GET cases/{case}": THING,
    "GET cases/{case}?numbers=full": "404 200 200 200 403",
    "GET cases?numbers=full": "200 403 200 200 403",
    "GET cases/{case}/timeline": THING,
    "GET cases/{case}/deadlines": THING,
    "GET cards": READ,
    "GET cards?numbers=full": "200 403 200 200 403",
    "POST cards": NEW,
    "GET cards/{card}": THING,
    "GET cards/{card}?numbers=full": "404 200 200 200 403",
    "PATCH cards/{card}": "404 403 200 200 403",
    "GET nothing/at/all": "404",
}
SENDS: dict[str, Any] = {"PUT carriers/{slug}/branches/{branch}": {"name": "x"}}
