"""Benches: what the promises and figures of the README are measured with."""
