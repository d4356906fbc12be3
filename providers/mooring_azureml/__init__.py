"""The provider for Azure Machine Learning: every compute kind, attach and detach included.

Layers, top to bottom: `provider` over `resource` and `lookup` (the SDK's shape) over `resources` and `data`
(one file per type) over `lifecycle` (what is done with any type) over `table` (the declarative layer), `ids`
and `arm` (the port); `client` implements the port and is the only package that knows `azure.*`.

`inquiry` is for data sources that are no resource type, `preflight` for rules that ask Azure, `signing_in`,
`settings` and `arguments` for the provider block.

How to add a resource type: one file in `resources/` with a `DEFINITION`: a table of properties, its place in
ARM, and functions for what a table cannot say. Nothing else changes.
"""

from mooring_azureml.provider import AzureMlProvider

provider = AzureMlProvider()

__all__ = ["AzureMlProvider", "provider"]
