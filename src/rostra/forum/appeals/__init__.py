"""Appeals: a second look at an act, by another person than who acted."""
