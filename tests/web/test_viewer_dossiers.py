"""A viewer's dossier: masked, and of several cases without their receipts; whatever is sent."""

from collections.abc import Callable

import pytest

from cases.models import User
from tests.web import scenarios
from tests.web.html_client import Person
from tests.web.scenarios import Make, path


@pytest.fixture
def looking(viewer: User, sign_in: Callable[..., Person]) -> Person:
    return sign_in(viewer)


def test_the_form_of_one_case_offers_receipts_and_no_full_numbers(looking: Person, new_driver: Make) -> None:
    page = looking.get(path(scenarios.overdue(new_driver), "dossier"))
    assert "full_numbers" not in page.html
    assert page.form().fields["with_receipts"] == "on"
    assert "As a viewer you get numbers masked." in page.text


def test_the_form_of_several_offers_neither(looking: Person, new_driver: Make) -> None:
    scenarios.overdue(new_driver)
    page = looking.get("/cases/dossier/")
    assert "full_numbers" not in page.html
    assert "with_receipts" not in page.html
    assert "receipts by name and hash only" in page.text


def test_what_is_sent_all_the_same_is_refused_in_words(looking: Person, new_driver: Make) -> None:
    drivers = [scenarios.overdue(new_driver), scenarios.waiting(new_driver)]
    references = " ".join(driver.case.reference for driver in drivers)
    refused = [
        looking.post(path(drivers[0], "dossier"), full_numbers="on"),
        looking.post("/cases/dossier/", references=references, full_numbers="on"),
        looking.post("/cases/dossier/", references=references, with_receipts="on"),
    ]
    for page in refused:
        assert page.status == 403
        assert "You are a viewer of this team: you can open every number and receipt one by one" in page.text
