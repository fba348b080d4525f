"""What is searched for is sent; the address of the list that answers holds no number in full."""

import pytest

from tests.web import scenarios
from tests.web.html_client import Person
from tests.web.scenarios import Make

MASKED = "138%2A%2A%2A%2A0005"


@pytest.mark.parametrize("path", ["/cases/", "/cards/", "/search/"])
@pytest.mark.parametrize("typed", ["13800000005", "+86 138-0000-0005", "１３８０００００００５"])
def test_a_number_is_sent_and_answered_under_a_masked_address(
    me: Person, new_driver: Make, path: str, typed: str
) -> None:
    scenarios.overdue(new_driver)
    scenarios.draft(new_driver)
    answer = me.post(path, q=typed)
    assert (answer.status, answer.location) == (302, f"{path}?q={MASKED}")
    page = me.follow(answer)
    assert "138****0005" in page.text
    assert "138****0001" not in page.text
    assert "13800000005" not in page.text


def test_an_old_address_with_a_number_leads_to_the_masked_one(me: Person, new_driver: Make) -> None:
    scenarios.overdue(new_driver)
    answer = me.get("/cases/", q="13800000005", sort="number")
    assert (answer.status, answer.location) == (302, f"/cases/?q={MASKED}&sort=number")


def test_the_filters_are_sent_along_and_empty_ones_left_out(me: Person, new_driver: Make) -> None:
    scenarios.overdue(new_driver)
    answer = me.post("/cases/", q="0005", standing="overdue", status="", sort="reply_by")
    assert answer.location == "/cases/?q=0005&standing=overdue&sort=reply_by"
    assert me.post("/cases/").location == "/cases/"


def test_no_form_for_searching_puts_what_is_typed_into_the_address(me: Person, new_driver: Make) -> None:
    scenarios.overdue(new_driver)
    for path in ("/", "/cases/", "/cards/", "/search/", "/messages/"):
        searches = [form for form in me.get(path).forms if "q" in form.every]
        assert searches
        assert {form.method for form in searches} == {"post"}


def test_what_is_typed_into_a_new_case_is_sent_too(me: Person, new_driver: Make) -> None:
    driver = scenarios.draft(new_driver)
    for path in ("/cases/new/", f"/cases/{driver.case.reference}/submit/"):
        page = me.get(path)
        assert 'hx-post="/cases/new/deadlines/"' in page.html
        assert "hx-get" not in page.html
