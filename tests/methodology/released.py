"""The checksums of the released files.

`python -m tests.methodology.released` prints them as they are now. While nothing is released yet, write
that into the table beside this file:

    python -m tests.methodology.released > tests/methodology/released.sha256

Later a line is only ever added: a released file is never edited.
"""

import sys
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "riskalloc" / "methodology"
TABLE = Path(__file__).with_name("released.sha256")


def current() -> dict[str, str]:
    """The checksum of every file of the methodology, by its name."""
    return {
        path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(FOLDER.glob("*.toml"))
    }


def expected() -> dict[str, str]:
    """The checksum of every released file, as written down."""
    lines = TABLE.read_text("ascii").splitlines()
    return {name: checksum for checksum, name in (line.split("  ") for line in lines)}


if __name__ == "__main__":
    sys.stdout.writelines(f"{checksum}  {name}\n" for name, checksum in current().items())
