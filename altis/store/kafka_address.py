"""KAFKA_BOOTSTRAP_SERVERS: `host:port,…`, or a URL that also says how to get in and whom to trust."""

from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_OPTIONS: Final = {"ca": "ssl.ca.location", "certificate": "ssl.certificate.location", "key": "ssl.key.location"}
_MECHANISMS: Final = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
_SCHEMES: Final = ("kafka", "kafka+ssl")


def kafka_settings(address: str) -> dict[str, Any]:
    """For librdkafka: where the brokers are, TLS with the brokers' names verified, SASL when there is a user.

    Raises ImproperlyConfigured without repeating the address, which may have a password in it.
    """
    if "://" not in address:
        return {"bootstrap.servers": address}
    parts = urlsplit(address)
    servers, options = parts.netloc.rpartition("@")[2], dict(parse_qsl(parts.query))
    tls, user = parts.scheme == "kafka+ssl", parts.username
    mechanism = options.pop("mechanism", _MECHANISMS[-1])
    known = parts.scheme in _SCHEMES and servers and parts.path in ("", "/") and options.keys() <= _OPTIONS.keys()
    if not known or mechanism not in _MECHANISMS or (options and not tls):
        raise ImproperlyConfigured(
            "KAFKA_BOOTSTRAP_SERVERS must be host:port,… or "
            "kafka+ssl://user:password@host:port,…?ca=…&certificate=…&key=…&mechanism=SCRAM-SHA-512"
        )
    found: dict[str, Any] = {"bootstrap.servers": servers, **{_OPTIONS[name]: options[name] for name in options}}
    if tls:
        found |= {"enable.ssl.certificate.verification": True, "ssl.endpoint.identification.algorithm": "https"}
    if user:
        name, password = unquote(user), unquote(parts.password or "")
        found |= {"sasl.mechanisms": mechanism, "sasl.username": name, "sasl.password": password}
    if tls or user:
        found["security.protocol"] = f"{'SASL_' if user else ''}{'SSL' if tls else 'PLAINTEXT'}"
    return found


def kafka_address(address: str) -> str:
    """The address itself; raises ImproperlyConfigured when it cannot be used."""
    kafka_settings(address)
    return address


def kafka_hosts(address: str) -> list[tuple[str, int]]:
    """Host and port of each bootstrap server."""
    places = (server.strip().rpartition(":") for server in kafka_settings(address)["bootstrap.servers"].split(","))
    return [(host.strip("[]"), int(port)) for host, _, port in places]
