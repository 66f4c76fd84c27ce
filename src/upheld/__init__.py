"""Upheld: every customer requirement, upheld."""
