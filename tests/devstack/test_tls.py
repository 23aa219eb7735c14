"""The API server's own TLS: a verified chain passes, older versions and plain HTTP do not."""

import http.client
import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from altis.devstack import ports
from altis.devstack.api_server import allowed_host, answers, server_words
from altis.devstack.config import PROJECT, Config, from_environment
from altis.devstack.errors import StackError
from altis.devstack.product import Product
from altis.devstack.tls import Certificate
from tests.certificates import Authority, Files

_START_SECONDS = 60.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tls")


@pytest.fixture(scope="module")
def authority(folder: Path) -> Authority:
    return Authority(folder)


@pytest.fixture(scope="module")
def files(authority: Authority) -> Files:
    return authority.sign("api")


@pytest.fixture(scope="module")
def server(files: Files) -> Iterator[int]:
    """The API with TLS as the container starts it; its port."""
    port = ports.free_port()
    words = ["-m", "altis.devstack.api_server", "--port", str(port), "--workers", "1"]
    environment = {**os.environ, "ALTIS_TLS_CERTIFICATE": str(files.certificate), "ALTIS_TLS_KEY": str(files.key)}
    running = subprocess.Popen([sys.executable, *words], cwd=PROJECT, env=environment)
    deadline = time.monotonic() + _START_SECONDS
    while not answers(ports.LOOPBACK, port, "/healthz", Certificate(files.certificate, files.key)):
        assert running.poll() is None
        assert time.monotonic() < deadline, "the server does not answer"
        time.sleep(0.1)
    yield port
    running.terminate()
    running.wait(20)


def _ask(port: int, context: ssl.SSLContext) -> tuple[int, str, bytes]:
    with closing(http.client.HTTPSConnection("localhost", port, timeout=10, context=context)) as connection:
        connection.request("GET", "/healthz")
        reply = connection.getresponse()
        return reply.status, reply.headers["Server"], reply.read()


def test_a_verified_chain_passes_and_the_reply_names_no_program(server: int, authority: Authority) -> None:
    reply = _ask(server, ssl.create_default_context(cafile=str(authority.file)))

    assert reply == (200, "Altis", b'{"status":"ok"}')


def test_whoever_does_not_know_the_authority_gets_no_further(server: int, folder: Path) -> None:
    stranger = ssl.create_default_context(cafile=str(Authority(folder, "stranger").file))

    with pytest.raises(ssl.SSLCertVerificationError):
        _ask(server, stranger)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
@pytest.mark.parametrize(
    ("version", "taken"), [(ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True)], ids=["1.1", "1.2"]
)
def test_the_least_version_is_1_2(server: int, authority: Authority, version: ssl.TLSVersion, taken: bool) -> None:
    context = ssl.create_default_context(cafile=str(authority.file))
    context.set_ciphers("ALL:@SECLEVEL=0")  # else this client itself would not offer 1.1
    context.minimum_version = context.maximum_version = version

    with socket.create_connection((ports.LOOPBACK, server), timeout=10) as connection:
        if taken:
            with context.wrap_socket(connection, server_hostname="localhost") as secured:
                assert secured.version() == "TLSv1.2"
        else:
            with pytest.raises(ssl.SSLError, match="_ALERT_"):
                context.wrap_socket(connection, server_hostname="localhost")


def test_plain_http_on_that_port_gets_nothing(server: int) -> None:
    assert not answers(ports.LOOPBACK, server, "/healthz", None)
    with socket.create_connection((ports.LOOPBACK, server), timeout=10) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"HTTP/" not in connection.recv(1000)


def test_the_probe_trusts_this_certificate_alone(server: int, authority: Authority, files: Files) -> None:
    other = authority.sign("other")

    assert answers(ports.LOOPBACK, server, "/healthz", Certificate(files.certificate, files.key))
    assert not answers(ports.LOOPBACK, server, "/healthz", Certificate(other.certificate, other.key))


@pytest.mark.parametrize(
    ("certificate", "key", "said"),
    [
        ("api", "", "ALTIS_TLS_KEY must be set too"),
        ("", "api", "ALTIS_TLS_CERTIFICATE must be set too"),
        ("nowhere", "api", "ALTIS_TLS_CERTIFICATE: there is no file"),
        ("api", "nowhere", "ALTIS_TLS_KEY: there is no file"),
        ("api", "other", "ALTIS_TLS_CERTIFICATE and ALTIS_TLS_KEY cannot be used together"),
        ("api", "old", "ALTIS_TLS_KEY must be in PKCS#8"),
    ],
)
def test_half_a_setting_or_a_missing_file_ends_the_start(
    authority: Authority, files: Files, folder: Path, certificate: str, key: str, said: str
) -> None:
    (folder / "old.key").write_text("-----BEGIN EC PRIVATE KEY-----\n")
    places = {
        "": Files(Path(""), Path("")),
        "api": files,
        "other": authority.sign("other"),
        "nowhere": Files(folder / "nowhere.pem", folder / "nowhere.key"),
        "old": Files(folder / "old.pem", folder / "old.key"),
    }
    environ = {
        "ALTIS_TLS_CERTIFICATE": str(places[certificate].certificate) if certificate else "",
        "ALTIS_TLS_KEY": str(places[key].key) if key else "",
    }

    with pytest.raises(StackError, match=said):
        from_environment(environ)


def test_the_container_does_not_start_with_half_a_setting(files: Files) -> None:
    words = [sys.executable, "-m", "altis.devstack.api_server"]
    environment = {**os.environ, "ALTIS_TLS_CERTIFICATE": str(files.certificate), "ALTIS_TLS_KEY": ""}

    done = subprocess.run(words, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stderr) == (
        1,
        "ALTIS_TLS_KEY must be set too: TLS needs a certificate and its key\n",
    )


def test_with_a_certificate_the_whole_stack_speaks_https(tmp_path: Path, authority: Authority, files: Files) -> None:
    config = Config(state_dir=tmp_path, port=8443, certificate=Certificate(files.certificate, files.key))

    product = Product(config, tmp_path, {}, "a-run")

    [api] = [plan.command() for plan in product.plans() if plan.name == "api"]
    assert "--ssl-protocol-min tls1.2" in " ".join(api.argv)
    hook = product.process_environment["ALTIS_SIMULATOR_WEBHOOK_URL"]
    assert (config.url, hook) == ("https://localhost:8443", f"{config.url}/v1/webhooks/payments/simulator")
    assert Config(state_dir=tmp_path).url == "http://localhost:8080"
    assert "--ssl-certificate" not in server_words("h", 1, 1, None)


def test_a_certificate_that_signs_itself_is_trusted_by_our_own_clients(authority: Authority, files: Files) -> None:
    own, signed = Certificate(authority.file, files.key), Certificate(files.certificate, files.key)

    assert own.trust({}) == {"SSL_CERT_FILE": str(authority.file)}
    assert own.trust({"SSL_CERT_FILE": "/mine.pem"}) == {}
    assert signed.trust({}) == {}


def test_a_probe_names_a_host_that_production_takes() -> None:
    assert allowed_host({"ALTIS_ALLOWED_HOSTS": ".altis.example,b"}) == "altis.example"
    assert allowed_host({"ALTIS_ALLOWED_HOSTS": "*"}) == ""
    assert allowed_host({}) == ""
