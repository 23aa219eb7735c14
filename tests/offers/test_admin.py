"""Staff look, and change nothing."""

import pytest
from django.contrib import admin
from django.test import Client

from altis.accounts.models import User
from offers.models import Impression, Offer
from tests.offers.builders import offer

pytestmark = pytest.mark.django_db(databases=["default", "analytics"])


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("staff@example.com", "correct horse battery"))
    return client


def test_decided_offers_are_listed_and_shown_but_not_edited(staff: Client) -> None:
    row = Offer.of(offer())
    row.status = "ACCEPTED"
    row.save()

    assert "501.00 USD" in staff.get("/admin/offers/offer/").text
    assert staff.get(f"/admin/offers/offer/{row.pk}/change/").status_code == 200
    assert staff.post(f"/admin/offers/offer/{row.pk}/change/", {"bundle": "x"}).status_code == 403
    assert staff.post(f"/admin/offers/offer/{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_impressions_are_listed(staff: Client) -> None:
    assert staff.get("/admin/offers/impression/").status_code == 200
    assert staff.get("/admin/offers/impression/add/").status_code == 403
    assert admin.site.is_registered(Impression)
