"""Money on the page of a case: charges, what came back, the bill after the cancellation, the cost of delay."""

from decimal import Decimal

from cases.models import Card, Charge
from tests.web.html_client import Person
from tests.web.scenarios import Make, confirmed, overdue, path, to_verify


def test_a_charge_is_noted_listed_and_summed(me: Person, new_driver: Make) -> None:
    driver = overdue(new_driver)
    assert "No charges recorded." in me.get(path(driver)).part("charges")
    me.fill(path(driver, "charge"), what="penalty", amount="58.30", day="2026-09-28", words="合约违约金")
    page = me.follow(me.fill(path(driver, "charge"), what="fee", amount="19", day="2026-10-01"))
    part = page.part("charges")
    assert "Early termination fee 58.30 yuan" in part
    assert "Total charged: 77.30 yuan; not refunded: 77.30 yuan" in part
    assert "after the cancellation" not in part
    assert "Charge added" in page.text


def test_what_was_typed_stays_when_the_amount_is_wrong(me: Person, new_driver: Make) -> None:
    driver = overdue(new_driver)
    for amount in ("0", "-3", "1.005", "1e99", "NaN", "many", ""):
        page = me.fill(path(driver, "charge"), what="arrears", amount=amount, day="2026-10-01", words="欠费")
        assert page.status == 200
        assert page.form().fields["words"] == "欠费"
        assert page.form().fields["what"] == "arrears"
    page = me.fill(path(driver, "charge"), what="fee", amount="5", day="2026-10-17")
    assert "This date is in the future." in page.text
    assert not Charge.objects.exists()


def test_a_refund(me: Person, outsider: Person, new_driver: Make) -> None:
    driver = overdue(new_driver)
    me.fill(path(driver, "charge"), what="fee", amount="19", day="2026-10-01")
    back = path(driver, "charges", str(Charge.objects.get().pk))
    assert back in me.get(path(driver)).hrefs
    assert "This is before the date of the charge" in me.fill(back, on="2026-09-30").text
    part = me.follow(me.fill(back, on="2026-10-15")).part("charges")
    assert "refunded on 15 Oct" in part
    assert "not refunded: 0.00 yuan" in part
    assert "This charge was already refunded, on 15 Oct. Next step:" in me.get(back).text
    assert outsider.get(back).status == outsider.post(back, on="2026-10-15").status == 404
    assert me.get(path(driver, "charges", "999999")).status == 404


def test_the_cost_of_the_delay(me: Person, new_driver: Make) -> None:
    driver = overdue(new_driver)
    assert (
        "3 calendar days past the original reply deadline (13 Oct). Add the card’s monthly fee to see the cost."
        in me.get(path(driver)).part("charges")
    )
    Card.objects.update(monthly_fee=Decimal("31"))
    assert (
        "Cost of the delay: 3.00 yuan, from the monthly fee of 31.00 yuan by the day. 3 calendar days past the "
        "original reply deadline (13 Oct)."
    ) in me.get(path(driver)).part("charges")


def test_the_bill_of_a_confirmed_case(me: Person, new_driver: Make) -> None:
    driver = confirmed(new_driver)  # on 10-15
    page = me.get(path(driver))
    assert path(driver, "bill") in page.hrefs
    assert path(driver, "reopen") in page.hrefs
    assert "Enter the amount." in me.fill(path(driver, "bill"), found="charge", day="2026-10-16").text
    assert "Enter the date of the charge." in me.fill(path(driver, "bill"), found="charge", amount="9").text
    page = me.follow(me.fill(path(driver, "bill"), found="charge", what="fee", amount="9", day="2026-10-16"))
    assert "9.00 yuan was charged after the cancellation." in page.part("charges")
    assert path(driver, "reopen") in page.hrefs
    assert "Bill checked" in page.text
    assert me.fill(path(driver, "bill"), found="nothing").status == 302
    assert Charge.objects.count() == 1


def test_a_bill_is_asked_after_only_when_the_case_is_confirmed(me: Person, new_driver: Make) -> None:
    driver = overdue(new_driver)
    assert path(driver, "bill") not in me.get(path(driver)).hrefs
    assert "This action is not available while the case is “Submitted”." in me.get(path(driver, "bill")).text


def test_each_way_to_make_sure_says_how_and_what_it_proves(me: Person, new_driver: Make) -> None:
    driver = to_verify(new_driver)
    for page in (me.get(path(driver)), me.get(path(driver, "verify"))):
        assert "Call 10086. Ask whether the number is cancelled" in page.text
        assert "Weak evidence: a number suspended for unpaid bills also fails" in page.text
        assert "shows 已销户 (cancelled), and keep a screenshot. Strong evidence with a screenshot." in page.text
    page = me.fill(path(driver, "verify"), method="call", words="没有通")
    assert "This field is required." in page.text
    assert (page.form().fields["method"], page.form().fields["words"]) == ("call", "没有通")
    done = me.follow(me.send(page, path(driver, "verify"), finding="cancelled", confirm="on"))
    assert "Cancelled, confirmed" in done.text
    assert path(driver, "bill") in done.hrefs
