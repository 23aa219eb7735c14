"""The first page: figures from the projections alone, charts with their tables, and a list behind each number."""

import json
import re
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import OperationalError, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from altis.accounts.models import User
from altis.backoffice.board import figures, views
from altis.insight.models import InvariantRun
from altis.insight.services.catch_up import catch_up
from altis.shared.clock import now
from altis.store.models import OutboxEvent
from orders.models import Order
from tests.backoffice.conftest import Staff
from tests.insight.projections.events import bought, inventory, order, payment, project, search
from tests.offers.market import fly, soon

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "analytics"])
TABLES_OF_ORDERS = re.compile(r'"(orders|payments|offers)_\w+"')


def _today() -> datetime:
    return datetime.combine(now().date(), time(0, 1), tzinfo=now().tzinfo)


def _tile(reply: Any, title: str) -> tuple[str, str]:
    [tile] = [tile for tile in reply.context["tiles"] if tile["title"] == title]
    return tile["today"], tile["month"]


def _chart(reply: Any, title: str) -> dict[str, Any]:
    [shown] = [shown for shown in reply.context["charts"] if shown["chart"].title == title]
    return {**shown, "data": json.loads(shown["chart"].value), "options": json.loads(shown["chart"].options)}


def test_today_stands_beside_the_last_30_days(administrator: Client) -> None:
    today, before = _today(), _today() - timedelta(days=29)
    refund = [payment("refund_requested", 4, "pay_1", came_from="SUCCEEDED"), payment("refunded", 5, "pay_1", at=today)]
    project(*bought(at=today), *bought(at=before), *bought(at=before), *bought(at=before - timedelta(days=1)))
    project(order("changed", 5, at=today), *refund, search("accepted", at=today), search(at=before))

    reply = administrator.get("/admin/")

    assert _tile(reply, "Searches") == ("1", "2")
    assert _tile(reply, "Acceptance rate") == ("100.0 %", "50.0 %")
    assert _tile(reply, "Orders paid") == ("1", "3")
    assert _tile(reply, "Revenue") == ("290.00 USD", "870.00 USD")
    assert _tile(reply, "Modification rate") == ("100.0 %", "33.3 %")
    assert _tile(reply, "Refund rate") == ("100.0 %", "33.3 %")


def test_a_day_without_anything_has_no_rates(administrator: Client) -> None:
    reply = administrator.get("/admin/")

    assert (_tile(reply, "Searches"), _tile(reply, "Revenue")) == (("0", "0"), ("–", "–"))
    assert _tile(reply, "Acceptance rate") == ("–", "–")
    assert "Nothing yet." in reply.text


def test_orders_by_status_are_those_of_the_table(administrator: Client, everything: Order) -> None:
    OutboxEvent.objects.update(published_at=now())
    catch_up(at_once=True)

    chart = _chart(administrator.get("/admin/"), "Orders by status")

    told = {strip_tags(row[0]): row[1] for row in chart["rows"]}
    assert {status: number for status, number in told.items() if number != "0"} == {everything.status: "1"}


def test_charts_have_units_a_legend_and_the_same_numbers_as_a_table(administrator: Client) -> None:
    project(*bought(at=_today()))

    reply = administrator.get("/admin/")

    chart = _chart(reply, "Revenue by product type")
    assert chart["options"]["scales"]["x"]["title"] == {"display": True, "text": "Day (UTC)"}
    assert chart["options"]["scales"]["y"]["title"] == {"display": True, "text": "USD"}
    assert chart["options"]["plugins"]["legend"]["display"] is True
    assert [(each["label"], each["data"][-1]) for each in chart["data"]["datasets"]] == [
        ("Bag", 90.0),
        ("Flight", 200.0),
    ]
    assert [[strip_tags(row[0]), *row[1:]] for row in chart["rows"]] == [
        ["Bag", "2", "90.00 USD"],
        ["Flight", "1", "200.00 USD"],
    ]
    assert "?type__exact=bag" in chart["rows"][0][0]
    assert reply.text.count("<caption") == sum(not shown["empty"] for shown in reply.context["charts"])


def test_load_factors_go_by_departure_date_and_lead_to_the_flights(administrator: Client) -> None:
    flight = fly(seats=50)
    project(inventory(flight.inventory.get().pk, 9, sold=12, flight_id=flight.pk, capacity=50))

    chart = _chart(administrator.get("/admin/"), "Load factor by departure date")

    assert [row[1:] for row in chart["rows"]] == [["12", "50", "24.0 %"]]
    [address] = re.findall(r'href="([^"]+)"', chart["rows"][0][0])
    listed = administrator.get(address.replace("&amp;", "&"))
    assert (listed.status_code, flight.flight_number in listed.text) == (200, True)
    assert f"departure_date__day={soon().day}" in address


