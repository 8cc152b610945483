"""Being asked to stop."""

import signal
import threading
from types import FrameType


def stop_asked() -> threading.Event:
    """Return an event that is set when this process is told to end; call it in the main thread."""
    asked = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        asked.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return asked
