"""One family of errors: branches that a reader can act on. They carry fields, never a person's value.

`code` names a sentence in `messages` in both languages; `fields` fill its gaps. What goes into a field is
a name, a count or a limit: never the content of a cell.
"""

from typing import ClassVar

Field = str | int


class XinqiaoError(Exception):
    """Base of every error that reaches a person."""

    exit_code: ClassVar[int] = 1

    def __init__(self, code: str, **fields: Field) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields

    def __str__(self) -> str:
        return self.code if not self.fields else f"{self.code} {self.fields}"


class UsageInvalid(XinqiaoError):
    """The command or its settings are wrong: the reader can call again, corrected."""

    exit_code = 2


class DataInvalid(XinqiaoError):
    """A table, a contract or a column is not what was promised."""


class WireInvalid(XinqiaoError):
    """Bytes that are not the one canonical form of a known wire type."""


class VersionOther(WireInvalid):
    """Another version of Xinqiao wrote it: the reader can call again, with that version."""

    exit_code = 2


class ProtocolViolated(XinqiaoError):
    """A peer asked for something the protocol forbids; nothing was sent."""


class Denied(XinqiaoError):
    """Policy says no; `code` is the reason."""


class NodeUnavailable(XinqiaoError):
    """A department or service did not answer in time."""


class ProofError(XinqiaoError):
    """A proof, signature or digest does not hold."""


class StoreDamaged(XinqiaoError):
    """Encrypted data or a durable record fails its integrity check."""


class JobFailed(XinqiaoError):
    """A job ended without a model; the reason is the code."""
