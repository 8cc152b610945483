"""Signing in and out, the first administrator, how a member reads."""
