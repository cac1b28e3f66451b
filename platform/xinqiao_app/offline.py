"""What keeps foreign libraries quiet: no telemetry, no look for updates, no analytics."""

OFFLINE = {"FLWR_TELEMETRY_ENABLED": "0", "FLWR_DISABLE_UPDATE_CHECK": "1", "GX_ANALYTICS_ENABLED": "False"}
"""Variables that the libraries read when they are imported. No setting of the reader's turns reporting on."""
