"""A state behind Terraform's http protocol."""
