"""Pages of a numbered list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.kernel.paging import links_around, numbers_on, page_count, page_of


@given(st.integers(1, 10**6), st.sampled_from([10, 20, 50]))
def test_an_item_is_on_its_page(number, per_page):
    first, last = numbers_on(page_of(number, per_page), per_page)
    assert first <= number <= last


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (20, 1), (21, 2), (100_000, 5000)])
def test_page_count(count, pages):
    assert page_count(count) == pages


@pytest.mark.parametrize(
    ("page", "last", "links"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (1, 11, [1, 2, 3, None, 11]),
        (6, 11, [1, None, 4, 5, 6, 7, 8, None, 11]),
        (5, 11, [1, 2, 3, 4, 5, 6, 7, None, 11]),
        (5000, 5000, [1, None, 4998, 4999, 5000]),
    ],
)
def test_links_around(page, last, links):
    assert links_around(page, last) == links
