"""Platforms to test against: ours, small, strict, and checked against the official specifications."""
