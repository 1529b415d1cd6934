"""This machine on the home network: its address there, a certificate for it, and who counts as a neighbour. (I/O)"""

from __future__ import annotations

import datetime
import ipaddress
import socket
from dataclasses import dataclass
from pathlib import Path

from coach.errors import OptionError, OutputError
from coach.web.security import App, Receive, Scope, Send, refuse

VALID_DAYS = 2  # it is made anew at each start
# An address for documentation (RFC 5737). Nothing is sent: connecting UDP only asks which way packets would take.
ELSEWHERE = ("192.0.2.1", 9)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A self-signed certificate and its private key, as PEM files, and its SHA-256 fingerprint in hexadecimal."""

    certificate: Path
    key: Path
    fingerprint: str


def home_address(wanted: str | None = None) -> str:
    """The IPv4 address at which devices at home reach this machine; ``wanted``, if given, is checked.

    Raises OptionError for an address that is not private (RFC 1918), and if this machine has none.
    """
    remedy = "Connect this computer to your home network, or name its address there: --phone-address 192.168.1.5"
    if wanted is None:
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
                asking.connect(ELSEWHERE)
                wanted = str(asking.getsockname()[0])
        except OSError as error:
            raise OptionError("this computer is in no network, so a phone cannot reach it", remedy) from error
    if not is_neighbour(wanted):
        raise OptionError(f"{wanted!r} is no address of a home network", remedy)
    return wanted


def is_neighbour(address: str) -> bool:
    """Whether an IPv4 address belongs to a private network or to this machine."""
    try:
        found = ipaddress.IPv4Address(address)
    except ValueError:
        return False
    return found.is_private and not found.is_unspecified


class NeighboursOnly:
    """Ends connections from outside private networks before anything else sees them."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what comes from the home network."""
        client = scope.get("client")
        served = scope["type"] in ("http", "websocket")
        if served and (client is None or not is_neighbour(str(client[0]))):
            await refuse(scope["type"] == "websocket", send, 403)
            return
        await self._app(scope, receive, send)


def make_certificate(folder: Path, address: str, now: datetime.datetime | None = None) -> Certificate:
    """Write a certificate for this address and its key into a private folder.

    Raises OutputError if the folder cannot be written, ModuleNotFoundError without the package ``cryptography``.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    now = now or datetime.datetime.now(datetime.timezone.utc)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Exercise coach at {address}")])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))  # the phone's clock may be behind
        .not_valid_after(now + datetime.timedelta(days=VALID_DAYS))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.IPv4Address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = Certificate(folder / "certificate.pem", folder / "key.pem", made.fingerprint(hashes.SHA256()).hex())
    try:
        files.certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        files.key.touch(0o600)
        files.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    except OSError as error:
        raise OutputError(
            f"{folder}: the certificate cannot be written ({error.strerror})", "Free some space"
        ) from error
    return files
