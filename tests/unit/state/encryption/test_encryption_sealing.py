"""Sealing by encryption: what is written can be read with the right key, and with nothing else."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.state.encryption.blocks import CLEAR, KEY, SNAPSHOT, aes, sealing, source

from mooring.core.diagnostics import Diagnostics
from mooring.state.encryption.envelope import identity_of, looks_encrypted, read_envelope
from mooring.state.encryption.keys import Keyring, KeySource
from mooring.state.encryption.methods import AesGcm, decrypt, encrypt
from mooring.state.encryption.passphrases import Passphrase
from mooring.state.encryption.sealing import EncryptedSealing, Target

OTHER = bytes(32)


def refused(answer: bytes | Diagnostics) -> str:
    assert not isinstance(answer, bytes)
    [diag] = answer
    return f"{diag.summary}: {diag.detail}"


@given(st.binary())
def test_what_is_sealed_can_be_opened(content: bytes) -> None:
    seal = sealing(aes())
    assert seal.open(seal.seal(content)) == content
    assert seal.open_line(seal.seal_line(content)) == content


def test_a_sealed_state_shows_serial_and_lineage_and_nothing_else() -> None:
    sealed = sealing(aes()).seal(SNAPSHOT)
    document = json.loads(sealed)
    encrypted = document.pop("encrypted_data")
    assert document == {
        "serial": 7,
        "lineage": "3f1c",
        "meta": {"key_provider.static.k": "e30="},
        "encryption_version": "v0",
    }
    assert b"check_results" not in sealed
    assert len(read_envelope(sealed).ciphertext) == len(SNAPSHOT) + 12 + 16
    assert encrypted


def test_a_line_of_a_journal_is_one_line() -> None:
    assert b"\n" not in sealing(aes()).seal_line(b'{"n":0,\n"journal":1}')


def test_sealing_twice_gives_different_bytes() -> None:
    seal = sealing(aes())
    assert seal.seal(SNAPSHOT) != seal.seal(SNAPSHOT)


def test_another_key_opens_nothing() -> None:
    told = refused(sealing(aes(OTHER)).open(sealing(aes()).seal(SNAPSHOT)))
    assert told.startswith("State cannot be decrypted: None of the configured methods")
    assert "method.aes_gcm.k: the key of key_provider.static.k is another one" in told


def test_another_aad_opens_nothing() -> None:
    assert "cannot be decrypted" in refused(
        sealing(aes(aad=b"b")).open(sealing(aes(aad=b"a")).seal(SNAPSHOT))
    )


def test_another_name_of_the_key_provider_opens_nothing() -> None:
    told = refused(sealing(aes(name="renamed")).open(sealing(aes()).seal(SNAPSHOT)))
    assert 'nothing is kept for "key_provider.static.renamed", only for "key_provider.static.k"' in told


def test_encrypted_data_are_not_opened_without_a_method() -> None:
    told = refused(sealing(CLEAR).open(sealing(aes()).seal(SNAPSHOT)))
    assert told.startswith("State is encrypted: The state is encrypted, and nothing says how to decrypt it.")


def test_data_in_clear_are_not_opened_where_they_are_to_be_encrypted() -> None:
    told = refused(sealing(aes()).open(SNAPSHOT))
    assert told.startswith("State is not encrypted: ")
    assert "fallback { method = method.unencrypted.NAME }" in told


def test_a_fallback_reads_what_is_in_clear_and_what_has_the_old_key() -> None:
    new = sealing(aes(OTHER, "new"), aes(), CLEAR)
    for before in (SNAPSHOT, sealing(aes()).seal(SNAPSHOT)):
        assert new.open(before) == SNAPSHOT
        assert new.is_outdated
    after = new.seal(SNAPSHOT)
    assert new.open(after) == SNAPSHOT
    assert not new.is_outdated
    assert "cannot be decrypted" in refused(sealing(aes()).open(after))


def test_a_fallback_leads_back_to_clear() -> None:
    back = sealing(CLEAR, aes())
    assert back.open(sealing(aes()).seal(SNAPSHOT)) == SNAPSHOT
    assert back.is_outdated
    assert back.seal(SNAPSHOT) == SNAPSHOT
    assert back.open(SNAPSHOT) == SNAPSHOT
    assert not back.is_outdated


@pytest.mark.parametrize("text", ['"encrypted_data"', '"encryption_version": "v0"'])
def test_a_value_that_looks_like_an_envelope_does_not_make_one(text: str) -> None:
    content = json.dumps({"version": 4, "resources": [{"note": text}]}).encode()
    assert not looks_encrypted(content)
    assert sealing(CLEAR).open(content) == content


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"serial": 8}, "its serial or lineage was changed"),
        ({"lineage": "other"}, "its serial or lineage was changed"),
        ({"encryption_version": "v1"}, 'its "encryption_version" is not "v0"'),
        ({"surprise": 1}, "it has other fields than encrypted data have"),
        ({"encrypted_data": "***"}, "its encrypted data are not base64"),
        ({"encrypted_data": ""}, "the data were changed"),
        ({"meta": {}}, 'nothing is kept for "key_provider.static.k", nor for any other'),
        ({"meta": {"\x1b[2J": ""}}, 'only for "\\u001b[2J"'),
        ({"meta": {"key_provider.static.k": "!"}}, "what is kept beside the data is damaged"),
    ],
)
def test_a_changed_envelope_is_refused(change: dict[str, object], reason: str) -> None:
    document = json.loads(sealing(aes()).seal(SNAPSHOT)) | change
    assert reason in refused(sealing(aes()).open(json.dumps(document).encode()))


@pytest.mark.parametrize("end", [12, 40, 80, -1])
def test_an_envelope_that_is_cut_off_is_not_taken_for_a_state_in_clear(end: int) -> None:
    told = refused(sealing(aes(), CLEAR).open(sealing(aes()).seal(SNAPSHOT)[:end]))
    assert told.startswith("Encrypted state is damaged: The state is encrypted, and it is not JSON")


def test_an_envelope_without_serial_and_lineage_is_one_of_an_older_opentofu() -> None:
    document = json.loads(sealing(aes()).seal(SNAPSHOT))
    del document["serial"], document["lineage"]
    assert sealing(aes()).open(json.dumps(document, indent=2).encode()) == SNAPSHOT


def test_aes_gcm_gives_what_its_specification_says() -> None:
    """Test case 16 of "The Galois/Counter Mode of Operation" (McGrew and Viega)."""
    key = bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2)
    nonce = bytes.fromhex("cafebabefacedbaddecaf888")
    aad = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plain = bytes.fromhex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    expected = bytes.fromhex(
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b"
    )
    assert encrypt(plain, key, aad, lambda _count: nonce) == nonce + expected
    assert decrypt(nonce + expected, key, aad) == plain


def test_a_passphrase_gives_the_key_that_rfc_7914_says() -> None:
    provider = Passphrase(
        passphrase=b"passwd",
        key_length=64,
        iterations=1,
        salt_length=4,
        hash_function="sha256",
        random_bytes=lambda _count: b"salt",
    )
    key, kept = provider.new_key(None)
    assert key.hex() == (
        "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
        "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"
    )
    assert kept == b'{"salt":"c2FsdA==","iterations":1,"hash_function":"sha256","key_length":64}'
    assert provider.kept_key(kept, None) == key


def test_the_identity_is_found_wherever_it_stands() -> None:
    compact = json.dumps({"lineage": "3f1c", "resources": [], "serial": 7}).encode()
    assert identity_of(compact) == identity_of(SNAPSHOT)
    assert identity_of(b"[]") is None
    assert identity_of(b"no JSON") is None


# -- keys ----------------------------------------------------------------------------------------


class Counting:
    """A key provider that counts how often it is asked."""

    key_length = 32

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.generation = 1

    def new_key(self, _chained: bytes | None) -> tuple[bytes, bytes]:
        self.asked.append("new")
        return bytes([self.generation]) * 32, b'{"generation":%d}' % self.generation

    def kept_key(self, kept: bytes, _chained: bytes | None) -> bytes:
        self.asked.append("kept")
        return bytes([json.loads(kept)["generation"]]) * 32

    def is_current(self, kept: bytes, _key: bytes) -> bool:
        return bool(json.loads(kept)["generation"] == self.generation)


def counted(provider: Counting) -> EncryptedSealing:
    method = AesGcm(address="method.aes_gcm.m", keys=source(provider))
    return EncryptedSealing(Target(what="state", block="state", methods=(method,)), Keyring(), os.urandom)


def test_a_run_asks_for_one_key_however_much_it_writes() -> None:
    provider = Counting()
    seal = counted(provider)
    sealed = [seal.seal(SNAPSHOT), *(seal.seal_line(b"line") for _ in range(100))]
    assert provider.asked == ["new"]
    reading = counted(provider)
    assert reading.open(sealed[0]) == SNAPSHOT
    assert [reading.open_line(each) for each in sealed[1:]] == [b"line"] * 100
    assert provider.asked == ["new", "kept"]


def test_a_run_writes_with_the_key_it_has_read_with() -> None:
    provider = Counting()
    before = counted(provider).seal(SNAPSHOT)
    seal = counted(provider)
    assert seal.open(before) == SNAPSHOT
    seal.seal(SNAPSHOT)
    assert provider.asked == ["new", "kept"]


def test_a_run_makes_a_new_key_once_the_old_one_is_not_current() -> None:
    provider = Counting()
    before = counted(provider).seal(SNAPSHOT)
    provider.generation = 2
    seal = counted(provider)
    assert seal.open(before) == SNAPSHOT
    after = seal.seal(SNAPSHOT)
    assert provider.asked == ["new", "kept", "new"]
    assert read_envelope(after).metadata == {"key_provider.static.k": b'{"generation":2}'}


def derived(chain: KeySource | None, passphrase: bytes | None, iterations: int = 1) -> KeySource:
    provider = Passphrase(
        passphrase=passphrase,
        key_length=32,
        iterations=iterations,
        salt_length=32,
        hash_function="sha512",
        random_bytes=os.urandom,
    )
    return KeySource(address="key_provider.pbkdf2.p", alias="mine", provider=provider, chain=chain)


def test_a_passphrase_is_derived_again_only_if_its_settings_have_changed() -> None:
    old = Keyring().new_key(derived(None, b"passphrase"))
    same, other = Keyring(), Keyring()
    assert same.kept_key(derived(None, b"passphrase"), old.metadata) == old.key
    assert same.new_key(derived(None, b"passphrase")) == old
    assert other.kept_key(derived(None, b"passphrase", 2), old.metadata) == old.key
    assert other.new_key(derived(None, b"passphrase", 2)) != old


def test_a_chain_keeps_what_each_of_its_providers_needs() -> None:
    made = Keyring().new_key(derived(source(Counting()), None))
    assert set(made.metadata) == {"mine", "key_provider.static.k"}
    assert Keyring().kept_key(derived(source(Counting()), None), made.metadata) == made.key


def test_nothing_that_holds_a_key_shows_it() -> None:
    made = Keyring().new_key(derived(None, b"secret passphrase"))
    shown = repr((derived(None, b"secret passphrase"), made, aes(KEY)))
    assert "secret" not in shown
    assert repr(KEY) not in shown
    assert repr(made.key) not in shown
