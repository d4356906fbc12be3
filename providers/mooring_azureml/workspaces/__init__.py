"""What a workspace needs beside its table: blocks of arguments, and the steps around its PUT."""
