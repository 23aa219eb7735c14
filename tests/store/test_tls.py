"""TLS to PostgreSQL, Redis and Kafka by their addresses: a verified chain passes, any other is refused."""

import os
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
import pytest
import redis
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.db.utils import ConnectionHandler
from django_redis.cache import RedisCache
from kombu import Connection
from kombu.exceptions import OperationalError as BrokerAway

from altis.devstack.config import ServerSettings
from altis.devstack.ports import LOOPBACK
from altis.devstack.stack import Services
from altis.devstack.state import StateFolder
from altis.store.addresses import broker_url, postgres_database, redis_caches, redis_database
from altis.store.checks import connections_are_encrypted
from altis.store.kafka import EventProducer
from altis.store.kafka_address import kafka_hosts, kafka_settings
from altis.store.kafka_consumer import read_everything
from altis.store.messages import Message
from tests.certificates import Authority, Files, tls_in_front_of


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def stranger_file(tmp_path: Path) -> Path:
    """An authority that has signed nothing here."""
    return Authority(tmp_path, "stranger").file


@pytest.fixture
def client_files(authority: Authority) -> Files:
    return authority.sign("client")


@pytest.fixture
def postgres(authority: Authority) -> Iterator[str]:
    """The test run's PostgreSQL behind TLS, for clients with a certificate."""
    plain = urlsplit(os.environ["DATABASE_URL"])
    place = (plain.hostname or "", plain.port or 0)
    with tls_in_front_of(lambda: place, authority.sign("server"), clients=authority.file, postgres=True) as port:
        yield f"postgresql://{plain.netloc.rpartition('@')[0]}@localhost:{port}{plain.path}"


def _database(url: str) -> Any:
    config = postgres_database(environ.Env().db_url_config(url), pool_min=0, pool_max=1, test_name="t")
    config["OPTIONS"].pop("pool")  # a pool tries again for seconds
    return ConnectionHandler({"default": config})["default"]


@pytest.mark.django_db
def test_postgresql_with_a_verified_chain_and_a_certificate_of_our_own(
    postgres: str, authority: Authority, client_files: Files
) -> None:
    own = f"&sslcert={client_files.certificate}&sslkey={client_files.key}"

    connection = _database(f"{postgres}?sslmode=verify-full&sslrootcert={authority.file}{own}")

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('TimeZone')")
        assert cursor.fetchone() == ("UTC",)
    assert connection.connection.pgconn.ssl_in_use
    connection.close()


@pytest.mark.django_db
def test_postgresql_of_another_authority_is_refused(postgres: str, stranger_file: Path, client_files: Files) -> None:
    own = f"&sslcert={client_files.certificate}&sslkey={client_files.key}"

    connection = _database(f"{postgres}?sslmode=verify-full&sslrootcert={stranger_file}{own}")

    with pytest.raises(OperationalError, match="certificate verify failed"):
        connection.ensure_connection()


def test_what_the_address_says_cannot_undo_our_own_settings() -> None:
    url = "postgresql://u@db.example:5432/altis?sslmode=verify-full&options=-c%20work_mem%3D8MB&ATOMIC_REQUESTS=true"

    config = postgres_database(environ.Env().db_url_config(url), pool_min=1, pool_max=3, test_name="t")

    options = config["OPTIONS"]
    assert config["ATOMIC_REQUESTS"] is False
    assert (options["sslmode"], options["pool"]["max_size"], options["connect_timeout"]) == ("verify-full", 3, 5)
    ours = "-c idle_in_transaction_session_timeout=10000 -c timezone=UTC"
    assert options["options"] == f"{ours} -c work_mem=8MB"


@pytest.fixture
def valkey(authority: Authority) -> Iterator[str]:
    """The test run's Valkey behind TLS; options follow."""
    plain = urlsplit(os.environ["REDIS_URL"])
    place = (plain.hostname or "", plain.port or 0)
    with tls_in_front_of(lambda: place, authority.sign("server")) as port:
        yield f"rediss://{plain.netloc.rpartition('@')[0]}@localhost:{port}{plain.path}"


