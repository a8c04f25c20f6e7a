"""Shutten beside the usual way to build such an assistant: speed, memory, disk and recall."""
