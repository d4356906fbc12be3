"""Azure Resource Manager as the provider knows it: the port to it, resource ids, what its errors mean."""
