"""A contract's text: YAML of plain types, read the same way at import and by the gate."""

from collections.abc import Iterator

import yaml

from xinqiao_governance.contract import Contract
from xinqiao_governance.errors import DataInvalid
from xinqiao_governance.parse import is_clear, require_clear

MAX_TEXT = 262_144
"""Characters; a contract of a thousand columns has fewer."""
MAX_DEPTH = 100
"""Levels of lists and mappings; a contract has five."""
_MOST_DIGITS = 400
_OF_CELLS = ("values", "is")
_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")


class _StrictLoader(yaml.SafeLoader):
    """YAML's plain types only; a key given twice and a reference are errors, and a day is text.

    Depth is counted here, where the text is still read in small pieces: Python's own recursion limit is one
    that a library may raise, and until it is met each level costs more than the one before.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # nested references grow without bound
        if isinstance(event, yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "no references", None)
        if getattr(event, "tag", None) is not None:  # !!bool "…" quotes what it cannot read
            raise yaml.composer.ComposerError(None, None, "no tags", None)
        if self._depth == MAX_DEPTH:
            raise yaml.composer.ComposerError(None, None, "too deep", None)
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        if node is not None and node.tag in _NUMBERS and len(node.value) > _MOST_DIGITS:
            raise yaml.composer.ComposerError(None, None, "no number", None)  # 1:1:1… takes time squared
        return node

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


def new_contract(text: str, *, path: str = "") -> Contract:
    """Read a contract that somebody brings, and not one that is in use. Raises as `parse_contract`.

    Raises:
        DataInvalid: `column_name_unclear` or `contract_name_unclear`, too; before anything else, so that no
            sentence holds such a name.
    """
    value = load_yaml(text, path=path)
    columns = value.get("columns") if isinstance(value, dict) else None
    if isinstance(columns, dict):
        require_clear(map(str, columns))
    if not all(map(is_clear, _names_in(value))):
        raise DataInvalid("contract_name_unclear")
    return Contract.from_mapping(value)


def _names_in(value: object) -> Iterator[str]:
    """Yield every key and every text that may name something; not the values of cells."""
    match value:
        case dict():
            for key, held in value.items():
                yield str(key)
                if key not in _OF_CELLS:
                    yield from _names_in(held)
        case list():
            for held in value:
                yield from _names_in(held)
        case str():
            yield value


def load_yaml(text: str, *, path: str = "") -> object:
    """Read YAML as contracts are read. Raises as `parse_contract`."""
    if len(text) > MAX_TEXT:
        raise DataInvalid("contract_too_long", path=path, count=MAX_TEXT)
    try:
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506  # a SafeLoader, and stricter
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):
        # They quote the file, perhaps a table by mistake.
        raise DataInvalid("contract_not_yaml", path=path) from None
