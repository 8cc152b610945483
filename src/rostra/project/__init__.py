"""Settings, addresses, command line: puts everything together, imported by nothing."""
