"""Certificates made for one test: an authority, what it signs, and a proxy that ends TLS in front of a plain server."""

import datetime as dt
import ipaddress
import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from altis.devstack.ports import LOOPBACK

_SSL_REQUEST = bytes.fromhex("0000000804d2162f")  # PostgreSQL's question whether the server speaks TLS


@dataclass(frozen=True)
class Files:
    """PEM files of a certificate and its key."""

    certificate: Path
    key: Path


class Authority:
    """Signs certificates for localhost and 127.0.0.1, and is trusted by whoever is given `file`."""

    def __init__(self, folder: Path, name: str = "authority") -> None:
        self._folder, self._name = folder, name
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = _builder(self._subject, self._subject, self._key.public_key())
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        usage = x509.KeyUsage(
            digital_signature=False,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        builder = builder.add_extension(usage, critical=True)
        self._own_id = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        signed = builder.add_extension(self._own_id, critical=False).sign(self._key, hashes.SHA256())
        self.file = folder / f"{name}.pem"
        self.file.write_bytes(signed.public_bytes(serialization.Encoding.PEM))

    def sign(self, name: str, *, host: str = "localhost") -> Files:
        """A certificate for `host` and 127.0.0.1; for any other host, for that one alone."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        names: list[x509.GeneralName] = [x509.DNSName(host)]
        if host == "localhost":
            names.append(x509.IPAddress(ipaddress.ip_address(LOOPBACK)))
        builder = _builder(subject, self._subject, key.public_key())
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        authority_id = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(self._own_id)
        signed = builder.add_extension(authority_id, critical=False).sign(self._key, hashes.SHA256())
        files = Files(self._folder / f"{self._name}-{name}.pem", self._folder / f"{self._name}-{name}.key")
        files.certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        files.key.write_bytes(_pkcs8(key))
        files.key.chmod(0o600)  # libpq refuses a key that others may read
        return files


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(now - dt.timedelta(hours=1)).not_valid_after(now + dt.timedelta(hours=1))


def _pkcs8(key: ec.EllipticCurvePrivateKey) -> bytes:
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(encoding, form, serialization.NoEncryption())


@contextmanager
def tls_in_front_of(
    upstream: Callable[[], tuple[str, int]], files: Files, *, clients: Path | None = None, postgres: bool = False
) -> Iterator[int]:
    """A port that speaks TLS and hands the rest on; `clients` is the authority that their certificates must be from."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    if clients is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(clients)
    listener = socket.create_server((LOOPBACK, 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                accepted, _ = listener.accept()
                handing = threading.Thread(target=_hand_on, args=(accepted, upstream, context, postgres), daemon=True)
                handing.start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _hand_on(
    accepted: socket.socket, upstream: Callable[[], tuple[str, int]], context: ssl.SSLContext, postgres: bool
) -> None:
    with suppress(OSError), accepted:
        if postgres and accepted.recv(len(_SSL_REQUEST), socket.MSG_PEEK) == _SSL_REQUEST:
            accepted.recv(len(_SSL_REQUEST))
            accepted.sendall(b"S")
        with context.wrap_socket(accepted, server_side=True) as inside, socket.create_connection(upstream()) as server:
            while True:
                # One thread for both directions: a TLS connection is no thing to share.
                readable = [inside] if inside.pending() else select.select([inside, server], [], [])[0]
                for source, target in ((inside, server), (server, inside)):
                    if source in readable:
                        data = source.recv(65536)
                        if not data:
                            return
                        target.sendall(data)
