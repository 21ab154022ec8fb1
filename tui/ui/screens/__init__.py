"""Screens: layout and focus; what a key does is decided here, what is true is decided by the app."""
