"""Mooring: a declarative provisioning engine that speaks the Terraform language."""

__version__ = "0.1.0"
