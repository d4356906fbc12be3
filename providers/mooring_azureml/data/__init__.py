"""One file per data source, each with a `DEFINITION`. A new file here is a new data source."""
