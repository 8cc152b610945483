"""The forum's own smilies: the list, adding one, switching them off, ordering them."""
