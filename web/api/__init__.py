"""The interfaces for programs: HTTP, MCP, remarks of readers."""