def test_every_number_leads_to_its_list(administrator: Client) -> None:
    project(*bought(at=_today()))
    reply = administrator.get("/admin/")

    links = {shown["link"] for name in ("cards", "tiles", "charts") for shown in reply.context[name]}
    cells = [str(row[0]) for shown in reply.context["charts"] for row in shown["rows"]]
    links |= {found.replace("&amp;", "&") for cell in cells for found in re.findall(r'href="([^"]+)"', cell)}

    assert len(links) > 15
    assert {link: administrator.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_holds_about_to_end_lead_to_those_and_no_others(administrator: Client, proposed: Order) -> None:
    def listed() -> tuple[int, bool]:
        [card] = [card for card in administrator.get("/admin/").context["cards"] if "about to end" in card["title"]]
        reply = administrator.get(card["link"])
        assert reply.status_code == 200
        return card["number"], proposed.reference in reply.text

    assert listed() == (0, False)
    Order.objects.update(expires_at=now() + timedelta(minutes=4))

    assert listed() == (1, True)


def test_the_figures_read_no_table_of_orders(administrator: Client, everything: Order) -> None:
    with (
        CaptureQueriesContext(connections["default"]) as ours,
        CaptureQueriesContext(connections["analytics"]) as theirs,
    ):
        figures.read(now().date())

    read = [query["sql"] for query in (*ours.captured_queries, *theirs.captured_queries)]
    assert len(read) >= 7
    assert [sql for sql in read if TABLES_OF_ORDERS.search(sql)] == []
    assert TABLES_OF_ORDERS.search(str(Order.objects.all().query)), "the pattern would find one"


def test_the_page_takes_fewer_than_25_queries(administrator: Client, everything: Order) -> None:
    with (
        CaptureQueriesContext(connections["default"]) as ours,
        CaptureQueriesContext(connections["analytics"]) as theirs,
    ):
        assert administrator.get("/admin/").status_code == 200

    assert len(ours) + len(theirs) < 25


@pytest.mark.parametrize(
    ("right", "shown"),
    [
        ("view_impression", ["Searches"]),
        ("view_payment", ["Revenue"]),
        ("view_refund", ["Refund rate"]),
        ("view_offer", ["Searches", "Acceptance rate"]),
    ],
)
def test_one_right_is_enough_for_the_figures_behind_it(newcomer: Client, right: str, shown: list[str]) -> None:
    assert newcomer.get("/admin/").context["tiles"] == []
    User.objects.get().user_permissions.add(Permission.objects.get(codename=right))

    assert [tile["title"] for tile in newcomer.get("/admin/").context["tiles"]] == shown


def test_for_staff_without_any_right_no_figure_is_read(newcomer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "read", None)

    assert newcomer.get("/admin/").status_code == 200


def test_without_the_projections_the_rest_of_the_page_stands(
    administrator: Client, proposed: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_today: object) -> None:
        raise OperationalError

    monkeypatch.setattr(views, "read", away)

    page = administrator.get("/admin/").text

    assert "The figures cannot be read at the moment" in page
    assert proposed.reference in page


def test_broken_invariants_are_named_and_have_a_page(administrator: Client, staff: Staff) -> None:
    broken = [{"number": "I13", "title": "Totals add up", "found": 2, "ids": ["ord_7"]}]
    InvariantRun.objects.create(scope="recent", as_of=now(), seconds=1, asked=30, broken=broken)
    InvariantRun.objects.create(scope="everything", as_of=now(), seconds=9, asked=31)

    front, page = administrator.get("/admin/").text, administrator.get("/admin/invariants/").text

    assert "I13 Totals add up: 2" in front
    assert "All hold" in front
    assert ("ord_7" in page, "31 invariants hold" in page) == (True, True)
    assert staff("Finance").get("/admin/invariants/").status_code == 403


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        ("Pricing analyst", {"Searches and acceptance", "Revenue by product type", "Load factor by departure date"}),
        ("staff without a role", set()),
    ],
)
def test_each_role_sees_the_charts_it_may(staff: Staff, role: str, shown: set[str]) -> None:
    context = staff(role).get("/admin/").context

    assert {each["chart"].title for each in context["charts"]} == shown
    assert (context["newest"], context["checks"]) == (None, [])
