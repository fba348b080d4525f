"""Each list of the admin says what it lists, and its first page has them in the order of use."""

import re

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import translation

from cases.models import Case


def heading(client: Client, address: str) -> str:
    page = client.get(address).content.decode()
    (text,) = re.findall(r"<h1>([^<]*)</h1>", page)
    assert f"<title>{text} | Xiaoka</title>" in " ".join(page.split()).replace("<title> ", "<title>")
    return str(text)


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("case/", "Cases"),
        ("case/?standing=overdue", "Overdue cases"),
        ("case/?standing=due_today", "Cases due today"),
        ("case/?standing=waiting", "Waiting cases"),
        ("case/?standing=to_verify", "Cases to verify"),
        ("case/?standing=provisional", "Cases with a provisional deadline"),
        ("case/?standing=without_receipt", "Cases confirmed without receipt"),
        ("case/?status=submitted", "Cases (Status: Submitted)"),
        ("case/?standing=overdue&was_late=yes", "Overdue cases (Was overdue: Yes)"),
        ("carriermessage/?state__exact=unmatched", "SMS (State: No matching case)"),
        ("user/?is_staff__exact=1", "Users (May enter the admin: Yes)"),
    ],
)
def test_a_list_is_called_by_what_it_lists(
    admin_page: Client, landscape: dict[str, Case], query: str, title: str
) -> None:
    assert heading(admin_page, f"/admin/cases/{query}") == title


def test_no_list_is_called_select_something(admin_page: Client, landscape: dict[str, Case]) -> None:
    titles = {}
    for model in admin.site._registry:
        options = model._meta
        title = heading(admin_page, reverse(f"admin:{options.app_label}_{options.model_name}_changelist"))
        with translation.override("en"):
            titles[options.label_lower] = title.lower() == str(options.verbose_name_plural).lower()
    assert len(titles) > 12
    assert [name for name, matches in titles.items() if not matches] == []


def test_who_chooses_a_row_for_a_field_is_still_told_to(admin_page: Client, landscape: dict[str, Case]) -> None:
    assert "<h1>Select" in admin_page.get("/admin/cases/card/?_popup=1").content.decode()


def test_the_index_is_in_the_order_of_use(admin_page: Client, landscape: dict[str, Case]) -> None:
    page = admin_page.get("/admin/").content.decode()
    tables = re.findall(r'<th scope="row" id="([\w-]+)">', page)
    assert tables == [
        "cases-case", "cases-carriermessage", "cases-notice", "cases-accountmail", "cases-card", "cases-forwarder",
        "cases-team", "cases-user", "cases-carrier", "cases-branch", "cases-appealbody", "cases-calendaroverride",
        "cases-publishedyear", "cases-languagemodel", "django_q-failure", "auth-group",
    ]  # fmt: skip
