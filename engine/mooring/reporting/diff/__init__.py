"""What differs between two objects, as a tree, and that tree as Terraform prints it."""
