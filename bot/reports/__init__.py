"""Files in and out: sheets that people filled in, sheets made from plain rows."""
