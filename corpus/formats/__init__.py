"""From a file to the text of a statement: what kind of file it is, and its encoding."""
