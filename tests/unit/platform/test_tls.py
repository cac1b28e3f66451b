"""The operator's certificates: who is believed, who is not, and what they say."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from xinqiao_clients.flower import trusting
from xinqiao_ledger.signing import SigningKey
from xinqiao_platform.tls import ServerFiles, authority_pem, is_authority_of, issue

OPERATOR, STRANGER = SigningKey.generate(), SigningKey.generate()
NOW = datetime.now(UTC)


def handshake(files: ServerFiles, trust: ssl.SSLContext, name: str) -> str | None:
    """Shake hands in memory as a client that calls the server by `name`; return the protocol."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(files.certificate, files.key)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    left = trust.wrap_bio(to_client, to_server, server_hostname=name)
    right = server.wrap_bio(to_server, to_client, server_side=True)
    for side in (left, right, left, right):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    return left.version()


def test_the_authority_is_the_operator_and_always_the_same_bytes() -> None:
    assert authority_pem(OPERATOR) == authority_pem(OPERATOR)
    assert is_authority_of(OPERATOR.public, authority_pem(OPERATOR))


@pytest.mark.parametrize(
    "pem",
    [
        "",
        "no certificate",
        authority_pem(STRANGER),
        "-----BEGIN CERTIFICATE-----\n",
        authority_pem(OPERATOR) + authority_pem(STRANGER),
        "words\n" + authority_pem(OPERATOR),
    ],
)
def test_nothing_else_is_his_authority(pem: str) -> None:
    assert not is_authority_of(OPERATOR.public, pem)


def test_a_certificate_of_his_key_that_another_made_is_not_his(tmp_path: Path) -> None:
    leaf = issue(OPERATOR, tmp_path, (), NOW).certificate.read_text()
    assert not is_authority_of(OPERATOR.public, leaf)


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "bridge.example", "10.1.2.3"])
def test_a_department_believes_the_server_under_its_names(tmp_path: Path, name: str) -> None:
    files = issue(OPERATOR, tmp_path, ("bridge.example", "10.1.2.3"), NOW)
    assert handshake(files, trusting(authority_pem(OPERATOR)), name) == "TLSv1.3"


def test_under_another_name_it_does_not(tmp_path: Path) -> None:
    files = issue(OPERATOR, tmp_path, ("bridge.example",), NOW)
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(files, trusting(authority_pem(OPERATOR)), "elsewhere.example")


def test_a_server_of_another_operator_is_not_believed(tmp_path: Path) -> None:
    files = issue(STRANGER, tmp_path, (), NOW)
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(files, trusting(authority_pem(OPERATOR)), "localhost")


def test_of_two_authorities_the_second_is_not_believed(tmp_path: Path) -> None:
    files = issue(STRANGER, tmp_path, (), NOW)
    both = authority_pem(OPERATOR) + authority_pem(STRANGER)
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(files, trusting(both), "localhost")


def test_a_server_s_certificate_ends(tmp_path: Path) -> None:
    files = issue(OPERATOR, tmp_path, (), NOW - timedelta(days=500))
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(files, trusting(authority_pem(OPERATOR)), "localhost")


def test_a_server_cannot_make_certificates_of_its_own(tmp_path: Path) -> None:
    """Its certificate is no authority's: what it would sign is not believed."""
    certificate = x509.load_pem_x509_certificate(issue(OPERATOR, tmp_path, (), NOW).certificate.read_bytes())
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_the_server_s_key_is_its_owner_s_alone_and_new_each_time(tmp_path: Path) -> None:
    first = issue(OPERATOR, tmp_path, (), NOW).key.read_bytes()
    files = issue(OPERATOR, tmp_path, (), NOW)
    assert files.key.stat().st_mode & 0o777 == 0o600
    assert files.key.read_bytes() != first
