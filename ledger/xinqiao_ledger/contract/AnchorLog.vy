# pragma version 0.4.3
# pragma evm-version paris
"""
@title AnchorLog
@notice Heads of one append-only log: how many entries it had, and their Merkle root.
        Only the deployer writes, and only a larger size; nothing is ever changed or removed.
"""

event Anchored:
    index: indexed(uint256)
    size: indexed(uint256)
    root: bytes32

struct Head:
    size: uint256
    root: bytes32

WRITER: immutable(address)

count: public(uint256)  # heads anchored so far
last_block: uint256  # where the latest event stands, so that a reader need not scan the chain
heads: HashMap[uint256, Head]


@deploy
def __init__():
    WRITER = msg.sender


@external
def anchor(size: uint256, root: bytes32):
    assert msg.sender == WRITER, "not the writer"
    index: uint256 = self.count
    last_size: uint256 = 0
    if index > 0:
        last_size = self.heads[index - 1].size
    assert size > last_size, "size must grow"
    self.heads[index] = Head(size=size, root=root)
    self.last_block = block.number
    self.count = index + 1
    log Anchored(index=index, size=size, root=root)


@external
@view
def latest() -> (uint256, bytes32, uint256):
    """
    @return size, root, number of the block; all zero before the first anchor
    """
    if self.count == 0:
        return 0, empty(bytes32), 0
    head: Head = self.heads[self.count - 1]
    return head.size, head.root, self.last_block


@external
@view
def at(index: uint256) -> (uint256, bytes32):
    assert index < self.count, "no such anchor"
    head: Head = self.heads[index]
    return head.size, head.root
