"""The forum's own smilies: codes that stand for a character or a small picture."""
