"""A contract's text: YAML of plain types, read the same way at import and by the gate."""

import re

import yaml

from xinqiao_governance.contract import Contract
from xinqiao_governance.errors import DataInvalid

MAX_TEXT = 262_144
"""Characters; a contract of a thousand columns has fewer."""
_DEEPEST = 100


class _StrictLoader(yaml.SafeLoader):
    """YAML's plain types only; a key given twice and a reference are errors, and a day is text."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # nested references grow without bound
        if isinstance(event, yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "no references", None)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if len(set(keys)) != len(keys):
            raise yaml.constructor.ConstructorError(None, None, "a key is given twice", node.start_mark)
        return super().construct_mapping(node, deep=deep)


# A day stays the text that it is: the contract reads it as it reads the days in a table.
_StrictLoader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in forms if tag != "tag:yaml.org,2002:timestamp"]
    for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def parse_contract(text: str, *, path: str = "") -> Contract:
    """Read a contract from its text; `path` says where that stood.

    Raises:
        DataInvalid: too long, not YAML, a key given twice, a reference, or no contract.
    """
    return Contract.from_mapping(load_yaml(text, path=path))


def load_yaml(text: str, *, path: str = "") -> object:
    """Read YAML as contracts are read. Raises as `parse_contract`."""
    if len(text) > MAX_TEXT:
        raise DataInvalid("contract_too_long", path=path, count=MAX_TEXT)
    if _is_deep(text):  # its parser takes minutes over thousands of them
        raise DataInvalid("contract_not_yaml", path=path)
    try:
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506  # a SafeLoader, and stricter
    except (yaml.YAMLError, ValueError, RecursionError):  # they quote the file, perhaps a table by mistake
        raise DataInvalid("contract_not_yaml", path=path) from None


def _is_deep(text: str) -> bool:
    """Say whether brackets stand in more brackets than any contract's do."""
    depth = 0
    for bracket in re.findall(r"[\[\]{}]", text):
        depth = depth + 1 if bracket in "[{" else max(0, depth - 1)
        if depth > _DEEPEST:
            return True
    return False
