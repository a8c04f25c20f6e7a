"""The `shutten` command line. It may import every other package; none of them imports it."""
