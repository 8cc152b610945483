"""Claims: what is known of one, who says what, making and changing them."""
