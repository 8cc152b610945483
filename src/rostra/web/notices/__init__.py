"""Notices above pages: the list, writing them, dismissing one."""
