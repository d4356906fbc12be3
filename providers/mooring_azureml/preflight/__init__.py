"""What reality says against a change, each rule with its source and a code. Reads only."""
