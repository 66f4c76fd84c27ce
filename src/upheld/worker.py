"""The periodic work in a process of its own: the same loop that every server runs, and none of its pages.

Whoever holds the lease does what must happen once; so any number of servers and workers may run side by side.
"""

import signal
import threading
import time

from upheld.server.service import Server
from upheld.server.settings import Settings


def run(settings: Settings, *, rounds: int = 0) -> int:
    """Keep up until told to stop (SIGTERM, SIGINT), or for some rounds; give how many were made."""
    server = Server(settings)
    server.database.check_schema()
    server.keys.current()
    ended = threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
    made = 0
    try:
        while not ended.is_set() and (not rounds or made < rounds):
            started = time.monotonic()
            server.try_to_keep_up()
            made += 1
            if not rounds or made < rounds:
                ended.wait(max(0.0, min(1.0, settings.refresh) - (time.monotonic() - started)))
    finally:
        server.database.close()
    return made
