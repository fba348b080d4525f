"""The menu is in the order of use, and the command palette in the same; on a phone its end unfolds."""

import json
import re
from collections.abc import Callable

from cases.models import User
from tests.web.html_client import Person

ORDER = ["Work list", "Cases", "SMS", "Cards", "Call sheets", "Bills", "Statistics", "Carriers", "Guide"]


def menu(person: Person, address: str = "/") -> tuple[list[str], list[str]]:
    """The titles in the line of the menu, and those that unfold."""
    nav = person.get(address).markup.split('<nav class="main-nav"')[1].split("</nav>")[0]
    line, unfolded = (
        re.sub(r"<details.*</details>", "", nav),
        nav.split('<div class="menu__body">')[1].split("</div>")[0],
    )
    return (re.findall(r"<a [^>]*>([^<]+)", line), re.findall(r"<a [^>]*>([^<]+)", unfolded))


def test_the_order_of_use(me: Person) -> None:
    assert menu(me) == (ORDER[:7], ORDER[4:])
    answer = json.loads(me.post("/palette/", q="").response.content)
    pages = next(group["rows"] for group in answer["groups"] if group["title"] == "Pages")
    titles = [row["label"].removesuffix(" from carriers") for row in pages]
    assert [title for title in titles if title in ORDER] == ORDER
    assert titles[-3:] == ["Team", "Reminder channels", "My account"]


def test_where_one_is(me: Person) -> None:
    for address, title in (("/", "Work list"), ("/calls/", "Call sheets"), ("/guide/papers/", "Guide")):
        current = re.findall(r'aria-current="page">([^<]+)', me.get(address).markup.split("</nav>")[0])
        assert set(current) == {title}, address


def test_who_may_only_read_has_no_call_sheets(viewer: User, sign_in: Callable[[User], Person]) -> None:
    line, unfolded = menu(sign_in(viewer))
    assert "Call sheets" not in line + unfolded
    assert line == ["Work list", "Cases", "SMS", "Cards", "Bills", "Statistics"]
