"""How much one caller may ask: token buckets in memory, and what was seen within the last minute."""

import time

from upheld.errors import TooManyError


class Limits:
    """Token buckets in memory, one for each caller; and what was seen within the last minute."""

    MOST = 50_000

    def __init__(self) -> None:
        self._left: dict[str, tuple[float, float]] = {}
        self._seen: dict[str, float] = {}

    def check(self, who: str, rate: float, burst: float) -> None:
        """Count one request; raise TooManyError when the caller has none left."""
        now = time.monotonic()
        left, then = self._left.get(who, (burst, now))
        left = min(burst, left + (now - then) * rate)
        if left < 1:
            raise TooManyError(f"more than {rate:g} requests a second; wait a moment")
        if len(self._left) >= self.MOST and who not in self._left:
            self._left.clear()  # a flood of addresses must not fill the memory
        self._left[who] = (left - 1, now)

    def first(self, what: str) -> bool:
        """Whether this is the first of its kind within a minute."""
        now = time.monotonic()
        if now - self._seen.get(what, -1e9) < 60:
            return False
        if len(self._seen) >= self.MOST:
            self._seen.clear()
        self._seen[what] = now
        return True
