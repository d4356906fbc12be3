"""The provider for Azure Machine Learning: every compute kind, attach and detach included.

Layers, top to bottom: `provider` and its `catalog`, over `resources` and `data` (one file per type), over
`preflight` (rules that ask Azure), over what the types are made of: `jobs`, `workspaces`, `computes`,
`common`, `combinations`, `regional`; over `lifecycle` (what is done with any type), `local` (the computer
that Mooring runs on) and `table` (the declarative layer); over `arm` (the port, ids, errors). `client`
implements the port and is the only package that knows `azure.*`.

`resource`, `lookup` and `inquiry` are the SDK's shape of a resource type, a data source that looks one up,
and one that looks up nothing; `signing_in` is the provider block; `generic` serves the type that takes any
ARM type; `hints` are for types that there are not.

How to add a resource type: one file in `resources/` with a `DEFINITION`: a table of properties, its place in
ARM, and functions for what a table cannot say. Nothing else changes.
"""

from mooring_azureml.provider import AzureMlProvider

provider = AzureMlProvider()

__all__ = ["AzureMlProvider", "provider"]
