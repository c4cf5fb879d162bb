"""What the help of every command ends with."""

__all__ = ["example"]


def example(*lines: str) -> str:
    r"""The end of a command's help: lines that can be typed as they stand.

    >>> example("datasets --store my-store")
    '\x08\nExample:\n  cetsgraph datasets --store my-store'
    """
    heading = "Example:" if len(lines) == 1 else "Examples:"
    return "\n".join(["\b", heading, *(f"  cetsgraph {line}" for line in lines)])
