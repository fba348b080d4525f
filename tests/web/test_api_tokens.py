"""Tokens for programs: who one is is asked first, the secret is shown once, and managers see and revoke all."""

import re

from cases.models import ApiToken, Team
from tests.web.html_client import Page, Person


def confirmed(person: Person) -> Page:
    person.fill("/me/confirm/", "/me/confirm/", password="correct horse")
    return person.get("/me/tokens/")


def secret_in(page: Page) -> str:
    (secret,) = set(re.findall(r"xiaoka_[\w-]{43}", page.html))
    return secret


def test_who_one_is_is_asked_before_a_token_is_made(me: Person) -> None:
    assert me.get("/me/tokens/").location == "/me/confirm/?next=%2Fme%2Ftokens%2F"
    assert me.post("/me/tokens/", name="x", days="30").status == 302
    assert not ApiToken.objects.exists()


def test_a_token_is_shown_once_and_a_manager_revokes_it(me: Person, colleague: Person, team: Team) -> None:
    response = colleague.send(confirmed(colleague), "/me/tokens/", "/me/tokens/", name="夜间同步")
    opens = {"Authorization": f"Bearer {secret_in(response)}"}
    assert colleague.client.get("/api/v1/cases", headers=opens).status_code == 200
    assert "xiaoka_" not in colleague.get("/me/tokens/").html
    page = me.get(f"/teams/{team.pk}/tokens/")
    assert "夜间同步" in page.text
    assert "xiaoka_" not in page.html
    me.post(f"/teams/{team.pk}/tokens/{ApiToken.objects.get().pk}/revoke/")
    assert colleague.client.get("/api/v1/cases", headers=opens).status_code == 401
