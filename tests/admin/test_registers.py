"""Cards, carriers, accounts and teams: edited here, and kept where cases stand on them."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from cases.models import AuditEntry, Branch, Card, Carrier, Case, Membership, Team, User
from cases.operations import Withdraw
from tests.helpers import CaseDriver, make_user, with_second_factor


def card_data(team: Team, carrier: Carrier, number: str) -> dict[str, Any]:
    return {"number": number, "team": team.pk, "carrier": carrier.pk, "monthly_fee": "8.00"}


@pytest.mark.parametrize("typed", ["138 0013 8000", "+86 138-0013-8000", "１３８００１３８０００"])
def test_a_number_is_kept_in_one_form(admin_page: Client, team: Team, mobile: Carrier, typed: str) -> None:
    response = admin_page.post("/admin/cases/card/add/", card_data(team, mobile, typed))
    assert response.status_code == 302
    assert Card.objects.get().number == "13800138000"


def test_what_is_no_number_is_told_in_words(admin_page: Client, team: Team, mobile: Carrier) -> None:
    page = admin_page.post("/admin/cases/card/add/", card_data(team, mobile, "12345")).content.decode()
    assert "“12345” is not a mobile number." in page
    assert 'value="12345"' in page
    assert not Card.objects.exists()


def test_a_number_is_once_in_a_team(
    admin_page: Client, submitted: CaseDriver, new_driver: Any, mobile: Carrier
) -> None:
    team = submitted.case.team
    page = admin_page.post("/admin/cases/card/add/", card_data(team, mobile, "138 0013 8000")).content.decode()
    assert "already exists" in page
    other = new_driver("13900139000").case.card
    path = f"/admin/cases/card/{other.pk}/change/"
    page = admin_page.post(path, card_data(team, mobile, "138 0013 8000")).content.decode()
    assert "This team already has a card with this number." in page
    assert Card.objects.get(pk=other.pk).number == "13900139000"


def test_a_card_does_not_change_hands(
    admin_page: Client, submitted: CaseDriver, other_team: Team, mobile: Carrier
) -> None:
    path = f"/admin/cases/card/{submitted.case.card_id}/change/"
    assert admin_page.post(path, card_data(other_team, mobile, "13800138000")).status_code == 302
    assert Card.objects.get().team == submitted.case.team


def test_a_negative_fee_is_told_in_words(admin_page: Client, team: Team, mobile: Carrier) -> None:
    data = {**card_data(team, mobile, "13800138000"), "monthly_fee": "-1"}
    assert "greater than or equal to 0" in admin_page.post("/admin/cases/card/add/", data).content.decode()


def test_cards_are_masked_in_the_list_and_found_by_their_tail(admin_page: Client, submitted: CaseDriver) -> None:
    page = admin_page.get("/admin/cases/card/", {"q": "8000"}).content.decode()
    assert "138****8000" in page
    assert "13800138000" not in page
    assert "138****8000" not in admin_page.get("/admin/cases/card/", {"q": "8001"}).content.decode()


@pytest.mark.parametrize(
    ("register", "kept"),
    [("card", "cases: 1"), ("carrier", "cards: 1"), ("team", "cards: 1"), ("user", "timeline entries: 2")],
)
@pytest.mark.parametrize("door", ["page", "list"])
def test_what_cases_stand_on_is_kept(
    admin_page: Client, submitted: CaseDriver, register: str, kept: str, door: str
) -> None:
    case = submitted.case
    key = {"card": case.card_id, "carrier": case.carrier_id, "team": case.team_id, "user": submitted.by.pk}[register]
    if door == "page":
        path, data = f"/admin/cases/{register}/{key}/delete/", {"post": "yes"}
    else:
        path = f"/admin/cases/{register}/"
        data = {"action": "delete_selected", "_selected_action": str(key), "index": "0", "post": "yes"}
    response = admin_page.post(path, data)
    assert response.status_code == 200
    assert kept in response.content.decode()
    assert submitted.status == "submitted"
    assert submitted.chain_flaw is None


def test_what_comes_into_use_meanwhile_is_kept(
    admin_page: Client, submitted: CaseDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.admin.base.ProtectedDeleteAdmin.get_deleted_objects", lambda *a: ([], {}, set(), []))
    card = submitted.case.card_id
    response = admin_page.post(f"/admin/cases/card/{card}/delete/", {"post": "yes"}, follow=True)
    assert "Nothing was deleted, because it is now in use." in response.content.decode()
    data = {"action": "delete_selected", "_selected_action": str(card), "index": "0", "post": "yes"}
    response = admin_page.post("/admin/cases/card/", data, follow=True)
    assert "Nothing was deleted, because it is now in use." in response.content.decode()
    assert Card.objects.filter(pk=card).exists()


def test_what_nothing_stands_on_can_go(admin_page: Client, other_team: Team, stranger: User) -> None:
    admin_page.post(f"/admin/cases/team/{other_team.pk}/delete/", {"post": "yes"})
    admin_page.post(f"/admin/cases/user/{stranger.pk}/delete/", {"post": "yes"})
    assert not Team.objects.filter(pk=other_team.pk).exists()
    assert not User.objects.filter(pk=stranger.pk).exists()


def carrier_data(**changed: Any) -> dict[str, Any]:
    inline = {"facts-TOTAL_FORMS": "0", "facts-INITIAL_FORMS": "0"}
    return {"name": "中国移动", "name_en": "China Mobile", "hotline": "10086", "slug": "x", **inline, **changed}


def test_a_fact_is_corrected_with_its_source_in_both_languages(admin_page: Client, mobile: Carrier) -> None:
    fact = mobile.facts.create(
        topic="online", statement="说法", statement_en="It is said", source="某网页", source_en="a page", confidence="L"
    )
    path = f"/admin/cases/carrier/{mobile.pk}/change/"
    page = admin_page.get(path).content.decode()
    assert 'name="facts-0-source_en"' in page
    typed = {
        "facts-TOTAL_FORMS": "1",
        "facts-INITIAL_FORMS": "1",
        "facts-0-id": str(fact.pk),
        "facts-0-carrier": str(mobile.pk),
        "facts-0-topic": "online",
        "facts-0-statement": "可以线上办理",
        "facts-0-statement_en": "It can be done online",
        "facts-0-source": "2026-10-16 致电询问",
        "facts-0-source_en": "asked by phone on 2026-10-16",
        "facts-0-confidence": "M",
    }
    assert admin_page.post(path, carrier_data(**typed)).status_code == 302
    fact.refresh_from_db()
    assert (fact.source, fact.source_en) == ("2026-10-16 致电询问", "asked by phone on 2026-10-16")
    assert (fact.statement, fact.confidence) == ("可以线上办理", "M")


def test_senders_are_typed_as_people_type_lists(admin_page: Client, mobile: Carrier) -> None:
    path = f"/admin/cases/carrier/{mobile.pk}/change/"
    admin_page.post(path, carrier_data(sms_senders="10086, 1008611，10658"))
    mobile.refresh_from_db()
    assert mobile.sms_senders == ["10086", "1008611", "10658"]
    assert mobile.slug == "china-mobile"
    assert 'value="10086, 1008611, 10658"' in admin_page.get(path).content.decode()


def test_new_terms_leave_submitted_cases_alone(admin_page: Client, submitted: CaseDriver, mobile: Carrier) -> None:
    admin_page.post(f"/admin/cases/carrier/{mobile.pk}/change/", carrier_data(reply_days="9"))
    assert Carrier.objects.get(pk=mobile.pk).terms().reply_days == 9
    assert submitted.reply_by == "2026-10-14 00:00"
    assert Case.objects.get().reply_days == 5


def test_zero_days_are_refused(admin_page: Client, mobile: Carrier) -> None:
    admin_page.post(f"/admin/cases/carrier/{mobile.pk}/change/", carrier_data(reply_days="0"))
    assert Carrier.objects.get(pk=mobile.pk).reply_days is None


def new_user(**changed: Any) -> dict[str, Any]:
    data = {"email": "New.Person@Example.com", "name": "New", "language": "en", "usable_password": "true"}
    return data | {"password1": "a long sentence 1", "password2": "a long sentence 1"} | changed


def test_an_account_is_made_with_e_mail_and_password(admin_page: Client, client: Client) -> None:
    assert admin_page.post("/admin/cases/user/add/", new_user()).status_code == 302
    user = User.objects.get(email="new.person@example.com")
    assert user.check_password("a long sentence 1")
    assert (user.is_staff, user.is_superuser) == (False, False)


def test_the_same_mailbox_in_other_letters_is_refused(admin_page: Client) -> None:
    admin_page.post("/admin/cases/user/add/", new_user())
    page = admin_page.post("/admin/cases/user/add/", new_user(email="NEW.person@example.com")).content.decode()
    assert "already exists" in page
    assert User.objects.filter(email__icontains="new.person").count() == 1


def test_a_password_is_never_shown_and_set_on_its_own_page(admin_page: Client, manager: User) -> None:
    page = admin_page.get(f"/admin/cases/user/{manager.pk}/change/").content.decode()
    hashed = User.objects.get(pk=manager.pk).password
    for part in (hashed, hashed.split("$")[-1][:6], hashed.split("$")[1]):
        assert part not in page
    link = f"/admin/cases/user/{manager.pk}/password/"
    assert f'href="{link}"' in page
    new = {"password1": "another long one 2", "password2": "another long one 2", "usable_password": "true"}
    assert admin_page.post(link, {**new, "set-password": "1"}).status_code == 302
    assert User.objects.get(pk=manager.pk).check_password("another long one 2")


def user_data(user: User, **changed: Any) -> dict[str, Any]:
    hours = {"remind_from": "09:00", "remind_until": "21:00"}
    return {"email": user.email, "name": user.name, "language": "en", "is_active": "on", **hours, **changed}


def test_hours_that_end_before_they_begin_are_told_in_words(admin_page: Client, manager: User) -> None:
    path = f"/admin/cases/user/{manager.pk}/change/"
    page = admin_page.post(path, user_data(manager, remind_from="22:00", remind_until="08:00")).content.decode()
    assert "hours must begin before they end" in page


@pytest.fixture
def clerk(client: Client, team: Team) -> User:
    """Staff who may edit accounts, and is no superuser."""
    clerk = make_user("clerk@example.com", team)
    User.objects.filter(pk=clerk.pk).update(is_staff=True, language="en")
    clerk.user_permissions.set(Permission.objects.filter(codename__in=["change_user", "view_user", "delete_user"]))
    client.force_login(with_second_factor(clerk))
    return clerk


def test_who_edits_accounts_hands_out_no_rights(client: Client, clerk: User) -> None:
    data = user_data(clerk, is_staff="on", is_superuser="on", name="Renamed")
    assert client.post(f"/admin/cases/user/{clerk.pk}/change/", data).status_code == 302
    clerk.refresh_from_db()
    assert (clerk.name, clerk.is_superuser) == ("Renamed", False)


def test_superusers_are_not_theirs_to_change(client: Client, clerk: User, operator: User) -> None:
    data = user_data(operator, name="Mine")
    assert client.post(f"/admin/cases/user/{operator.pk}/change/", data).status_code == 403
    new = {"password1": "another long one 2", "password2": "another long one 2", "usable_password": "true"}
    assert client.post(f"/admin/cases/user/{operator.pk}/password/", new).status_code == 403
    assert client.post(f"/admin/cases/user/{operator.pk}/delete/", {"post": "yes"}).status_code == 403
    forged = {"action": "delete_selected", "_selected_action": str(operator.pk), "index": "0", "post": "yes"}
    client.post("/admin/cases/user/", forged)
    operator.refresh_from_db()
    assert operator.name == "Olga Operator"


def test_members_are_added_to_a_team(admin_page: Client, other_team: Team, manager: User) -> None:
    data = {"memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "0", "memberships-0-user": manager.pk}
    path = f"/admin/cases/team/{other_team.pk}/change/"
    data["full_numbers"] = "switch"
    assert admin_page.post(path, {"name": "新名字", "memberships-0-role": "viewer", **data}).status_code == 302
    assert Membership.objects.get(team=other_team, user=manager).role == "viewer"
    page = admin_page.get("/admin/cases/team/").content.decode()
    assert '<td class="field-member_count">1</td>' in page


def test_a_teams_managers_read_what_an_operator_changed(
    admin_page: Client, operator: User, team: Team, manager: User, agent: User, stranger: User
) -> None:
    data: dict[str, Any] = {
        "name": team.name,
        "full_numbers": "forbidden",
        "memberships-TOTAL_FORMS": "3",
        "memberships-INITIAL_FORMS": "2",
    }
    for at, (user, role) in enumerate([(manager, "manager"), (agent, "viewer"), (stranger, "manager")]):
        member = Membership.objects.filter(team=team, user=user).first()
        row = {"id": member.pk if member else "", "team": team.pk, "user": user.pk, "role": role}
        data |= {f"memberships-{at}-{name}": value for name, value in row.items()}
    assert admin_page.post(f"/admin/cases/team/{team.pk}/change/", data).status_code == 302
    data |= {"memberships-INITIAL_FORMS": "3", "memberships-1-DELETE": "on"}
    data["memberships-2-id"] = Membership.objects.get(team=team, user=stranger).pk
    assert admin_page.post(f"/admin/cases/team/{team.pk}/change/", data).status_code == 302
    assert list(AuditEntry.objects.filter(team=team).order_by("id").values_list("by__email", "kind", "about")) == [
        (operator.email, "settings_changed", "full_numbers: forbidden"),
        (operator.email, "member_added", "Chen Jie · manager"),
        (operator.email, "role_changed", "Wang Wei · viewer"),
        (operator.email, "member_removed", "Wang Wei"),
    ]


def test_every_page_opens_in_both_languages(admin_page: Client, submitted: CaseDriver, operator: User) -> None:
    registers = ["case", "card", "carrier", "team", "user", "calendaroverride", "publishedyear"]
    case = submitted.case
    pages = [f"/admin/cases/{name}/" for name in registers]
    pages += [f"/admin/cases/{name}/add/" for name in registers[1:]]
    pages += [f"/admin/cases/case/{case.pk}/change/", f"/admin/cases/card/{case.card_id}/change/"]
    pages += [f"/admin/cases/carrier/{case.carrier_id}/change/", f"/admin/cases/team/{case.team_id}/change/"]
    pages += ["/admin/", "/admin/cases/", "/admin/django_q/failure/", f"/admin/cases/user/{operator.pk}/change/"]
    for language in ("en", "zh-hans"):
        User.objects.filter(pk=operator.pk).update(language=language)
        for path in pages:
            response = admin_page.get(path)
            assert response.status_code == 200, path
            assert response["Content-Language"] == language


def test_branches_known_to_everybody_are_entered_here(admin_page: Client, mobile: Carrier) -> None:
    given = {"carrier": mobile.pk, "name": "城北营业厅", "takes": "yes"}
    page = admin_page.post("/admin/cases/branch/add/", given).content.decode()
    assert "Enter the date you asked. Without a date the information may be out of date." in page
    assert admin_page.post("/admin/cases/branch/add/", given | {"asked_on": "2026-10-14"}).status_code == 302
    branch = Branch.objects.get()
    assert (branch.team, branch.takes) == (None, "yes")
    assert "城北营业厅" in admin_page.get("/admin/cases/branch/").content.decode()


@pytest.mark.parametrize(
    ("language", "view", "change"),
    [
        ("en", ">case: view</option>", ">case: change</option>"),
        ("zh-hans", ">案件：查看</option>", ">案件：修改</option>"),
    ],
)
def test_permissions_are_listed_in_the_readers_language(
    admin_page: Client, operator: User, manager: User, language: str, view: str, change: str
) -> None:
    operator.language = language
    operator.save()
    for path in (f"/admin/cases/user/{manager.pk}/change/", "/admin/auth/group/add/"):
        page = admin_page.get(path).content.decode()
        assert view in page
        assert change in page
        assert "Can view" not in page


def test_a_number_is_corrected_with_a_reason_and_that_is_recorded(
    admin_page: Client, submitted: CaseDriver, team: Team, mobile: Carrier
) -> None:
    path = f"/admin/cases/card/{submitted.case.card_id}/change/"
    refused = admin_page.post(path, card_data(team, mobile, "13900139000")).content.decode()
    assert "Enter the reason." in refused
    assert submitted.kinds == ["logged", "submitted"]
    data = card_data(team, mobile, "139 0013 9000") | {"reason": "看错一位", "holder": "王小明"}
    assert admin_page.post(path, data).status_code == 302
    assert submitted.kinds == ["logged", "submitted", "card_changed", "number_corrected"]
    body = submitted.last_content
    assert (body["before"], body["after"], body["words"]) == ("13800138000", "13900139000", "看错一位")
    assert body["by"] == "Olga Operator"
    again = data | {"number": "13900139000", "reason": ""}
    assert admin_page.post(path, again).status_code == 302
    assert len(submitted.kinds) == 4


def test_a_card_that_was_looked_at_can_be_deleted_and_the_team_is_told(
    admin_page: Client, team: Team, mobile: Carrier
) -> None:
    card = Card.objects.create(team=team, carrier=mobile, number="13900139000")
    admin_page.get(f"/admin/cases/card/{card.pk}/change/")
    response = admin_page.post(f"/admin/cases/card/{card.pk}/delete/", {"post": "yes"})
    assert (response.status_code, Card.objects.exists()) == (302, False)
    deleted = AuditEntry.objects.get(kind="card_deleted")
    assert (deleted.team, deleted.about) == (team, "139****9000")
    assert AuditEntry.objects.get(kind="number_shown").card_id == card.pk


def test_cases_logged_by_mistake_are_filtered(admin_page: Client, submitted: CaseDriver) -> None:
    submitted.do(Withdraw(mistake=True), "2026-10-16T10:00")
    for value, is_there in (("yes", True), ("no", False)):
        page = admin_page.get("/admin/cases/case/", {"logged_by_mistake": value}).content.decode()
        assert (submitted.case.reference in page) is is_there
