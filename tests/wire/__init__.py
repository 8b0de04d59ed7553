"""Servers that others wrote, as second opinions on what we put on the wire.

`python -m tests.wire.mockpost` and `python -m tests.wire.gramlab` print one line each: what held,
or what was left out and why.
"""
