"""Far pages of long lists: the same rows, without reading those before them."""

from typing import Any

import pytest
from django.core.paginator import EmptyPage, Paginator
from django.db import connection
from django.test.utils import CaptureQueriesContext

from altis.store.admin.pages import InfinitePaginator
from catalog.models import Airport

pytestmark = pytest.mark.django_db


@pytest.fixture
def airports() -> None:
    Airport.objects.bulk_create(
        Airport(code=f"{number:03}", name=f"Airport {number}", city="X", country="GB", time_zone="UTC")
        for number in range(999)
    )
    Airport.objects.bulk_create(
        Airport(code=f"A{number:02}", name="Airport", city="X", country="GB", time_zone="UTC") for number in range(99)
    )


def _codes(pages: Any, number: int) -> list[str]:
    return [airport.code for airport in pages.page(number).object_list]


@pytest.mark.usefixtures("airports")
def test_a_page_has_the_rows_that_django_gives_it() -> None:
    rows = Airport.objects.order_by("-code")
    expected, ours = Paginator(rows, 50), InfinitePaginator(rows, 50)

    for number in (1, 20, 21, 22):
        assert _codes(ours, number) == _codes(expected, number) != []


@pytest.mark.usefixtures("airports")
def test_of_rows_that_are_passed_over_nothing_but_keys_is_read() -> None:
    pages = InfinitePaginator(Airport.objects.order_by("-code"), 50)

    with CaptureQueriesContext(connection) as asked:
        _codes(pages, 22)

    [keys, rows] = (query["sql"] for query in asked)
    assert ("OFFSET 1050" in keys, "time_zone" in keys) == (True, False)
    assert ("OFFSET" in rows, "time_zone" in rows) == (False, True)


@pytest.mark.usefixtures("airports")
def test_behind_the_last_row_there_is_an_empty_page_and_no_next_one() -> None:
    page = InfinitePaginator(Airport.objects.order_by("-code"), 50).page(23)

    assert (list(page.object_list), page.has_next()) == ([], False)
    with pytest.raises(EmptyPage):
        InfinitePaginator(Airport.objects.all(), 50).page(0)
