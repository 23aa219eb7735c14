"""The page of the audit: everything that staff did, found by who, what and when, and taken away as CSV."""

from typing import Any

import pytest
from django.contrib.admin.utils import quote
from django.contrib.auth.models import Group
from django.test import Client

from altis.accounts.models import Reveal, User
from altis.accounts.services.reveal import reveal
from altis.audit.models import Change, Entry
from altis.audit.services.write_csv import HEADINGS
from altis.shared.actors import Actor, Cause
from catalog.models import Product
from orders.models import Order, OrderEvent
from tests.backoffice.conftest import Staff
from tests.backoffice.pages import page
from tests.factories import make_product, make_schedule

pytestmark = pytest.mark.django_db
LIST = page(Entry, "changelist")


def _post_price(client: Client, schedule: Any, price: str, reason: str = "new_season") -> int:
    """Send the form of a schedule with another base fare."""
    reply: Any = client.get(page(type(schedule), "change", schedule.pk))
    forms = [reply.context["adminform"].form, *(inline.formset for inline in reply.context["inline_admin_formsets"])]
    data: dict[str, Any] = {"reason": reason}
    for form in [forms[0], forms[1].management_form, *forms[1].forms]:
        data |= {field.html_name: field.value() for field in form if field.value() is not None}
    fare = next(name for name in data if name.startswith("fares-0-base"))
    return client.post(page(type(schedule), "change", schedule.pk), {**data, fare: price}).status_code


def test_a_change_in_a_form_names_its_author_its_page_and_its_reason(staff: Staff) -> None:
    schedule = make_schedule()
    client = staff("Administrator")
    boss = User.objects.get(is_staff=True)

    status = _post_price(client, schedule, "250")

    change = Change.objects.get(relation="catalog_fare", act="changed")
    assert status == 302
    assert (change.staff, change.page, change.reason) == (
        boss.pk,
        page(type(schedule), "change", schedule.pk),
        "new_season",
    )


def test_every_source_is_on_the_page(everything: Order, staff: Staff) -> None:
    boss = everything.owner
    reveal(actor=boss, subject=boss.pk, of=boss, reason="the reason of a test", read=lambda: None)
    OrderEvent.objects.create(
        order=everything,
        sequence=99,
        from_status="PAID",
        to_status="CANCELLED",
        actor=str(Cause(Actor("staff", boss.pk), "x").actor),
        reason="customer_asked",
    )
    client = staff("Auditor")

    text = client.get(LIST).text
    entries = {entry.source: entry for entry in Entry.objects.order_by("at")}

    assert set(entries) >= {"change", "note", "reveal", "order"}
    assert (entries["order"].staff, entries["order"].reason) == (boss.pk, "customer_asked")
    assert (entries["reveal"].staff, entries["reveal"].object_id) == (boss.pk, boss.pk)
    assert "customer asked" in text
    assert "the reason of a test" not in text
    assert str(boss.email) not in text
    for entry in entries.values():
        assert client.get(page(Entry, "change", quote(entry.pk))).status_code == 200, entry.source


def test_it_is_filtered_by_who_what_and_when(staff: Staff) -> None:
    client = staff("Auditor")
    product = make_product()
    someone = Reveal.objects.create(
        actor=User.objects.get(is_staff=True), subject="usr_x", object_type="user", object_id="usr_x", reason="for it"
    )

    def found(query: str) -> set[str]:
        return {entry.object_id for entry in client.get(f"{LIST}?{query}").context["cl"].result_list}

    assert found(f"who={someone.actor_id}") == {"usr_x"}
    assert found("object=catalog_product") == {product.pk}
    assert found(f"q={product.pk}") == {product.pk}
    assert found("source__exact=reveal") == {"usr_x"}
    assert found(f"at__year={someone.at.year - 1}") == set()


