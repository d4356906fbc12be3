"""Files to a module tree: loading, static checks, inputs, evaluation of what the files declare."""
