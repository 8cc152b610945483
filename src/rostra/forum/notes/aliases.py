"""Names that notes are signed with: two words by chance, which tell nothing of anybody. Pure."""

from __future__ import annotations

from random import Random

FIRST = (
    "Amber", "Ample", "Blue", "Brisk", "Calm", "Clear", "Copper", "Dapper", "Early", "Even",
    "Fair", "Frosty", "Gentle", "Golden", "Green", "Hazel", "Hidden", "Humble", "Ivory", "Jade",
    "Keen", "Lilac", "Little", "Lively", "Lucid", "Mellow", "Misty", "Modest", "Narrow", "Nimble",
    "Olive", "Open", "Patient", "Plain", "Proud", "Quiet", "Rapid", "Ruby", "Sandy", "Scarlet",
    "Silent", "Silver", "Slow", "Sober", "Solid", "Steady", "Still", "Sunny", "Swift", "Tall",
    "Tidy", "Upper", "Velvet", "Violet", "Warm", "Wide", "Winter", "Wise", "Woolly", "Yellow",
)  # fmt: skip
SECOND = (
    "Alder", "Anchor", "Apricot", "Ash", "Badger", "Basket", "Birch", "Bridge", "Candle", "Cedar",
    "Clover", "Comet", "Crane", "Curlew", "Dune", "Elm", "Ember", "Falcon", "Fern", "Finch",
    "Garden", "Harbour", "Heron", "Hill", "Island", "Ivy", "Juniper", "Kettle", "Lantern", "Lark",
    "Linden", "Maple", "Meadow", "Mill", "Moss", "Oak", "Orchard", "Otter", "Pebble", "Pine",
    "Plover", "Quince", "Raven", "Reed", "River", "Robin", "Rowan", "Sail", "Sparrow", "Stone",
    "Stream", "Swallow", "Thistle", "Tide", "Tower", "Valley", "Walnut", "Wharf", "Willow", "Wren",
)  # fmt: skip
NUMBERS = range(2, 1000)


def alias(chance: Random, attempt: int = 0) -> str:
    """Return a name by chance; after some attempts one with a number, of which there are more."""
    words = f"{chance.choice(FIRST)} {chance.choice(SECOND)}"
    return words if attempt < 5 else f"{words} {chance.choice(NUMBERS)}"
