"""What keeps foreign libraries quiet: no telemetry, no look for updates, no analytics."""

import os
from pathlib import Path

OFFLINE = {"FLWR_TELEMETRY_ENABLED": "0", "FLWR_DISABLE_UPDATE_CHECK": "1", "GX_ANALYTICS_ENABLED": "False"}
"""Variables that the libraries read when they are imported. No setting of the reader's turns reporting on."""


def flowers_environment(home: Path) -> dict[str, str]:
    """Return ours for a program of Flower's that keeps its files in `home`: offline, no telemetry, no proxy.

    Nothing in it opens another way into the SuperLink, or makes strangers look local.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if name != "FORWARDED_ALLOW_IPS"
        and not name.startswith("FLWR_")
        and not name.lower().endswith("_proxy")
    }
    return kept | OFFLINE | {"FLWR_HOME": str(home)}
