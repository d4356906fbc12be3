"""Microsoft.MachineLearningServices: workspaces, their computes, sizes, usages and quotas.

`computes` has what all computes share; each compute type is one module with a `ComputeType` value. The
resource provider is known to nothing outside this folder but `mooring_emulator.tables`.
"""
