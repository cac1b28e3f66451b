"""Sentences of the area "job"."""

MESSAGES: dict[str, tuple[str, str]] = {}
