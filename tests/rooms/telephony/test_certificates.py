import ssl
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from siaga.kernel import clock
from siaga.telephony import certificates
from siaga.telephony.asterisk.errors import CertificateRefused

NOW = clock.now()


def made(folder: Path, *hosts: str) -> certificates.Standing:
    return certificates.make(
        hosts, authority=folder / "authority", into=folder / "server.pem", now=NOW
    )


def shaken(folder: Path, host: str) -> None:
    """A browser's view: a TLS handshake in memory, verified against the authority."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "server.pem", folder / "server.key")
    client = ssl.create_default_context(cafile=str(folder / "authority" / "ca.pem"))
    here, there = ssl.MemoryBIO(), ssl.MemoryBIO()
    asking = client.wrap_bio(here, there, server_hostname=host)
    answering = server.wrap_bio(there, here, server_side=True)
    done: set[str] = set()
    for _ in range(8):
        for name, side in (("asking", asking), ("answering", answering)):
            try:
                side.do_handshake()
                done.add(name)
            except ssl.SSLWantReadError:
                continue
        if len(done) == 2:
            return
    raise AssertionError("no end of the handshake")


def test_a_made_certificate_is_one_that_a_browser_accepts(tmp_path: Path) -> None:
    found = made(tmp_path, "siaga.lan", "10.20.30.40")
    assert found.hosts == ("siaga.lan", "10.20.30.40")
    assert 396 <= found.days_left(NOW) <= 397
    assert certificates.standing(tmp_path / "server.pem") == found
    shaken(tmp_path, "siaga.lan")
    shaken(tmp_path, "10.20.30.40")
    with pytest.raises(ssl.SSLCertVerificationError):
        shaken(tmp_path, "other.lan")


def test_the_authoritys_key_is_its_owners_alone_and_the_servers_also_its_groups(
    tmp_path: Path,
) -> None:
    made(tmp_path, "siaga.lan")
    assert (tmp_path / "authority" / "ca.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "server.key").stat().st_mode & 0o777 == 0o640, "Asterisk reads it"


def test_a_renewal_is_signed_by_the_same_authority(tmp_path: Path) -> None:
    made(tmp_path, "siaga.lan")
    before = (tmp_path / "authority" / "ca.pem").read_bytes()
    first = (tmp_path / "server.pem").read_bytes()
    made(tmp_path, "siaga.lan", "telepon.siaga.lan")
    assert (tmp_path / "authority" / "ca.pem").read_bytes() == before
    assert (tmp_path / "server.pem").read_bytes() != first
    shaken(tmp_path, "telepon.siaga.lan")


def test_the_authority_signs_for_nobody_else(tmp_path: Path) -> None:
    made(tmp_path, "siaga.lan")
    with pytest.raises(CertificateRefused):
        made(tmp_path, "bank.example")
    with pytest.raises(CertificateRefused):
        made(tmp_path, "10.0.0.1")
    with pytest.raises(CertificateRefused):
        certificates.make((), authority=tmp_path / "authority", into=tmp_path / "x.pem", now=NOW)
    text = subprocess.run(
        ["openssl", "x509", "-in", tmp_path / "authority" / "ca.pem", "-noout", "-text"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    assert not text or "DNS:siaga.lan" in text.split("Name Constraints")[1]


def test_a_given_certificate_must_fit_its_key_and_the_day(tmp_path: Path) -> None:
    given, place = tmp_path / "given", tmp_path / "place" / "server.pem"
    made(given, "siaga.lan")
    pem, key = given / "server.pem", given / "server.key"
    found = certificates.take(pem, key, into=place, now=NOW)
    assert place.read_bytes() == pem.read_bytes()
    assert certificates.standing(place) == found
    made(tmp_path / "second", "siaga.lan")
    with pytest.raises(CertificateRefused, match="another certificate"):
        certificates.take(pem, tmp_path / "second" / "server.key", into=place, now=NOW)
    with pytest.raises(CertificateRefused, match="not valid now"):
        certificates.take(pem, key, into=place, now=NOW + timedelta(days=400))
    with pytest.raises(CertificateRefused, match="cannot be read"):
        certificates.take(key, key, into=place, now=NOW)


def test_where_nothing_can_be_read_nothing_stands(tmp_path: Path) -> None:
    assert certificates.standing(tmp_path / "none.pem") is None
    (tmp_path / "bad.pem").write_text("-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----")
    assert certificates.standing(tmp_path / "bad.pem") is None
