"""Before there is an account, every page about signing in points to the link that the start printed."""

import pytest
from django.test import Client

from cases.models import User
from tests.web.html_client import Person

pytestmark = pytest.mark.django_db

ENGLISH = (
    "There is no account here yet. Xiaoka printed a link when it started, in the terminal or in the web server’s log: "
    "open that link to create the first account."
)
CHINESE = "这里还没有账号。销卡启动时在终端（或网页服务的日志）里打印了一个链接，打开它创建第一个账号。"


@pytest.mark.parametrize("address", ["/sign-in/", "/password/"])
def test_it_is_said_in_both_languages(address: str) -> None:
    visitor = Person(Client())
    visitor.post("/language/", language="en", next="/")
    page = visitor.get(address)
    assert page.status == 200
    assert ENGLISH in page.text
    assert "Ask a team manager to invite you" not in page.text
    assert CHINESE in visitor.in_chinese(address).text


def test_it_is_no_longer_said_when_there_is_one(manager: User) -> None:
    visitor = Person(Client())
    visitor.post("/language/", language="en", next="/")
    page = visitor.get("/sign-in/")
    assert "There is no account here yet" not in page.text
    assert "Ask a team manager to invite you" in page.text


def test_a_visitor_of_the_work_list_and_of_the_admin_gets_there() -> None:
    visitor = Person(Client())
    visitor.post("/language/", language="en", next="/")
    assert ENGLISH in visitor.follow(visitor.get("/")).text
    admin = visitor.client.get("/admin/", follow=True)
    assert ENGLISH in " ".join(admin.content.decode().split())
