"""The `cetsgraph` command, also as ``python -m cetsgraph``."""

import sys
from typing import NoReturn

__all__ = ["main"]


def main() -> NoReturn:
    """Run the command and exit; one that is interrupted while it starts ends as one that works does."""
    try:
        from cetsgraph.cli import main as run
    except KeyboardInterrupt:
        sys.stderr.write("cetsgraph: interrupted\n")
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
