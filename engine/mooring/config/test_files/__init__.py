"""Test files, `*.tftest.hcl` and `*.tftest.json`: what they declare, nothing evaluated."""
