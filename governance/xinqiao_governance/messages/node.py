"""Sentences of the area "node"."""

MESSAGES: dict[str, tuple[str, str]] = {}
