"""The interfaces for programs: HTTP, tools for agents, and remarks of readers."""
