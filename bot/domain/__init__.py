"""The rules of the field: no input or output, no clock, no framework."""
