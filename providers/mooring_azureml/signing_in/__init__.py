"""The provider block: its arguments, the settings they make, and what a failed sign-in means."""
