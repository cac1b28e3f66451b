"""A new SoftHSM token: a real PKCS#11 library whose keys lie in a folder of the test."""

import shutil
import subprocess
from pathlib import Path

import pytest

MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so")
PIN = "1234"
LABEL = "xinqiao"


def new_token(folder: Path, environment: pytest.MonkeyPatch) -> Path:
    """Make a token in `folder` and return the library; skip the test where SoftHSM is not installed.

    The library reads SOFTHSM2_CONF once a process.
    """
    pytest.importorskip("pkcs11")
    module = next((Path(name) for name in MODULES if Path(name).exists()), None)
    if module is None or shutil.which("softhsm2-util") is None:
        pytest.skip("SoftHSM is not installed: apt-get install softhsm2")
    (folder / "tokens").mkdir(parents=True)
    config = folder / "softhsm2.conf"
    config.write_text(
        f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    environment.setenv("SOFTHSM2_CONF", str(config))
    init = ["softhsm2-util", "--init-token", "--free", "--label", LABEL, "--pin", PIN, "--so-pin", PIN]
    subprocess.run(init, check=True, capture_output=True)
    return module
