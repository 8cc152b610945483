"""What a member keeps an eye on, and what they keep an eye off."""
