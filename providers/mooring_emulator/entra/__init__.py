"""Microsoft Entra ID and the metadata documents: tokens for clients, and who a token stands for.

Paths outside ARM, so none of them needs an api-version. Knows nothing of resources.
"""
