"""The commands of `shutten`, one module for each."""
