"""Keccak against published vectors; proofs of real blocks hold, and nothing else does."""

import random
import threading
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
import rlp
from trie.hexary import HexaryTrie

from simulators.nodes import Cut, Moved, Raw, node_that_answers
from xinqiao_governance.canonical import dumps, loads
from xinqiao_governance.errors import NodeUnavailable, ProofError, UsageInvalid, WireInvalid
from xinqiao_ledger.anchor import AnchorRecord, BlockProof, seconds_of
from xinqiao_ledger.block_proof import ANCHORED, _decode, _index_key, confirm_by_rpc, verify_block_proof
from xinqiao_ledger.chain import open_embedded
from xinqiao_ledger.evm_block import with_proof
from xinqiao_ledger.keccak import keccak256

ROOT = bytes(range(32))
OTHER_HASH = "0x" + "ab" * 32


class TestKeccak:
    @pytest.mark.parametrize(
        ("data", "digest"),
        [
            # The Keccak team's ShortMsgKAT_256 (submission of 2011), and Ethereum's well-known constants.
            (b"", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
            (b"\xcc", "eead6dbfc7340a56caedc044696a168870549a6a7f6f56961e84a54bd9970b8a"),
            (b"abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
            (b"\x80", "56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421"),
            (b"\xc0", "1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347"),
        ],
    )
    def test_published_vectors(self, data: bytes, digest: str) -> None:
        assert keccak256(data).hex() == digest

    def test_every_length_around_a_block_agrees_with_another_implementation(self) -> None:
        from Crypto.Hash import keccak

        for length in (*range(130, 140), 271, 272, 273, 1000):
            data = random.Random(length).randbytes(length)
            assert keccak256(data) == keccak.new(data=data, digest_bits=256).digest()


class TestRlp:
    @pytest.mark.parametrize(
        "value",
        [
            b"",
            b"\x00",
            b"\x7f",
            b"\x80",
            b"a" * 55,
            b"a" * 56,
            b"a" * 70_000,
            [],
            [b"", [b"x", []]],
            [b"a" * 60],
        ],
    )
    def test_what_another_implementation_writes_is_read(self, value: Any) -> None:
        assert _decode(rlp.encode(value)) == value

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"\x81\x7f",  # stands for itself
            b"\xb8\x02aa",  # a long form for a short length
            b"\xb9\x00\x38" + b"a" * 56,  # a leading zero
            b"\x82a",  # cut
            b"\xc2a",  # cut list
            b"aa",  # two items
            b"\xc1\x82a",  # an item past its list's end
            b"\xc1" * 9 + b"\xc0",  # too deep
            b"\xbf" + b"\xff" * 8,
        ],
    )
    def test_other_forms_are_refused(self, data: bytes) -> None:
        with broken("rlp"):
            _decode(data)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> AnchorRecord:
    """An anchor in a real block of the embedded chain."""
    with closing(open_embedded(tmp_path_factory.mktemp("chain"))) as anchor:
        return anchor.publish(17, ROOT)


class TestBlock:
    def test_a_real_block_holds(self, record: AnchorRecord) -> None:
        verify_block_proof(record, record.block_hash)
        verify_block_proof(record, record.block_hash.upper().replace("X", "x"))
        assert AnchorRecord.from_json(loads(dumps(record.to_json()))) == record

    @pytest.mark.parametrize(
        ("field", "value", "code"),
        [
            ("contract", "0x" + "11" * 20, "anchor_event_missing"),
            ("size", 18, "anchor_event_missing"),
            ("root", bytes(32), "anchor_event_missing"),
            ("block_number", 3, "anchor_proof_broken"),
            ("block_time", 1, "anchor_proof_broken"),
            ("block_hash", OTHER_HASH, "anchor_block_differs"),
            ("proof", None, "anchor_proof_missing"),
        ],
    )
    def test_each_field_changed_is_refused(
        self, record: AnchorRecord, field: str, value: Any, code: str
    ) -> None:
        with pytest.raises(ProofError, match=f"^{code}"):
            verify_block_proof(replace(record, **{field: value}), record.block_hash)

    def test_another_block_is_refused(self, record: AnchorRecord) -> None:
        with pytest.raises(ProofError, match=r"^anchor_block_differs"):
            verify_block_proof(record, OTHER_HASH)
        with broken("header"):
            verify_block_proof(replace(record, block_hash=OTHER_HASH), OTHER_HASH)

    def test_another_place_in_the_block_is_refused(self, record: AnchorRecord) -> None:
        for index in (1, 127, 128, 1 << 31):
            with broken("trie"):
                verify_block_proof(change(record, index=index), record.block_hash)

    def test_nodes_added_or_doubled_are_refused(self, record: AnchorRecord) -> None:
        nodes = proof_of(record).nodes
        for others in ((*nodes, *nodes), (*nodes, b"\xc0"), (b"\xc0", *nodes)):
            with broken("trie"):
                verify_block_proof(change(record, nodes=others), record.block_hash)

    def test_any_changed_byte_is_refused(self, record: AnchorRecord) -> None:
        chance = random.Random(28)
        honest = proof_of(record)
        for _ in range(300):
            header, node = bytearray(honest.header), bytearray(honest.nodes[0])
            target = chance.choice([header, node])
            target[chance.randrange(len(target))] ^= chance.randrange(1, 256)
            forged = replace(honest, header=bytes(header), nodes=(bytes(node),))
            with pytest.raises(ProofError):
                verify_block_proof(replace(record, proof=forged), record.block_hash)


