"""What 一证通查 can show: that a count went down, never which number is gone."""

import pytest

from cases.domain.number_count import CountNotLower, CountsOfAnotherMethod, check_counts


@pytest.mark.parametrize(("before", "after"), [(3, 2), (3, 0), (None, 2), (3, None), (None, None)], ids=str)
def test_a_count_that_went_down_or_is_not_known_fits(before: int | None, after: int | None) -> None:
    check_counts(before, after, is_count=True, is_cancelled=True)


@pytest.mark.parametrize(("before", "after"), [(3, 3), (3, 4), (0, 0)])
def test_a_count_that_did_not_go_down_shows_nothing_cancelled(before: int, after: int) -> None:
    with pytest.raises(CountNotLower) as caught:
        check_counts(before, after, is_count=True, is_cancelled=True)
    assert caught.value.params == {"before": before, "after": after}
    check_counts(before, after, is_count=True, is_cancelled=False)


@pytest.mark.parametrize(("before", "after"), [(3, None), (None, 0), (3, 2)])
def test_counts_belong_to_one_method(before: int | None, after: int | None) -> None:
    with pytest.raises(CountsOfAnotherMethod):
        check_counts(before, after, is_count=False, is_cancelled=False)
    check_counts(None, None, is_count=False, is_cancelled=True)
