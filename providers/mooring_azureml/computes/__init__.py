"""What computes of a workspace share, and what single kinds of them need beside their table."""