def logged(**other: Any) -> list[Any]:
    """AnchorLog's event as a log [address, topics, data], of the contract `CONTRACT`."""
    fields = {"address": CONTRACT, "event": ANCHORED, "size": 17, "root": ROOT, "more": []} | other
    topics = [fields["event"], bytes(32), fields["size"].to_bytes(32, "big"), *fields["more"]]
    return [fields["address"], topics, fields["root"]]


CONTRACT = b"\x5b" * 20


def block_of(receipts: list[bytes], index: int) -> AnchorRecord:
    """A made-up block that holds these receipts, and an anchor said to be the one at `index`."""
    trie = HexaryTrie({})
    for number, receipt in enumerate(receipts):
        trie[rlp.encode(number)] = receipt
    header = [b"\x01" * 32] * 15
    header[5], header[8], header[11] = trie.root_hash, b"\x09", b"\x6b\x00\x00\x00"
    encoded = rlp.encode(header)
    nodes = tuple(rlp.encode(node) for node in trie.get_proof(rlp.encode(index)))
    return AnchorRecord(
        chain_id=1,
        contract="0x" + CONTRACT.hex(),
        tx_hash=OTHER_HASH,
        block_number=9,
        block_hash="0x" + keccak256(encoded).hex(),
        block_time=0x6B000000,
        size=17,
        root=ROOT,
        keeper="independent",
        proof=BlockProof(encoded, index, nodes),
    )


def receipt(*logs: list[Any], status: bytes = b"\x01", kind: bytes = b"") -> bytes:
    return kind + rlp.encode([status, 21_000, bytes(256), list(logs)])


FOREIGN = receipt(logged(address=b"\x01" * 20))


class TestMadeUpBlocks:
    @pytest.mark.parametrize("index", [0, 1, 15, 16, 127, 128, 255, 256, 299])
    def test_the_receipt_at_any_place_of_a_full_block_holds(self, index: int) -> None:
        receipts = [receipt(logged(size=number)) for number in range(300)]
        receipts[index] = receipt(logged())
        record = block_of(receipts, index)
        verify_block_proof(record, record.block_hash)
        assert bytes.fromhex(_index_key(index)) == rlp.encode(index)

    def test_a_neighbours_receipt_does_not_prove_ours(self) -> None:
        record = block_of([receipt(logged()), FOREIGN, receipt(logged())], 1)
        with pytest.raises(ProofError, match=r"^anchor_event_missing"):
            verify_block_proof(record, record.block_hash)
        with broken("trie"):
            verify_block_proof(change(record, index=2), record.block_hash)

    def test_a_typed_receipt_holds_and_so_does_one_event_of_several(self) -> None:
        record = block_of([FOREIGN, receipt(logged(size=3), logged(), kind=b"\x02")], 1)
        verify_block_proof(record, record.block_hash)

    @pytest.mark.parametrize(
        "other",
        [
            {"address": b"\x5c" * 20},
            {"event": keccak256(b"Anchored(uint256,uint256)")},
            {"size": 18},
            {"root": bytes(32)},
            {"root": ROOT + bytes(32)},
            {"more": [bytes(32)]},
        ],
    )
    def test_another_event_is_not_the_anchor(self, other: dict[str, Any]) -> None:
        record = block_of([receipt(logged(**other))], 0)
        with pytest.raises(ProofError, match=r"^anchor_event_missing"):
            verify_block_proof(record, record.block_hash)

    @pytest.mark.parametrize(
        "bad",
        [
            receipt(logged(), status=b""),
            rlp.encode([b"\x01", 1, bytes(256)]),
            b"\x02",
            receipt(logged())[:-1],
        ],
    )
    def test_a_failed_or_malformed_receipt_proves_nothing(self, bad: bytes) -> None:
        record = block_of([bad + bytes(40) * (bad == b"\x02")], 0)
        with pytest.raises(ProofError, match=r"^anchor_proof_broken"):
            verify_block_proof(record, record.block_hash)


