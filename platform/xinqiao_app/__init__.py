"""The top: command line, demo, in-process grid. Only this package imports both sides."""
