"""The headers of the lane's replies are those that Django's own middleware adds."""

import pytest
from pytest_django import Settings

from altis.lane.operation import Head, Operation

_PLAIN = {"scheme": "http", "forwarded_proto": "", "origin": ""}


@pytest.fixture
def whole_site(settings: Settings) -> Settings:
    settings.ROOT_URLCONF = "altis.urls"
    settings.ALLOWED_HOSTS = ["altis.example"]
    return settings


def _head(**request: str) -> Head | None:
    return Operation("POST", "/v1/offers/search").head(**{**_PLAIN, "host": "altis.example", **request})


def test_the_lane_knows_an_operation_as_the_url_conf_has_it(whole_site: Settings) -> None:
    operation = Operation("GET", "/v1/flights")

    assert (operation.view_name, operation.route, operation.rate_class) == ("flights", "v1/flights", "default")


def test_an_operation_with_more_checks_than_the_lane_has_is_refused(whole_site: Settings) -> None:
    with pytest.raises(ValueError, match="guests and users"):
        Operation("GET", "/v1/orders")


def test_a_host_that_is_not_ours_is_left_to_django(whole_site: Settings) -> None:
    found = _head()

    assert found is not None
    assert dict(found.headers)["Cache-Control"] == "no-store"
    assert [_head(host=host) for host in ("", "evil.example", "a b", "altis.example:x")] == [None] * 4


def test_plain_http_is_left_to_django_where_it_is_redirected(whole_site: Settings) -> None:
    whole_site.SECURE_SSL_REDIRECT = True
    whole_site.SECURE_HSTS_SECONDS = 60
    whole_site.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    secure = [_head(scheme="https"), _head(forwarded_proto="https")]

    assert _head() is None
    assert [head and head.transport for head in secure] == ["https", "https"]
    assert all("max-age=60" in dict(head.headers)["Strict-Transport-Security"] for head in secure if head)


def test_origins_are_answered_as_cors_has_it(whole_site: Settings) -> None:
    whole_site.CORS_ALLOWED_ORIGINS = ["https://shop.example"]
    whole_site.CORS_URLS_REGEX = r"^/v1/"

    ours, theirs = _head(origin="https://shop.example"), _head(origin="https://elsewhere.example")

    assert ours is not None
    assert theirs is not None
    assert dict(ours.headers)["access-control-allow-origin"] == "https://shop.example"
    assert "access-control-allow-origin" not in dict(theirs.headers)


def test_hosts_that_somebody_makes_up_take_no_memory(whole_site: Settings) -> None:
    whole_site.ALLOWED_HOSTS = ["*"]
    operation = Operation("GET", "/v1/flights")

    for number in range(600):
        operation.head(host=f"h{number}", **_PLAIN)

    assert len(operation._heads) == 512
