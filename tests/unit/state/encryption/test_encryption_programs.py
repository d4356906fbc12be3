"""Keys from a program, in OpenTofu's protocol, with real processes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.unit.state.encryption.blocks import source

from mooring.cli.encryption import run_program
from mooring.state.encryption.keys import Keyring, KeyUnavailableError
from mooring.state.encryption.programs import Program

HEADER = 'print(\'{"magic":"OpenTofu-External-Key-Provider","version":1}\')\n'
GOOD = f"""
import base64, json, sys
{HEADER}
given = json.load(sys.stdin)
number = 1 if given is None else given["external_data"]["number"]
key = base64.b64encode(bytes([number]) * 32).decode()
keys = {{"encryption_key": key}} if given is None else {{"encryption_key": "AAAA", "decryption_key": key}}
print(json.dumps({{"keys": keys, "meta": {{"external_data": {{"number": number}}}}}}))
"""


def program(folder: Path, text: str) -> Program:
    path = folder / "keys.py"
    path.write_text(text)
    return Program(command=(sys.executable, str(path)), run=run_program)


def test_a_program_gives_keys_and_gets_back_what_it_wanted_kept(tmp_path: Path) -> None:
    provider = program(tmp_path, GOOD)
    made = Keyring().new_key(source(provider))
    assert made.key == bytes([1]) * 32
    assert made.metadata == {"key_provider.static.k": b'{"external_data":{"number":1}}'}
    assert Keyring().kept_key(source(provider), made.metadata) == made.key


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("print('hello')", "does not begin its answer with the line"),
        (HEADER + "print('{')", 'has given no "encryption_key"'),
        (HEADER + 'print(\'{"keys":{"encryption_key":"*"}}\')', 'has given no "encryption_key"'),
        ("raise SystemExit(3)", "it ended with status 3"),
    ],
)
def test_a_program_that_gives_no_key_is_named(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(KeyUnavailableError, match=reason):
        program(tmp_path, text).new_key(None)


def test_a_program_that_is_not_there_is_named() -> None:
    missing = Program(command=("/no/such/program",), run=run_program)
    with pytest.raises(KeyUnavailableError, match="/no/such/program: No such file or directory"):
        missing.new_key(None)