def test_redis_with_a_verified_chain_for_the_gate_the_offers_and_the_cache(valkey: str, authority: Authority) -> None:
    url = f"{valkey}?ssl_cert_reqs=required&ssl_ca_certs={authority.file}"

    caches = redis_caches(url, cache_url="", timeout=5, patience=5)

    for place in caches.values():
        cache = RedisCache(place["LOCATION"], {"OPTIONS": {**place["OPTIONS"], "IGNORE_EXCEPTIONS": False}})
        assert cache.client.get_client().ping()
        cache.client.get_client().connection_pool.disconnect()


def test_redis_of_another_authority_is_refused(valkey: str, stranger_file: Path) -> None:
    place = redis_caches(f"{valkey}?ssl_ca_certs={stranger_file}", cache_url="", timeout=5, patience=5)["engine"]

    cache = RedisCache(place["LOCATION"], {"OPTIONS": place["OPTIONS"]})

    with pytest.raises(redis.ConnectionError, match="certificate verify failed"):
        cache.client.get_client().ping()


def test_celery_with_a_verified_chain(valkey: str, authority: Authority) -> None:
    url = broker_url("", redis_url=f"{valkey}?ssl_ca_certs={authority.file}&socket_timeout=3")

    with Connection(url) as connection:
        connection.ensure_connection(max_retries=1)
        assert connection.ssl == {"ssl_ca_certs": str(authority.file), "ssl_cert_reqs": ssl.CERT_REQUIRED}
        channel: Any = connection.default_channel
        assert channel.client.ping()


def test_celery_verifies_also_when_the_address_does_not_say_so(valkey: str) -> None:
    with Connection(broker_url(valkey, redis_url="")) as connection:
        assert connection.ssl == {"ssl_cert_reqs": ssl.CERT_REQUIRED}
        with pytest.raises(BrokerAway, match="certificate verify failed"):
            connection.ensure_connection(max_retries=1, interval_start=0)


@pytest.mark.parametrize(
    ("url", "further"),
    [
        ("redis://h:6379/0", "redis://h:6379/2"),
        ("redis://h:6379", "redis://h:6379/2"),
        ("redis://h/", "redis://h/2"),
        ("redis://:p%2Fw@h:6379/3", "redis://:p%2Fw@h:6379/5"),
        ("rediss://h:6379/1?ssl_ca_certs=%2Fca.pem", "rediss://h:6379/3?ssl_ca_certs=%2Fca.pem"),
        ("redis://h?db=4&protocol=3", "redis://h/6?protocol=3"),
    ],
)
def test_another_database_of_the_same_server(url: str, further: str) -> None:
    assert redis_database(url, 2) == further


def test_a_broker_without_tls_is_taken_as_it_is() -> None:
    assert broker_url("amqp://u:p@h:5672//", redis_url="redis://h/0") == "amqp://u:p@h:5672//"
    assert broker_url("", redis_url="redis://h/0?protocol=3") == "redis://h/2"


@pytest.fixture
def kafka(authority: Authority, tmp_path: Path) -> Iterator[str]:
    """A broker whose clients are sent through TLS, with a certificate of their own."""
    found: list[tuple[str, int]] = []
    folder = tmp_path / "broker"
    folder.mkdir()
    with tls_in_front_of(lambda: found[0], authority.sign("broker"), clients=authority.file) as port:
        wanted = ServerSettings(durable=False, kafka_advertised=f"{LOOPBACK}:{port}")
        services = Services(StateFolder(folder), wanted)
        services.take(0)
        try:
            found.extend(kafka_hosts(services.start(only=("broker",))["KAFKA_BOOTSTRAP_SERVERS"]))
            yield f"kafka+ssl://{LOOPBACK}:{port}"
        finally:
            services.stop()


