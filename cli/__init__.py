"""The `shutten` command. It stands above all other packages."""
