"""JSON pointers (RFC 6901): escaped, split, followed and made."""

from collections.abc import Iterable

__all__ = ["escape_token", "pointer_tokens"]


def escape_token(token: str | int) -> str:
    """One reference token of a JSON pointer (RFC 6901, section 3).

    >>> escape_token("a/b~c")
    'a~1b~0c'
    """
    return str(token).replace("~", "~0").replace("/", "~1")


def pointer_tokens(pointer: str) -> Iterable[str]:
    """The tokens of a JSON pointer (RFC 6901, section 4).

    >>> list(pointer_tokens("/regions/0/a~1b"))
    ['regions', '0', 'a/b']
    """
    return (token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:])
