"""`check --deploy`: warnings where something secret would cross a network in clear, or to anybody who answers."""

from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

from altis.store.kafka_address import kafka_hosts, kafka_settings

_LOCAL: Final = ("", "localhost", "127.0.0.1", "::1")
_VERIFIED: Final = ("verify-ca", "verify-full")


@register(Tags.security, deploy=True)
def connections_are_encrypted(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """One warning for each server elsewhere that is reached without TLS, or whose certificate is not verified."""
    open_ones = [*_databases(), *_redis(), *_kafka()]
    return [
        Warning(
            f"{variable} reaches another host without a verified TLS connection.",
            hint="docs/transport.md shows the form of its address with TLS.",
            id="altis.W001",
        )
        for variable in dict.fromkeys(open_ones)
    ]


def _databases() -> list[str]:
    names = {"default": "DATABASE_URL", "analytics": "ANALYTICS_DATABASE_URL"}
    found = [alias for alias in names if not _is_safe_database(settings.DATABASES[alias])]
    # The alias of the projections repeats the other one unless it has an address of its own.
    same = settings.DATABASES["default"].get("HOST") == settings.DATABASES["analytics"].get("HOST")
    return [names["default" if same else alias] for alias in found]


def _is_safe_database(database: dict[str, Any]) -> bool:
    hosts = str(database.get("HOST") or "").split(",")
    local = all(host.startswith("/") or host in _LOCAL for host in hosts)
    return local or database["OPTIONS"].get("sslmode") in _VERIFIED


def _redis() -> list[str]:
    places = {
        "REDIS_URL": settings.REDIS_URL,
        "ALTIS_CACHE_URL": settings.CACHES["default"]["LOCATION"],
        "CELERY_BROKER_URL": settings.CELERY_BROKER_URL,
    }
    return [variable for variable, url in places.items() if not _is_safe_redis(url)]


def _is_safe_redis(url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme == "unix" or (parts.hostname or "") in _LOCAL:
        return True
    wanted = parse_qs(parts.query).get("ssl_cert_reqs", ["required"])[-1]
    return parts.scheme in ("rediss", "amqps") and wanted in ("required", "CERT_REQUIRED")


def _kafka() -> list[str]:
    address = settings.KAFKA_BOOTSTRAP_SERVERS
    local = all(host in _LOCAL for host, _ in kafka_hosts(address))
    safe = local or kafka_settings(address).get("security.protocol") in ("SSL", "SASL_SSL")
    return [] if safe else ["KAFKA_BOOTSTRAP_SERVERS"]
