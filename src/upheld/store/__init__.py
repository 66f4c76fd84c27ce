"""What was known: an append-only record, so that the thread knows yesterday."""

from upheld.store.records import SqliteStore

__all__ = ["SqliteStore"]
