"""The types and tools that every package shares."""
