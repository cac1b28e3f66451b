"""A contract's text: YAML of plain types, read the same way at import and by the gate."""

import yaml

from xinqiao_governance.contract import Contract
from xinqiao_governance.errors import DataInvalid


class _StrictLoader(yaml.SafeLoader):
    """YAML's plain types only; a key given twice is an error where YAML would keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if len(set(keys)) != len(keys):
            raise yaml.constructor.ConstructorError(None, None, "a key is given twice", node.start_mark)
        return super().construct_mapping(node, deep=deep)


def parse_contract(text: str, *, path: str = "") -> Contract:
    """Read a contract from its text; `path` says where that stood.

    Raises:
        DataInvalid: not YAML, a key given twice, or no contract.
    """
    try:
        value = yaml.load(text, Loader=_StrictLoader)  # noqa: S506  # a SafeLoader that refuses repeated keys
    except yaml.YAMLError:  # its text quotes the file, which may be a table by mistake
        raise DataInvalid("contract_not_yaml", path=path) from None
    return Contract.from_mapping(value)
