"""The centre: jobs (Flower's server side), model registry, keeper of the log."""
