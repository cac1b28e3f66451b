"""Sentences of the area "demo"."""

MESSAGES: dict[str, tuple[str, str]] = {}
