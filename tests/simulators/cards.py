"""Cards of centres and departments that nobody runs."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key

from xinqiao_app.commands.cards import CentreCard, DepartmentCard, write_card
from xinqiao_clients.flower import public_pem
from xinqiao_ledger.signing import SigningKey
from xinqiao_platform.tls import authority_pem


def centre_card(origin: str = "xinqiao.log/centre") -> CentreCard:
    """Return the card of a new centre."""
    return _centre_card(SigningKey.generate(), origin)


def department_card(name: str) -> DepartmentCard:
    """Return the card of a new department."""
    return _department_card(SigningKey.generate(), name)


def give_centre_card(path: Path, origin: str = "xinqiao.log/centre") -> CentreCard:
    """Write the signed card of a new centre and return it."""
    operator = SigningKey.generate()
    card = _centre_card(operator, origin)
    write_card(card, operator, path)
    return card


def give_department_card(path: Path, name: str) -> DepartmentCard:
    """Write the signed card of a new department and return it."""
    identity = SigningKey.generate()
    card = _department_card(identity, name)
    write_card(card, identity, path)
    return card


def _centre_card(operator: SigningKey, origin: str) -> CentreCard:
    return CentreCard(operator.public, SigningKey.generate().public, origin, authority_pem(operator))


def _department_card(identity: SigningKey, name: str) -> DepartmentCard:
    transport = public_pem(generate_private_key(SECP384R1()))
    return DepartmentCard(name, identity.public, transport)
