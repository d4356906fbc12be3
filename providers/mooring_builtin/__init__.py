"""The provider `terraform`, built into every configuration: the reference provider.

Start at `provider.py`. It has no service behind it, so its calls never block.
"""

from mooring_builtin.provider import BuiltinProvider

provider = BuiltinProvider()

__all__ = ["BuiltinProvider", "provider"]
