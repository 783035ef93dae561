"""The tests' settings for a server of its own: as in production, no page about the code."""

from tests.settings import *  # noqa: F403

DEBUG = False
