"""Drills: what is acknowledged stays, whatever breaks. `python -m bench.faults` lists them."""
