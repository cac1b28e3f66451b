"""Cards of centres and departments that nobody runs."""

from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key

from xinqiao_app.commands.cards import CentreCard, DepartmentCard
from xinqiao_clients.flower import public_pem
from xinqiao_ledger.signing import SigningKey
from xinqiao_platform.tls import authority_pem


def centre_card(origin: str = "xinqiao.log/centre") -> CentreCard:
    """Return the card of a new centre."""
    operator = SigningKey.generate()
    return CentreCard(operator.public, SigningKey.generate().public, origin, authority_pem(operator))


def department_card(name: str, key: bytes | None = None) -> DepartmentCard:
    """Return the card of a department, by default a new one."""
    transport = public_pem(generate_private_key(SECP384R1()))
    return DepartmentCard(name, key or SigningKey.generate().public, transport)
