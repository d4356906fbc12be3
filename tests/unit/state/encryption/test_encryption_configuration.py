"""What the encryption block says, in files and in TF_ENCRYPTION, and everything that can be wrong with it."""

from __future__ import annotations

import pytest
from tests.unit.state.encryption.blocks import BLOCK, module, read

from mooring.config.declarations.encryption import read_variable
from mooring.core.values import string
from mooring.reporting.diagnostics_text import Layout, render_diagnostics
from mooring.state.encryption.configuration import Encrypted
from mooring.state.encryption.sealing import Target

SECRET = "correct-horse-battery-staple"
PASSPHRASE = f"""
  key_provider "pbkdf2" "p" {{
    passphrase = "{SECRET}"
    iterations = 200000
  }}
  method "aes_gcm" "m" {{ keys = key_provider.pbkdf2.p }}
  state {{ method = method.aes_gcm.m }}
"""
TOFU = """
  key_provider "pbkdf2" "p" {
    passphrase    = var.passphrase
    key_length    = 32
    iterations    = 200000
    salt_length   = 16
    hash_function = "sha256"
  }
  method "aes_gcm" "new" {
    keys = key_provider.pbkdf2.p
    aad  = [1, 2, 255]
  }
  method "unencrypted" "old" {}
  state {
    method   = method.aes_gcm.new
    enforced = true
    fallback { method = method.unencrypted.old }
  }
  plan { method = method.aes_gcm.new }
  remote_state_data_sources {
    default { method = method.aes_gcm.new }
    remote_state_data_source "net.vpc" { method = method.unencrypted.old }
  }
"""
VAULT = """
  key_provider "azure_vault" "k" {
    vault_uri      = "http://v.example"
    vault_key_name = "k"
    key_length     = 32
  }
"""
CYCLE = """
  key_provider "pbkdf2" "a" { chain = key_provider.pbkdf2.b }
  key_provider "pbkdf2" "b" { chain = key_provider.pbkdf2.a }
"""
AAD = f"""{BLOCK}
  method "aes_gcm" "n" {{
    keys = key_provider.static.k
    aad  = [256]
  }}
"""
VARIABLE = 'variable "passphrase" { type = string }'


def methods(target: Target) -> list[str]:
    return [method.address for method in target.methods]


def understood(inside: str, **given: object) -> Encrypted:
    encrypted, told = read(inside, **given)  # type: ignore[arg-type]  # as of `read`
    assert told == []
    assert encrypted is not None
    return encrypted


def test_everything_that_a_block_of_opentofu_says_is_understood() -> None:
    encrypted = understood(TOFU, outside=VARIABLE, inputs={"passphrase": string(SECRET)})
    assert methods(encrypted.state) == ["method.aes_gcm.new", "method.unencrypted.old"]
    assert methods(encrypted.plan) == ["method.aes_gcm.new"]
    assert methods(encrypted.for_remote("other")) == ["method.aes_gcm.new"]
    assert methods(encrypted.for_remote("net.vpc")) == ["method.unencrypted.old"]
    assert methods(encrypted.for_remote("net.vpc[0]")) == ["method.unencrypted.old"]


def test_a_block_without_targets_encrypts_nothing() -> None:
    encrypted, told = read(BLOCK)
    assert encrypted is not None
    assert not encrypted.state.encrypts
    assert [each.partition(":")[0] for each in told] == ["Unused method"]


def test_validation_needs_no_variables() -> None:
    understood(TOFU, outside=VARIABLE, prospective=True)


def test_arguments_can_be_locals_made_of_variables_and_functions() -> None:
    outside = f'{VARIABLE}\nlocals {{ p = join("-", [var.passphrase, path.module]) }}'
    block = PASSPHRASE.replace(f'"{SECRET}"', "local.p")
    assert understood(block, outside=outside, inputs={"passphrase": string(SECRET)}).state.encrypts


def test_a_passphrase_can_be_an_ephemeral_variable() -> None:
    outside = 'variable "passphrase" { ephemeral = true }'
    block = PASSPHRASE.replace(f'"{SECRET}"', "var.passphrase")
    assert understood(block, outside=outside, inputs={"passphrase": string(SECRET)}).state.encrypts


def test_a_block_of_a_called_module_is_told_to_do_nothing() -> None:
    called = "terraform {\n encryption {" + BLOCK + "}\n}"
    _, diags = module({"main.tf": 'module "m" { source = "./m" }', "m/main.tf": called})
    assert [diag.summary for diag in diags] == ["Encryption configuration ignored"]


def test_the_environment_has_the_last_word() -> None:
    variable = """
      key_provider "static" "k" { key = "0f0e0d0c0b0a09080706050403020100" }
      method "unencrypted" "u" {}
      plan { method = method.aes_gcm.m }
      state {
        fallback { method = method.unencrypted.u }
      }
    """
    encrypted = understood(BLOCK + "state { method = method.aes_gcm.m }", variable=variable)
    assert methods(encrypted.state) == ["method.aes_gcm.m", "method.unencrypted.u"]
    assert methods(encrypted.plan) == ["method.aes_gcm.m"]
    [method] = encrypted.plan.methods
    assert method.keys.provider.new_key(None)[0][:1] == b"\x0f"  # type: ignore[union-attr]  # aes_gcm


@pytest.mark.parametrize("reference", ["key_provider.static.k", "${key_provider.static.k}"])
def test_the_environment_can_be_json(reference: str) -> None:
    variable = (
        '{"key_provider": {"static": {"k": {"key": "000102030405060708090a0b0c0d0e0f"}}},'
        f'"method": {{"aes_gcm": {{"m": {{"keys": "{reference}"}}}}}},'
        '"state": {"method": "method.aes_gcm.m", "enforced": true}}'
    )
    assert understood("", variable=variable).state.encrypts


