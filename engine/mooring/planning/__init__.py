"""From configuration and state to a plan: refresh, decide, order. Reads the world, changes nothing."""
