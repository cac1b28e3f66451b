"""What a reader of a rehearsal must know beside its figures: sentences by code."""

from dataclasses import dataclass, field

from xinqiao_governance.errors import Field
from xinqiao_governance.messages import Language, say


@dataclass(frozen=True)
class Note:
    """One warning; `code` is rehearse_warn_… and `fields` fill its gaps."""

    code: str
    fields: dict[str, Field] = field(default_factory=dict)

    def text(self, language: Language) -> str:
        """Return the sentence."""
        return say(self.code, language, **self.fields)


def left_out(names: list[str], code: str) -> list[Note]:
    """Return one note that columns were left out for the reason `code`; none where none were."""
    return [Note(code, {"columns": ", ".join(names)})] if names else []
