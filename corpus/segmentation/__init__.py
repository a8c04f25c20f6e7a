"""How the lines of a file become passages: page furniture, wrapping, markers, blocks."""
