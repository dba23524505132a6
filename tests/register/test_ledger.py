"""The ledger: gapless, tamper-evident, with roots as RFC 6962 defines them."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text, update

from creditregister import checkpoint, ledger, proof
from creditregister.ledger import Change
from creditregister.schema import ledger as entries
from creditregister.schema import ledger_node, record_version
from creditregister.text import canonical
from support.registers import NOON, deliver, make_register, row

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Executable

#: The eight leaves of the Certificate Transparency test vectors, and the root over each number of them.
LEAVES = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def naive_root(hashes: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return hashlib.sha256(b"\1" + naive_root(hashes[:k]) + naive_root(hashes[k:])).digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_published_vectors(size: int) -> None:
    hashes = [ledger.leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES[:size]]
    assert ledger.tree_root(hashes).hex() == ROOTS[size - 1]


@given(st.integers(0, 700))
def test_the_root_is_the_one_that_the_definition_gives(size: int) -> None:
    hashes = [hashlib.sha256(str(place).encode()).digest() for place in range(size)]
    assert ledger.tree_root(hashes) == naive_root(hashes)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 700), min_size=1, max_size=6))
def test_stored_roots_agree_at_every_size(tmp_path_factory: pytest.TempPathFactory, parts: list[int]) -> None:
    register = make_register(tmp_path_factory.mktemp("ledger"))
    with register.store.write() as connection:
        for part in parts:
            changes = [Change("publish", hashlib.sha256(bytes([n % 251])).digest()) for n in range(part)]
            ledger.append(connection, changes, NOON)
    with register.store.read() as connection:
        hashes = [entry.hash for entry in ledger.after(connection, 0, sum(parts))]
        for size in {0, 1, 255, 256, 257, len(hashes) // 2, len(hashes)} & set(range(len(hashes) + 1)):
            assert ledger.root(connection, size) == naive_root(hashes[:size])


def test_a_root_over_two_levels_of_kept_nodes(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    with register.store.write() as connection:
        for _ in range(70):
            ledger.append(connection, [Change("publish", b"x" * 32)] * 1000, NOON)
    with register.store.read() as connection:
        hashes = [entry.hash for entry in ledger.after(connection, 0, 70_000)]
        assert ledger.root(connection, 70_000) == ledger.tree_root(hashes)
        assert ledger.root(connection, 65_536) == ledger.tree_root(hashes[:65_536])
    assert proof.verify(register.store).count == 0


def test_time_never_runs_backwards(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    with register.store.write() as connection:
        ledger.append(connection, [Change("publish", b"a" * 32)], NOON)
        ledger.append(connection, [Change("publish", b"b" * 32)], NOON - 86_400_000)
    with register.store.read() as connection:
        assert [entry.time for entry in ledger.after(connection, 0, 9)] == [NOON, NOON]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (update(entries).where(entries.c.seq == 2).values(leaf=b"{}"), "Entry 2"),
        (update(entries).where(entries.c.seq == 3).values(action="mark"), "Entry 3"),
        (delete(entries).where(entries.c.seq == 4), "Entry 4 is missing"),
        (update(record_version).where(record_version.c.n == 1).values(public=b"{}"), "public bytes"),
        (update(record_version).where(record_version.c.n == 2).values(salt=None), "without entry, bytes or"),
        (update(ledger_node).values(hash=bytes(32)), "kept node"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_verify_finds_what_was_tampered_with(tmp_path: Path, statement: Executable, found: str) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(n) for n in range(1, 300)])
    assert proof.verify(register.store).count == 0
    with register.store.write() as connection:
        connection.execute(statement)
    finding = proof.verify(register.store)
    assert finding.count > 0
    assert any(found in sentence for sentence in finding.differences)


def test_a_checkpoint_proves_a_rewritten_history(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(n) for n in range(1, 20)])
    with register.store.read() as connection:
        point = checkpoint.renew(connection, register.settings, register.keys)
    assert proof.verify(register.store, point).count == 0
    with register.store.write() as connection:
        connection.execute(text("DELETE FROM ledger"))
        ledger.append(connection, [Change("publish", b"z" * 32)] * 19, NOON)
    assert any("checkpoint" in sentence for sentence in proof.verify(register.store, point).differences)


def test_a_checkpoint_is_signed_and_read_back(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(1)])
    public = register.keys.signer().public_key()
    with register.store.read() as connection:
        point = checkpoint.renew(connection, register.settings, register.keys)
    note = checkpoint.path(register.settings).read_text(encoding="utf-8")
    assert checkpoint.verify(note, public) == point
    assert note.split("\n")[1] == "1"
    with pytest.raises(checkpoint.CheckpointError, match="does not fit"):
        checkpoint.verify(note.replace("\n1\n", "\n2\n"), public)


def test_a_smaller_or_other_tree_is_never_signed(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(n) for n in range(1, 6)])
    with register.store.read() as connection:
        checkpoint.renew(connection, register.settings, register.keys)
    with register.store.write() as connection:
        connection.execute(text("DELETE FROM ledger WHERE seq > 3"))
    with (
        register.store.read() as connection,
        pytest.raises(checkpoint.CheckpointError, match="were signed before"),
    ):
        checkpoint.renew(connection, register.settings, register.keys)
    with register.store.write() as connection:
        ledger.append(connection, [Change("publish", b"q" * 32)] * 9, NOON)
    with register.store.read() as connection, pytest.raises(checkpoint.CheckpointError, match="not those"):
        checkpoint.renew(connection, register.settings, register.keys)


def test_what_is_written_out_by_hand_is_canonical() -> None:
    leaf = {"v": 1, "seq": 7, "time": NOON, "action": "publish", "commit": "ab" * 32}
    assert ledger.make_leaf(7, NOON, "publish", b"\xab" * 32) == canonical(leaf)
    fact = {
        "record": "a" * 26,
        "version": 3,
        "kind": "serious-list",
        "reason": "delivery",
        "digest": hashlib.sha256(b"{}").hexdigest(),
    }
    made = ledger.commitment(
        b"s" * 32, record="a" * 26, version=3, kind="serious-list", reason="delivery", public=b"{}"
    )
    assert made == hmac.digest(b"s" * 32, canonical(fact), "sha256")
