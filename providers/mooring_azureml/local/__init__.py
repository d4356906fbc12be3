"""The local computer: what it is, and the runs and files that stand there where others stand in Azure."""
