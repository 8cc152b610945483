"""Warning and limiting members, easing that, and what staff write down."""
