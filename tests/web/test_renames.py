"""Who signs what they record as somebody else is seen: a rename is noted, and entries show both names."""

import io
import json
import zipfile
from collections.abc import Callable

import pytest
from django.contrib import admin
from django.test import RequestFactory

from cases import operations as ops
from cases.admin.people import UserAdmin, UserForm
from cases.documents.case_pdf import case_section
from cases.documents.dossier import _load_case_file
from cases.models import AuditEntry, Team, User
from cases.operations.deletion import anonymize_user
from cases.selectors import working_calendar
from tests.helpers import CaseDriver
from tests.moments import NOW
from tests.web import scenarios
from tests.web.html_client import Page, Person
from tests.web.scenarios import Make, path


@pytest.fixture
def signed_as_another(colleague: Person, new_driver: Make) -> CaseDriver:
    """Wang Wei calls himself Li Na for a minute, and records a follow-up."""
    driver = scenarios.overdue(new_driver)
    rename(colleague, "Li Na")
    driver.do(ops.FollowUp(NOW, way="call", words="还在审核"), NOW, by=User.objects.get(pk=colleague.user.pk))
    rename(colleague, "Wang Wei")
    return driver


def rename(person: Person, name: str) -> None:
    page = person.fill("/me/", name=name)
    assert (page.status, page.location) == (302, "/me/")


def test_the_page_shows_the_name_of_then_and_that_of_today(
    signed_as_another: CaseDriver, me: Person, manager: User, sign_in: Callable[..., Person]
) -> None:
    assert "Li Na (now Wang Wei)" in me.get(path(signed_as_another)).text
    assert signed_as_another.last_content["by"] == "Li Na"  # as it was: the record does not change
    assert "Li Na（现名：Wang Wei）" in sign_in(manager, "zh-hans").get(path(signed_as_another)).text


def test_the_dossier_shows_both(signed_as_another: CaseDriver) -> None:
    section = case_section(_load_case_file(signed_as_another.case.pk), working_calendar(), NOW, full_numbers=False)
    (timeline,) = [block for block in section["blocks"] if block["kind"] == "entries"]
    assert "Li Na（现名：Wang Wei）" in timeline["items"][-1]["when"]
    assert "现名" not in timeline["items"][0]["when"]  # Li Na herself


def test_the_teams_managers_read_each_rename(
    signed_as_another: CaseDriver, me: Person, agent: User, team: Team
) -> None:
    noted = AuditEntry.objects.filter(kind="name_changed").order_by("pk")
    assert [(entry.team, entry.by, entry.about) for entry in noted] == [
        (team, agent, "Wang Wei → Li Na"),
        (team, agent, "Li Na → Wang Wei"),
    ]
    page: Page = me.get(f"/teams/{team.pk}/audit/")
    assert "Wang Wei → Li Na" in page.text
    assert "Name changed" in page.text


def test_saving_the_same_name_notes_nothing(colleague: Person) -> None:
    rename(colleague, "Wang Wei")
    assert not AuditEntry.objects.filter(kind="name_changed").exists()


def test_a_name_that_is_a_number_is_noted_masked(colleague: Person) -> None:
    rename(colleague, "13800138000")
    assert AuditEntry.objects.get(kind="name_changed").about == "Wang Wei → 138****8000"


def test_a_rename_by_an_operator_is_noted_for_the_team(
    agent: User, manager: User, team: Team, sign_in: Callable[..., Person]
) -> None:
    data = {
        "email": agent.email,
        "name": "Wang Fang",
        "language": "en",
        "remind_from": "09:00",
        "remind_until": "21:00",
    }
    form = UserForm(data | {"is_active": "on", "date_joined": "2026-01-01 00:00"}, instance=agent)
    assert form.is_valid(), form.errors
    request = RequestFactory().post("/")
    request.user = manager
    UserAdmin(User, admin.site).save_model(request, form.save(commit=False), form, change=True)
    entry = AuditEntry.objects.get(kind="name_changed")
    assert (entry.team, entry.by, entry.about) == (team, manager, "Wang Wei → Wang Fang")


def test_a_closed_account_has_no_name_of_today(new_driver: Make, agent: User, me: Person) -> None:
    driver = scenarios.overdue(new_driver)
    driver.do(ops.FollowUp(NOW, way="call"), NOW, by=agent)
    anonymize_user(agent)
    text = me.get(path(driver)).text
    assert "Wang Wei" in text
    assert "now" not in text.partition("Follow-up")[2].partition("Case logged")[0].split()


def test_the_zip_keeps_the_name_of_then(signed_as_another: CaseDriver, me: Person) -> None:
    response = me.client.post(path(signed_as_another, "dossier"), {"full_numbers": "on"})
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:  # type: ignore[attr-defined]
        (name,) = [name for name in archive.namelist() if name.endswith(".json") and "manifest" not in name]
        assert json.loads(archive.read(name))["entries"][-1]["content"]["by"] == "Li Na"