def test_an_override_file_changes_arguments() -> None:
    files = {
        "main.tf": "terraform {\n encryption {" + BLOCK + " state { method = method.aes_gcm.m }\n }\n}",
        "main_override.tf": 'terraform {\n encryption {\n method "aes_gcm" "m" { aad = [1] }\n }\n}',
    }
    root, diags = module(files)
    assert diags == ()
    assert root.encryption is not None
    assert root.encryption.state is not None


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (
            'key_provider "pbkdf" "p" {}',
            'Unknown key provider: There is no key provider "pbkdf". Did you mean',
        ),
        ('key_provider "aws_kms" "p" {}', 'OpenTofu has the key provider "aws_kms", Mooring has pbkdf2'),
        ('key_provider "pbkdf2" "p" {}', 'It needs a value for either "passphrase" or "chain"'),
        (PASSPHRASE.replace(SECRET, "too short"), "The passphrase must have at least 16 characters."),
        (PASSPHRASE.replace("200000", "1000"), '"iterations" must be at least 200000'),
        (PASSPHRASE.replace("200000", "200000.5"), '"iterations" must be at least 200000'),
        (PASSPHRASE.replace("iterations = 200000", "key_length = 0"), '"key_length" must be a whole number'),
        (PASSPHRASE.replace("iterations = 200000", "key_length = 20"), "AES-GCM needs a key of 16, 24 or 32"),
        (PASSPHRASE.replace("iterations = 200000", 'hash_function = "md5"'), "must be one of sha256, sha512"),
        (PASSPHRASE.replace("iterations =", "rounds ="), "Unsupported argument"),
        (PASSPHRASE.replace(f'"{SECRET}"', "var.none"), "Reference to undeclared input variable"),
        ('key_provider "static" "k" { key = "xy" }', "hexadecimal digits"),
        ('key_provider "external" "k" { command = [] }', 'The "command" must name a program'),
        (VAULT, 'The "vault_uri" must be as https://'),
        (CYCLE, "Cycle of key providers"),
        ('method "aes_gmc" "m" {}', 'There is no method "aes_gmc". Did you mean "aes_gcm"?'),
        ('method "aes_gcm" "m" {}', 'The argument "keys" is required'),
        ('method "unencrypted" "m" { keys = 1 }', "Unsupported argument"),
        (AAD, "whole numbers from 0"),
        ('method "aes_gcm" "m" { keys = key_provider.static.k }', "There is no key_provider.static.k in the"),
        ('method "aes_gcm" "m" { keys = "k" }', "It must be named as key_provider.TYPE.NAME."),
        ("state { method = method.aes_gcm.m }", "There is no method.aes_gcm.m in the encryption block."),
        ("state {}\n state {}", "Duplicate state block"),
        ("state {\n fallback {}\n}", 'The argument "method" is required'),
        (BLOCK + BLOCK, "Duplicate key_provider"),
        ("state { enforced = true }", "must be encrypted (enforced = true), but no method is given"),
        (
            'method "unencrypted" "u" {}\n plan {\n method = method.unencrypted.u\n enforced = true\n}',
            "The plan must be encrypted (enforced = true), but method.unencrypted.u does not encrypt.",
        ),
        ("plans {}", "Unsupported block type"),
        (BLOCK + "state { method = method.aes_gcm.m }\n" + 'method "unencrypted" "u" {}', "Unused method"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(inside: str, expected: str) -> None:
    _, told = read(inside)
    assert any(expected in each for each in told), told
    assert all("main.tf:" in each for each in told), told


def test_a_variable_without_a_value_is_named() -> None:
    _, told = read(PASSPHRASE.replace(f'"{SECRET}"', "var.passphrase"), outside=VARIABLE)
    assert told[0].startswith("No value for required variable: The encryption block needs var.passphrase")


def test_what_a_plan_decides_comes_too_late() -> None:
    outside = 'resource "terraform_data" "a" {}\nlocals { p = terraform_data.a.id }'
    for expression in ("terraform_data.a.id", "local.p"):
        _, told = read(PASSPHRASE.replace(f'"{SECRET}"', expression), outside=outside)
        assert any("The encryption block is needed before the state can be read" in each for each in told)


@pytest.mark.parametrize(
    "inside",
    [
        PASSPHRASE.replace("iterations", "rounds"),
        PASSPHRASE.replace("200000", "1"),
        f'key_provider "pbkdf2" "p" {{ pass = "{SECRET}" }}',
        f'key_provider "static" "p" {{ key = "{SECRET}" }}',
        f'key_provider "static" "p" {{ key = file("{SECRET}") }}',
        f'passphrase = "{SECRET}"',
    ],
)
def test_no_message_shows_a_passphrase(inside: str) -> None:
    root, diags = module({"main.tf": "terraform {\n encryption {\n" + inside + "\n }\n}"})
    assert root.encryption is not None
    _, told = read(inside)
    assert told
    assert SECRET not in "".join(told)
    assert SECRET not in render_diagnostics(diags, Layout())


@pytest.mark.parametrize("text", [f'passphrase = "{SECRET}', f'{{"a": "{SECRET}"', f'x = "{SECRET}"'])
def test_nothing_of_the_environment_is_shown(text: str) -> None:
    _, diags = read_variable(text)
    assert diags
    assert SECRET not in render_diagnostics(diags, Layout())
