"""One module a command. Each has a `COMMAND`; modules are imported when their command is called."""
