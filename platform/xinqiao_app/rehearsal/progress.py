"""What a person sees on stderr while a rehearsal runs."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from xinqiao_app.progress import Progress
from xinqiao_governance.messages import Language, say


class RehearsalProgress(Progress):
    """Stages and steps of a rehearsal; decisions are shown only where they are refusals."""

    def __init__(self, language: Language) -> None:
        super().__init__(language, sys.stderr)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Announce a stage, and say how long it took."""
        print(f"▸ {say(f'rehearse_stage_{name}', self.language)}", file=sys.stderr, flush=True)
        start = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - start
        self.tell("rehearse_took", seconds=f"{self.seconds[name]:.1f}")

    def decided(self, node: bytes, reason: str) -> None:
        """Show a refusal."""
        if reason != "allowed":
            super().decided(node, reason)

    def founded(self, count: int, departments: int) -> None:
        """Show every tenth part of the founding."""
        if count % max(1, departments // 10) == 0:
            self.tell("rehearse_founded", count=count, departments=departments)
