"""``python -m cetsgraph`` is the ``cetsgraph`` command."""

from cetsgraph.cli import main

if __name__ == "__main__":
    main()
