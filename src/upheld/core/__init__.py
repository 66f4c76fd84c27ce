"""Frozen data and pure functions: no files, no network, no clock. Judging needs the standard library alone."""
