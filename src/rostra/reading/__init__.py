"""One file a screen: gathers it from many rooms in a fixed number of queries."""
