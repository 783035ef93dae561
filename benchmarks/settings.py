"""The product's settings, with the floors beside its addresses, for a server of its own."""

import os
from pathlib import Path

from riskalloc.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
STATIC_ROOT = Path(os.environ["STATIC_FILES"])
