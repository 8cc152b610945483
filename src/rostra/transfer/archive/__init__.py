"""Rostra's own open format: the whole forum as JSON lines, out and in again, exactly."""
