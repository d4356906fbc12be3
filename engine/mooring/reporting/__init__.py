"""What people and programs are told: one model of the facts, rendered as text, as JSON, as a live stream."""
