"""Writes that touch more than one row, or that two tabs may race for."""
