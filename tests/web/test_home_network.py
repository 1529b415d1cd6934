"""Who is at home, and a certificate that a phone can be shown."""

from __future__ import annotations

import datetime
import ssl
from pathlib import Path

import pytest

pytest.importorskip("cryptography")

from cryptography import x509

from coach.errors import OptionError
from coach.web.home_network import home_address, is_neighbour, make_certificate


@pytest.mark.parametrize("address", ["192.168.1.5", "10.0.0.7", "172.16.3.4", "127.0.0.1", "169.254.1.1"])
def test_addresses_at_home(address: str) -> None:
    assert is_neighbour(address)
    assert home_address(address) == address


@pytest.mark.parametrize("address", ["8.8.8.8", "0.0.0.0", "1.1.1.1", "172.32.0.1", "::1", "fe80::1", "", "me"])
def test_addresses_elsewhere_are_refused(address: str) -> None:
    assert not is_neighbour(address)
    with pytest.raises(OptionError, match="no address of a home network"):
        home_address(address)


def test_the_certificate_is_for_this_address_alone_and_soon_over(tmp_path: Path) -> None:
    now = datetime.datetime(2026, 3, 1, tzinfo=datetime.timezone.utc)
    files = make_certificate(tmp_path, "192.168.1.5", now)
    made = x509.load_pem_x509_certificate(files.certificate.read_bytes())
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["192.168.1.5"]
    assert made.not_valid_after_utc - now <= datetime.timedelta(days=2)
    assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert len(files.fingerprint) == 64
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(files.certificate, files.key)


@pytest.mark.skipif(not hasattr(Path, "owner"), reason="no file modes here")
def test_the_key_is_for_this_user_alone(tmp_path: Path) -> None:
    assert make_certificate(tmp_path, "10.0.0.1").key.stat().st_mode & 0o077 == 0


def test_each_start_has_a_key_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, second = (make_certificate(tmp_path / name, "10.0.0.1") for name in "ab")
    assert first.fingerprint != second.fingerprint
