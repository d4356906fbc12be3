"""The places where states can be kept, with the arguments, layouts and locks of Terraform's backends."""
