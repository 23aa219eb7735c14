"""Filters of a list, kept under a name: whose they are, what of an address is kept, and what is not."""

from collections.abc import Callable

import pytest

from altis.accounts.errors import NoSuchFilter, NotAFilter, TooManyFilters
from altis.accounts.models import SavedFilter, User
from altis.accounts.services.drop_filter import drop_filter
from altis.accounts.services.keep_filter import MOST, keep_filter
from altis.privacy.services.erase import erase_person
from altis.privacy.services.export import export_person
from altis.shared.errors import Unauthenticated
from tests.orders.trips import CAUSE

pytestmark = pytest.mark.django_db(transaction=True)
MakeUser = Callable[..., User]
LIST, PAID = "orders.order", "status__exact=PAID"


def test_filters_are_kept_in_the_place_of_what_had_their_name(make_user: MakeUser) -> None:
    ana = make_user()

    keep_filter(owner=ana, page=LIST, name="Mornings", query=PAID)
    keep_filter(owner=ana, page=LIST, name="  Mornings ", query="currency=EUR")
    keep_filter(owner=ana, page="catalog.flight", name="Mornings", query="sales_open__exact=0")

    rows = SavedFilter.objects.order_by("page").values_list("owner", "page", "name", "query")
    assert list(rows) == [
        (ana.pk, "catalog.flight", "Mornings", "sales_open__exact=0"),
        (ana.pk, LIST, "Mornings", "currency=EUR"),
    ]


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("", PAID),
        ("   ", PAID),
        ("x" * 41, PAID),
        ("nul \0", PAID),
        ("ana@example.com", PAID),
        ("Mornings", ""),
        ("Mornings", "flight=ana@example.com"),
        ("Mornings", "flight=ana%40example.com"),
        ("Mornings", f"flight={'x' * 600}"),
    ],
    ids=["none", "blank", "long", "nul", "address", "no filter", "address in it", "coded address in it", "long filter"],
)
def test_what_is_no_filter_is_not_kept(make_user: MakeUser, name: str, query: str) -> None:
    with pytest.raises(NotAFilter):
        keep_filter(owner=make_user(), page=LIST, name=name, query=query)

    assert not SavedFilter.objects.exists()


def test_there_is_an_end_to_the_names_of_a_list(make_user: MakeUser) -> None:
    ana = make_user()
    for number in range(MOST):
        keep_filter(owner=ana, page=LIST, name=f"Number {number}", query=PAID)

    with pytest.raises(TooManyFilters):
        keep_filter(owner=ana, page=LIST, name="One more", query=PAID)
    keep_filter(owner=ana, page=LIST, name="Number 7", query="currency=EUR")
    keep_filter(owner=ana, page="catalog.flight", name="Another list", query=PAID)

    assert SavedFilter.objects.filter(page=LIST).count() == MOST


def test_nobody_deletes_a_colleagues_filters(make_user: MakeUser) -> None:
    ana, ben = make_user(), make_user("ben@example.com")
    row = keep_filter(owner=ana, page=LIST, name="Mornings", query=PAID)

    with pytest.raises(NoSuchFilter):
        drop_filter(owner=ben, key=row.pk)
    assert SavedFilter.objects.get() == row

    assert drop_filter(owner=ana, key=row.pk).name == "Mornings"
    with pytest.raises(NoSuchFilter):
        drop_filter(owner=ana, key=row.pk)
    assert not SavedFilter.objects.exists()


def test_filters_are_told_to_their_owner_and_go_with_the_account(make_user: MakeUser) -> None:
    ana = make_user()
    keep_filter(owner=ana, page=LIST, name="Mornings", query=PAID)

    told = export_person(person=ana.pk)["account"]["saved_filters"]
    erase_person(person=ana.pk, cause=CAUSE)

    assert told == [{"list": LIST, "name": "Mornings", "filters": PAID}]
    assert not SavedFilter.objects.exists()
    with pytest.raises(Unauthenticated):
        keep_filter(owner=ana, page=LIST, name="Mornings", query=PAID)
    assert not SavedFilter.objects.exists()
