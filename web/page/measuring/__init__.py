"""The second tab: question sets."""
