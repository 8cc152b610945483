"""The demo forum: an invented harbour town and its quarrel about a flood barrier."""
