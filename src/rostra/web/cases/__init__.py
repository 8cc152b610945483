"""Reporting what breaks the rules; cases of those who moderate."""
