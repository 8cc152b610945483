"""Community notes: shown when readers who usually disagree both find them helpful."""
