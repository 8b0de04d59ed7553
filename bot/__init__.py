"""Payung Desa: the chat bot that helps villages keep their people insured."""

__version__ = "0.1.0"
