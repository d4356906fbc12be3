"""What providers say their objects look like, and the pure rules that follow from it."""
