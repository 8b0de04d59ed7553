"""The edges: one module for each platform, translating and nothing more."""