def test_kafka_with_a_verified_chain_and_a_certificate_of_our_own(
    kafka: str, authority: Authority, client_files: Files, stranger_file: Path, settings: Any
) -> None:
    own = f"certificate={client_files.certificate}&key={client_files.key}"
    message = Message("altis.orders", "k", b"told", ())

    settings.KAFKA_BOOTSTRAP_SERVERS, settings.ALTIS_KAFKA_TIMEOUT_SECONDS = f"{kafka}?ca={authority.file}&{own}", 20.0
    [sent] = EventProducer().publish([message])
    read = [record.value for batch in read_everything(10, quiet_seconds=1.0) for record in batch]
    settings.KAFKA_BOOTSTRAP_SERVERS, settings.ALTIS_KAFKA_TIMEOUT_SECONDS = f"{kafka}?ca={stranger_file}&{own}", 1.0
    [unsent] = EventProducer().publish([message])

    assert (sent.outcome, read, unsent.outcome) == ("sent", [b"told"], "retry")


def test_kafkas_address_says_how_to_get_in() -> None:
    found = kafka_settings("kafka+ssl://altis:p%40ss@a:9093,b:9094?ca=/ca.pem&mechanism=SCRAM-SHA-256")

    assert found == {
        "bootstrap.servers": "a:9093,b:9094",
        "security.protocol": "SASL_SSL",
        "ssl.ca.location": "/ca.pem",
        "enable.ssl.certificate.verification": True,
        "ssl.endpoint.identification.algorithm": "https",
        "sasl.mechanisms": "SCRAM-SHA-256",
        "sasl.username": "altis",
        "sasl.password": "p@ss",
    }
    assert kafka_settings("a:1,b:2") == {"bootstrap.servers": "a:1,b:2"}
    assert kafka_hosts("kafka+ssl://u:p@a:9093,b:9094") == [("a", 9093), ("b", 9094)]


@pytest.mark.parametrize(
    "address",
    [
        "http://a:1",
        "kafka+ssl://",
        "kafka+ssl://u:geheim@a:1/topic",
        "kafka+ssl://u:geheim@a:1?verify=no",
        "kafka+ssl://u:geheim@a:1?mechanism=GSSAPI",
        "kafka://u:geheim@a:1?ca=/ca.pem",
    ],
)
def test_an_address_of_another_form_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="^KAFKA_BOOTSTRAP_SERVERS must be") as refused:
        kafka_settings(address)

    assert "geheim" not in str(refused.value)


def _place(settings: Any, *, host: str, sslmode: str, redis: str, kafka: str) -> None:
    for alias in ("default", "analytics"):
        database = settings.DATABASES[alias]
        options = {**database["OPTIONS"], "sslmode": sslmode}
        settings.DATABASES = {**settings.DATABASES, alias: {**database, "HOST": host, "OPTIONS": options}}
    settings.REDIS_URL = settings.CELERY_BROKER_URL = redis
    settings.CACHES = {**settings.CACHES, "default": {**settings.CACHES["default"], "LOCATION": redis}}
    settings.KAFKA_BOOTSTRAP_SERVERS = kafka


@pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")
def test_a_deployment_is_warned_of_each_server_that_it_reaches_in_clear(settings: Any) -> None:
    every = ("DATABASE_URL", "REDIS_URL", "ALTIS_CACHE_URL", "CELERY_BROKER_URL", "KAFKA_BOOTSTRAP_SERVERS")

    _place(settings, host="db", sslmode="require", redis="rediss://r/0?ssl_cert_reqs=none", kafka="kafka://k:9092")
    warned = [(message.id, message.msg.split()[0]) for message in connections_are_encrypted(None)]
    _place(settings, host="db", sslmode="verify-full", redis="rediss://r/0", kafka="kafka+ssl://k:9093")

    assert warned == [("altis.W001", variable) for variable in every]
    assert connections_are_encrypted(None) == []


def test_servers_on_this_machine_need_no_tls(settings: Any) -> None:
    assert connections_are_encrypted(None) == []
