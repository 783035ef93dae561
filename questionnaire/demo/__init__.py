"""Invented people with two years of history, for trying things out. Nothing of it loads outside DEBUG."""
