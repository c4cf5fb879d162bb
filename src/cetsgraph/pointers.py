"""JSON pointers (RFC 6901): escaped, split, followed and made."""

from typing import Any

__all__ = ["child_pointer", "escape_token", "follow", "held_at", "pointer_tokens"]

_LONGEST_INDEX = 18  # digits; no list is longer


def escape_token(token: str | int) -> str:
    """One reference token of a JSON pointer (RFC 6901, section 3).

    >>> escape_token("a/b~c")
    'a~1b~0c'
    """
    text = str(token)
    return text.replace("~", "~0").replace("/", "~1") if "~" in text or "/" in text else text


def child_pointer(pointer: str, *tokens: str | int) -> str:
    """The pointer to what lies below another one.

    >>> child_pointer("/regions", 0, "a/b")
    '/regions/0/a~1b'
    """
    return "".join([pointer, *(f"/{escape_token(token)}" for token in tokens)])


def pointer_tokens(pointer: str) -> list[str]:
    """The tokens of a JSON pointer (RFC 6901, section 4).

    >>> pointer_tokens("/regions/0/a~1b")
    ['regions', '0', 'a/b']
    """
    tokens = pointer.split("/")[1:]
    return [token.replace("~1", "/").replace("~0", "~") for token in tokens] if "~" in pointer else tokens


def follow(root: object, pointer: str) -> Any:
    """What a pointer leads to, through lists, dicts and the attributes of objects; None if nothing is there.

    >>> follow({"regions": [{"id": "TS_01"}]}, "/regions/0/id")
    'TS_01'
    >>> follow({"regions": []}, "/regions/0/id") is None
    True
    """
    found: Any = root
    for token in pointer_tokens(pointer):
        if isinstance(found, list):
            found = _item(found, token)
        else:
            fields = found if isinstance(found, dict) else getattr(found, "__dict__", {})
            found = fields.get(token)
    return found


def held_at(root: object, pointer: str) -> tuple[Any, str]:
    """What a pointer's parent leads to, None if nothing is there, and the pointer's last token.

    >>> held_at({"regions": [{"id": "TS_01"}]}, "/regions/0/id")
    ({'id': 'TS_01'}, 'id')
    """
    return follow(root, pointer.rpartition("/")[0]), pointer_tokens(pointer)[-1]


def _item(items: list[Any], token: str) -> Any:
    is_index = token.isdecimal() and len(token) <= _LONGEST_INDEX and int(token) < len(items)
    return items[int(token)] if is_index else None