def test_a_page_shows_the_difference(staff: Staff) -> None:
    product = make_product(price="35.00")
    Product.objects.filter(pk=product.pk).update(base_price_minor=4000, name="Big bag")
    change = Change.objects.get(relation="catalog_product", act="changed")

    text = staff("Auditor").get(page(Entry, "change", quote(f"change-{change.pk}"))).text

    for word in ("base price, minor units", "3500", "4000", "Big bag"):
        assert word in text


def test_a_row_without_a_page_is_named_and_leads_to_its_owners(staff: Staff) -> None:
    schedule = make_schedule(flight_number="100")
    schedule.fares.update(base_minor=1)
    change = Change.objects.get(relation="catalog_fare", act="changed")

    text = staff("Auditor").get(f"{LIST}?object=catalog_fare").text

    assert (change.name, change.owner, change.owner_key) == ("AL 100 economy", "catalog_schedule", str(schedule.pk))
    assert f'href="{page(type(schedule), "change", schedule.pk)}"' in text
    assert "AL 100 economy" in text


def test_a_reveal_leads_to_its_sealed_reason(staff: Staff) -> None:
    client = staff("Auditor")
    boss = User.objects.get(is_staff=True)
    reveal(actor=boss, subject=boss.pk, of=boss, reason="the reason of a test", read=lambda: None)

    text = client.get(f"{LIST}?source__exact=reveal").text

    assert page(Reveal, "change", Reveal.objects.get().pk) in text
    assert "sealed, see Reveals" in text


def test_rights_say_whose_and_which_even_when_the_group_has_gone(staff: Staff) -> None:
    client = staff("Auditor")
    boss, group = User.objects.get(is_staff=True), Group.objects.create(name="Desk")
    boss.groups.add(group)
    group.delete()

    names = (
        Change.objects.filter(relation="accounts_user_groups").order_by("pk").values_list("act", "name", "owner_key")
    )

    assert list(names)[-2:] == [("added", "Desk", boss.pk), ("deleted", "Desk", boss.pk)]
    assert client.get(f"{LIST}?q=Desk").context["cl"].result_list


@pytest.mark.parametrize("query", ["nothing=1", "at__year=x", "p=x", "source__exact=%00", "q=%00"])
def test_a_filter_that_means_nothing_is_never_a_crash(staff: Staff, query: str) -> None:
    client = staff("Auditor")

    assert client.get(f"{LIST}?{query}").status_code < 500
    export: Any = client.get(f"{LIST}export/?{query}")
    assert export.status_code < 500
    if export.streaming:
        b"".join(export.streaming_content)  # whatever is wrong with it shows as it is read


def test_it_is_taken_away_as_csv_without_formulas(staff: Staff) -> None:
    product = make_product()
    Product.objects.filter(pk=product.pk).update(name="=cmd|' /C calc'!A0")
    client = staff("Auditor")

    reply: Any = client.get(f"{LIST}export/?object=catalog_product")
    lines = b"".join(reply.streaming_content).decode().splitlines()

    assert reply["Content-Type"] == "text/csv; charset=utf-8"
    assert lines[0] == ",".join(HEADINGS)
    assert ",'=cmd|" in lines[1]
    assert all(",product," in line for line in lines[1:])


@pytest.mark.parametrize("role", ["Finance", "Product manager", "Pricing analyst", "Customer agent"])
def test_others_take_nothing_away(staff: Staff, role: str) -> None:
    assert Group.objects.filter(name=role).exists()

    assert staff(role).get(f"{LIST}export/").status_code == 403


def test_nobody_deletes_a_line_here(administrator: Client) -> None:
    make_product()
    entry = Entry.objects.first()
    assert entry is not None

    for kind in ("delete", "change"):
        assert administrator.post(page(Entry, kind, quote(entry.pk)), {"post": "yes", "staff": ""}).status_code == 403
    administrator.post(LIST, {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"})

    assert Entry.objects.filter(pk=entry.pk).exists()