class TestMaking:
    def test_headers_and_receipts_of_another_form_make_no_proof(self, record: AnchorRecord) -> None:
        """As FISCO BCOS' and Besu's, whose hash is not that of what their nodes tell."""
        plain = replace(record, proof=None)
        told = {"logs": [], "status": 1, "cumulativeGasUsed": 1}
        header = proof_of(record).header
        for headers, receipts in ((b"\xc0", [told]), (header, [told]), (header, []), (header, [{}])):
            assert with_proof(plain, 0, headers, receipts) == plain


class TestForm:
    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("header", ""),
            ("header", "AB"),
            ("header", "abc"),
            ("header", "00" * 4097),
            ("index", -1),
            ("index", 1 << 32),
            ("index", True),
            ("nodes", []),
            ("nodes", [""]),
            ("nodes", ["c0"] * 17),
            ("nodes", ["00" * 65_537]),
            ("nodes", "c0"),
        ],
    )
    def test_hostile_fields_are_refused(self, record: AnchorRecord, field: str, value: Any) -> None:
        body: Any = record.to_json()
        with pytest.raises(WireInvalid, match=r"^wire_field_invalid"):
            AnchorRecord.from_json({**body, "proof": {**body["proof"], field: value}})

    def test_a_proof_of_another_kind_is_refused(self, record: AnchorRecord) -> None:
        with pytest.raises(WireInvalid, match=r"^wire_field_invalid"):
            AnchorRecord.from_json({**record.to_json(), "proof": None})

    def test_milliseconds_are_told_from_seconds(self) -> None:
        assert seconds_of(1_790_000_000) == seconds_of(1_790_000_000_123) == 1_790_000_000


def answers(record: AnchorRecord) -> dict[str, Any]:
    """What an honest node says of the anchor."""
    size = record.size.to_bytes(32, "big").hex()
    log = {
        "address": record.contract,
        "topics": ["0x" + ANCHORED.hex(), "0x" + "00" * 32, "0x" + size],
        "data": "0x" + record.root.hex(),
    }
    place = {"blockHash": record.block_hash, "blockNumber": hex(record.block_number)}
    return {
        "eth_chainId": hex(record.chain_id),
        "eth_getTransactionReceipt": {
            **place,
            "transactionHash": record.tx_hash,
            "status": "0x1",
            "logs": [log],
        },
        "eth_getBlockByNumber": {"hash": record.block_hash, "timestamp": hex(record.block_time)},
    }


