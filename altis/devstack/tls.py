"""The API server's own certificate: two settings, checked before anything starts, and a client that trusts only it."""

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from altis.devstack.errors import StackError

_CERTIFICATE, _KEY = "ALTIS_TLS_CERTIFICATE", "ALTIS_TLS_KEY"
_PKCS8 = "-----BEGIN PRIVATE KEY-----"


@dataclass(frozen=True, slots=True)
class Certificate:
    """PEM files: the certificate with its chain, and its key in PKCS#8 without a pass phrase."""

    certificate: Path
    key: Path

    def options(self) -> list[str]:
        """For granian; TLS 1.2 is the least it takes."""
        files = ["--ssl-certificate", str(self.certificate), "--ssl-keyfile", str(self.key)]
        return [*files, "--ssl-protocol-min", "tls1.2"]

    def client_context(self) -> ssl.SSLContext:
        """For a probe of our own server: this very certificate is trusted, whatever name it is asked by."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.load_verify_locations(self.certificate)
        return context

    def trust(self, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
        """Variables for local clients of a certificate that nobody else has signed; they still verify its name."""
        [first, *_] = x509.load_pem_x509_certificates(self.certificate.read_bytes())
        own = first.issuer == first.subject and not environ.get("SSL_CERT_FILE")
        return {"SSL_CERT_FILE": str(self.certificate)} if own else {}


def certificate_from(environ: Mapping[str, str], base: Path) -> Certificate | None:
    """The certificate that the settings name, relative to `base`; None when neither is set.

    Raises StackError, naming the variable, when one of the two is missing or cannot be used.
    """
    given = {
        _CERTIFICATE: environ.get("ALTIS_TLS_CERTIFICATE", "").strip(),
        _KEY: environ.get("ALTIS_TLS_KEY", "").strip(),
    }
    if not any(given.values()):
        return None
    for name, value in given.items():
        if not value:
            raise StackError(f"{name} must be set too: TLS needs a certificate and its key")
        if not (base / value).is_file():
            raise StackError(f"{name}: there is no file {value}")
    found = Certificate((base / given[_CERTIFICATE]).absolute(), (base / given[_KEY]).absolute())
    _check(found)
    return found


def _check(found: Certificate) -> None:
    """Raises StackError for what the server would refuse, or die of, later and in other words."""
    try:
        if _PKCS8 not in found.key.read_text(encoding="ascii"):
            raise StackError(f"{_KEY} must be in PKCS#8 without a pass phrase: openssl pkcs8 -topk8 -nocrypt")
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(found.certificate, found.key)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise StackError(f"{_CERTIFICATE} and {_KEY} cannot be used together: {error}") from None
