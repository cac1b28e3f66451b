"""An operator with a SuperLink's certificate, and links of nodes that trust him."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key

from xinqiao_clients.flower import Link
from xinqiao_ledger.signing import SigningKey
from xinqiao_platform.tls import authority_pem, issue


def server_context(operator: SigningKey, folder: Path) -> ssl.SSLContext:
    """Return the TLS side of a server that shows a certificate of `operator`."""
    files = issue(operator, folder, (), datetime.now(UTC))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    return context


def link(address: str, operator: SigningKey) -> Link:
    """Return a link of a new node to the SuperLink at `address`."""
    return Link(address, authority_pem(operator), generate_private_key(SECP384R1()))