class TestNode:
    def test_an_honest_node_confirms(self, record: AnchorRecord) -> None:
        with node_that_answers(answers(record)) as url:
            confirm_by_rpc(replace(record, proof=None), url)

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"eth_chainId": "0x1"}, "anchor_rpc_other_chain"),
            ({"eth_getTransactionReceipt": None}, "anchor_rpc_unknown"),
            ({"eth_getBlockByNumber": None}, "anchor_rpc_unknown"),
            ({"eth_chainId": 1}, "anchor_rpc_malformed"),
            ({"eth_chainId": "0x01"}, "anchor_rpc_malformed"),
            ({"eth_getTransactionReceipt": []}, "anchor_rpc_malformed"),
            ({"eth_getBlockByNumber": {}}, "anchor_rpc_malformed"),
            ({"receipt": {"status": "0x0"}}, "anchor_block_differs"),
            ({"receipt": {"blockHash": OTHER_HASH}}, "anchor_block_differs"),
            ({"receipt": {"blockNumber": "0x7"}}, "anchor_block_differs"),
            ({"receipt": {"transactionHash": OTHER_HASH}}, "anchor_block_differs"),
            ({"receipt": {"logs": []}}, "anchor_event_missing"),
            ({"receipt": {"logs": None}}, "anchor_rpc_malformed"),
            ({"receipt": {"logs": [{}]}}, "anchor_rpc_malformed"),
            ({"block": {"hash": OTHER_HASH}}, "anchor_block_differs"),  # forked away
            ({"block": {"timestamp": "0x1"}}, "anchor_block_differs"),
        ],
    )
    def test_a_node_that_says_otherwise_refuses(
        self, record: AnchorRecord, change: dict[str, Any], code: str
    ) -> None:
        said = answers(record)
        said["eth_getTransactionReceipt"].update(change.pop("receipt", {}))
        said["eth_getBlockByNumber"].update(change.pop("block", {}))
        with node_that_answers(said | change) as url, pytest.raises(ProofError, match=f"^{code}"):
            confirm_by_rpc(record, url)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("chain_id", 5),
            ("contract", "0x" + "11" * 20),
            ("tx_hash", OTHER_HASH),
            ("block_number", 77),
            ("block_hash", OTHER_HASH),
            ("block_time", 5),
            ("size", 18),
            ("root", bytes(32)),
        ],
    )
    def test_each_field_changed_is_refused(self, record: AnchorRecord, field: str, value: Any) -> None:
        with node_that_answers(answers(record)) as url, pytest.raises(ProofError):
            confirm_by_rpc(replace(record, **{field: value}), url)

    @pytest.mark.parametrize(
        "answer",
        [
            Raw(b"{"),
            Raw(b"[]"),
            Raw(b"\xff"),
            Raw(b'{"error":{}}'),
            Raw(b"[" * 100_000),
            Raw(b'{"result":"' + bytes([48]) * (5 << 20) + b'"}'),
            Cut(),
        ],
    )
    def test_no_answer_of_a_node_is_unavailable(self, record: AnchorRecord, answer: Any) -> None:
        with (
            node_that_answers({"eth_chainId": answer}) as url,
            pytest.raises(NodeUnavailable, match=r"^anchor_rpc_failed"),
        ):
            confirm_by_rpc(record, url)

    def test_a_redirect_is_not_followed(self, record: AnchorRecord) -> None:
        with node_that_answers(answers(record)) as honest:
            with node_that_answers({"eth_chainId": Moved(honest)}) as url, unavailable() as caught:
                confirm_by_rpc(record, url)
            assert caught.value.fields["reason"] == "HTTP 302"

    def test_a_proxy_is_not_used(self, record: AnchorRecord, monkeypatch: pytest.MonkeyPatch) -> None:
        with node_that_answers({}) as proxy, node_that_answers(answers(record)) as url:
            monkeypatch.setenv("http_proxy", proxy)
            confirm_by_rpc(record, url)

    def test_silence_is_unavailable(self, record: AnchorRecord) -> None:
        asked = threading.Event()

        def silent(*_: object) -> Any:
            asked.wait(30)

        with node_that_answers(silent) as url, unavailable():
            try:
                confirm_by_rpc(record, url, timeout_s=0.2)
            finally:
                asked.set()

    def test_nobody_there_is_unavailable(self, record: AnchorRecord) -> None:
        with node_that_answers({}) as url:
            pass
        with unavailable() as caught:
            confirm_by_rpc(record, url.replace("http://", "http://user:secret@"))
        assert "secret" not in str(caught.value)

    @pytest.mark.parametrize(
        "url", ["file:///etc/passwd", "ftp://127.0.0.1/", "127.0.0.1:8545", "http://", ""]
    )
    def test_only_http_is_asked(self, record: AnchorRecord, url: str) -> None:
        with pytest.raises(UsageInvalid, match=r"^anchor_rpc_address"):
            confirm_by_rpc(record, url)


def broken(step: str) -> Any:
    return pytest.raises(ProofError, match=f"^anchor_proof_broken .*'{step}'")


def unavailable() -> Any:
    return pytest.raises(NodeUnavailable, match=r"^anchor_rpc_failed")


def proof_of(record: AnchorRecord) -> BlockProof:
    assert record.proof is not None
    return record.proof


def change(record: AnchorRecord, **fields: Any) -> AnchorRecord:
    return replace(record, proof=replace(proof_of(record), **fields))
