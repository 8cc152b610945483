"""Warning and limiting members, what holds now, and what staff know of a member."""
