"""The models that encode texts: the bundled one, its trained changes, and any other."""
