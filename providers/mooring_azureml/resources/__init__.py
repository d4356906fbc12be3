"""One file per resource type, each with a `DEFINITION`. A new file here is a new resource type."""
