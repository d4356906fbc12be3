"""Azure Resource Manager templates: expressions, functions, and carrying a template out resource by resource.

Source: "Understand the structure and syntax of ARM templates" and "ARM template functions"; what azure-ai-
ml's workspace template uses is complete, the rest as far as it is common.
"""
