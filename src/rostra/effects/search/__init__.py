"""Full text over titles and posts: the index proposes, the live rows decide."""
