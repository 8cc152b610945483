"""What follows after something happened: each room listens, none is called, none knows another."""
