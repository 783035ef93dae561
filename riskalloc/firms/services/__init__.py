"""Writes about firms and who belongs to them."""

from riskalloc.firms.services.founding import found_personal_firm, found_practice

__all__ = ["found_personal_firm", "found_practice"]
