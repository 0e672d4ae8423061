"""The certificate of the telephone: made by an authority of the centre's own, or given.

Browsers give a microphone to https pages only, and those speak wss only; so Asterisk needs a
certificate that the desks trust. The authority may sign for the names it was made for and for
nothing else, so that its key, even stolen, forges no other site.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from siaga.telephony.asterisk.errors import CertificateRefused

SERVER_DAYS = 397
"""Browsers refuse certificates of private authorities that live longer."""
AUTHORITY_DAYS = 3650
RENEW_DAYS = 30
_SKEW = timedelta(hours=1)
_CA_FILE, _CA_KEY = "ca.pem", "ca.key"
_Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A certificate that lies in its place: for whom, by whom, until when."""

    hosts: tuple[str, ...]
    issuer: str
    until: datetime

    def days_left(self, now: datetime) -> int:
        """Negative once it is over."""
        return (self.until - now).days


def make(hosts: Sequence[str], *, authority: Path, into: Path, now: datetime) -> Standing:
    """Sign a certificate for these names and addresses; the authority is made if there is none.

    `into` is the certificate's file, its key lies beside it as .key. CertificateRefused if the
    authority that is there was made for other names.
    """
    if not hosts:
        raise CertificateRefused(reason="no host is named")
    names = [_general_name(host) for host in hosts]
    if not (authority / _CA_FILE).exists():
        _make_authority(names, authority, now)
    ca = x509.load_pem_x509_certificate((authority / _CA_FILE).read_bytes())
    signer = _load_key((authority / _CA_KEY).read_bytes())
    outside = [host for host, name in zip(hosts, names, strict=True) if not _permits(ca, name)]
    if outside:
        raise CertificateRefused(
            reason=f"the authority in {authority} may not sign for {', '.join(outside)}; "
            "it signs only for the names it was made for, so make another one"
        )
    key = ec.generate_private_key(ec.SECP256R1())
    until = min(now + timedelta(days=SERVER_DAYS) - _SKEW, ca.not_valid_after_utc)
    usage = [ExtendedKeyUsageOID.SERVER_AUTH]
    certificate = (
        _begun(_name(hosts[0]), ca.subject, key.public_key(), now - _SKEW, until)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(usage), critical=False)
        .add_extension(_known_as(signer.public_key()), critical=False)
        .sign(signer, hashes.SHA256())
    )
    _write(into.with_suffix(".key"), _key_bytes(key), mode=0o640)
    _write(into, _pem(certificate), mode=0o640)
    return _standing(certificate)


def take(certificate: Path, key: Path, *, into: Path, now: datetime) -> Standing:
    """Use a given certificate, chain and all; CertificateRefused if it and its key do not fit."""
    chain = certificate.read_bytes()
    try:
        first = x509.load_pem_x509_certificates(chain)[0]
        private = serialization.load_pem_private_key(key.read_bytes(), password=None)
    except (ValueError, TypeError) as bad:
        raise CertificateRefused(reason=f"it cannot be read: {bad}") from bad
    if _public_bytes(first.public_key()) != _public_bytes(private.public_key()):
        raise CertificateRefused(reason="the key belongs to another certificate")
    found = _standing(first)
    if not found.hosts:
        raise CertificateRefused(reason="it names no host (subjectAltName)")
    if found.until <= now or first.not_valid_before_utc > now + _SKEW:
        raise CertificateRefused(reason=f"it is not valid now, only until {found.until:%Y-%m-%d}")
    _write(into.with_suffix(".key"), key.read_bytes(), mode=0o640)
    _write(into, chain, mode=0o640)
    return found


def standing(path: Path) -> Standing | None:
    """What lies there; None where there is none, or nothing that can be read."""
    try:
        return _standing(x509.load_pem_x509_certificates(path.read_bytes())[0])
    except (OSError, ValueError):
        return None


def _make_authority(names: Sequence[x509.GeneralName], folder: Path, now: datetime) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name("Siaga, the centre's own authority")
    permitted = [_as_constraint(name) for name in names]
    certificate = (
        _begun(
            subject, subject, key.public_key(), now - _SKEW, now + timedelta(days=AUTHORITY_DAYS)
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs=True), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .sign(key, hashes.SHA256())
    )
    _write(folder / _CA_KEY, _key_bytes(key))
    _write(folder / _CA_FILE, _pem(certificate), mode=0o644)


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    since: datetime,
    until: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common[:64])])


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        pass
    try:
        return x509.DNSName(host.lower())
    except ValueError as bad:
        raise CertificateRefused(reason=f"{host!r} is no name of a host") from bad


def _as_constraint(name: x509.GeneralName) -> x509.GeneralName:
    if isinstance(name, x509.IPAddress):
        return x509.IPAddress(ip_network(str(name.value)))
    return name


def _permits(ca: x509.Certificate, name: x509.GeneralName) -> bool:
    try:
        limits = ca.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        return True
    return any(_covers(allowed.value, name.value) for allowed in limits.permitted_subtrees or ())


def _covers(allowed: object, asked: object) -> bool:
    if isinstance(allowed, str) and isinstance(asked, str):
        return asked == allowed or asked.endswith(f".{allowed}")
    if isinstance(allowed, str) or not isinstance(asked, _Address):
        return False
    return asked in ip_network(str(allowed))


def _key_usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _known_as(key: ec.EllipticCurvePublicKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key)


def _load_key(pem: bytes) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise CertificateRefused(reason="the authority's key is none of ours")
    return key


def _standing(certificate: x509.Certificate) -> Standing:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        hosts: tuple[str, ...] = ()
    else:
        addresses = [str(one) for one in found.get_values_for_type(x509.IPAddress)]
        hosts = (*found.get_values_for_type(x509.DNSName), *addresses)
    return Standing(
        hosts=hosts,
        issuer=certificate.issuer.rfc4514_string(),
        until=certificate.not_valid_after_utc,
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _public_bytes(key: object) -> bytes:
    encoding, shape = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return bytes(key.public_bytes(encoding, shape))  # type: ignore[attr-defined]


def _write(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Whole or not at all: Asterisk may be reading it this moment."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    fresh = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(content)
    fresh.replace(path)
