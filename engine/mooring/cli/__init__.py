"""The command `moor`: reads the command line, wires the engine to the world, shows what comes of it."""
