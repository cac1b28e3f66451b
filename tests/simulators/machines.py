"""A machine of which the test says how its disks, its swap and its core dumps are: real files of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from xinqiao_clients.checkup import Machine

SWAPS = "Filename\tType\tSize\tUsed\tPriority\n"
ROOMY = 10_000_000_000


@dataclass(frozen=True)
class MadeUp(Machine):
    """`disks` says which disk a path of this name lies on, `owners` whose it is; else disk 0, and root's."""

    disks: Mapping[str, int] = field(default_factory=dict)
    owners: dict[str, int] = field(default_factory=dict)
    free: int = ROOMY

    def free_bytes(self, path: Path) -> int:
        return self.free

    def owner(self, path: Path) -> int | None:
        return self.owners.get(path.name, 0) if path.exists() else None

    def device(self, path: Path) -> int | None:
        return self.disks.get(path.name, 0) if path.exists() else None


def machine(
    root: Path,
    *,
    mounts: str = "/dev/sda1 / ext4 rw 0 0\n",
    swaps: tuple[str, ...] = (),
    encrypted: tuple[str, ...] = (),
    core_pattern: str = "core",
    core_limit: str = "0",
    **more: object,
) -> MadeUp:
    """Write what Linux would say, under `root`; `encrypted` names devices of dm-crypt."""
    listed = "".join(f"{place} partition 1048572 0 -2\n" for place in swaps)
    limits = f"Limit  Soft Limit  Hard Limit  Units\nMax core file size  {core_limit}  unlimited  bytes\n"
    texts = {
        "proc/self/mounts": mounts,
        "proc/swaps": SWAPS + listed,
        "proc/sys/kernel/core_pattern": f"{core_pattern}\n",
        "proc/self/limits": limits,
        **{f"sys/class/block/{name}/dm/uuid": "CRYPT-PLAIN-swap\n" for name in encrypted},
    }
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return MadeUp(root, **more)
