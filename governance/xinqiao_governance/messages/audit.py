"""Sentences of the area "audit"."""

MESSAGES: dict[str, tuple[str, str]] = {}
