"""Who asks: what to send to one server, from the environment or netrc, and to no other.

`CETSGRAPH_TOKEN` is sent as a bearer token, `CETSGRAPH_USER` and `CETSGRAPH_PASSWORD` as Basic, or as Digest
where the server asks for that. Where none is set, the netrc file (`NETRC`, else `~/.netrc`) is looked up by
host; its `default` entry is not used, since it would go to any server.
"""

import base64
import netrc
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from cetsgraph.errors import StoreError

__all__ = ["CredentialSource", "Credentials", "credentials_for", "origin"]

CredentialSource = Literal["environment", "netrc", "none"]
"""Where credentials come from: the environment or else netrc, netrc only, or nowhere."""

_TOKEN = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What is sent to one origin. Nothing secret is in its repr."""

    origin: str
    user: str | None = None
    password: str = field(default="", repr=False)
    token: str | None = field(default=None, repr=False)

    @property
    def authorization(self) -> str:
        """The value of the header `Authorization`."""
        if self.token is not None:
            return f"Bearer {self.token}"
        return f"Basic {base64.b64encode(f'{self.user}:{self.password}'.encode()).decode()}"

    def hidden_in(self, text: str) -> str:
        """The text without the secrets, should a server have sent them back."""
        for secret in (self.authorization.partition(" ")[2], self.token, self.password):
            text = text.replace(secret, "…") if secret else text
        return text


def origin(url: str) -> str:
    """Scheme, host and port of a URL: what a secret belongs to.

    >>> origin("HTTPS://Example.org/sparql"), origin("http://example.org:8080/")
    ('https://example.org:443', 'http://example.org:8080')
    """
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    return f"{parts.scheme}://{parts.hostname}:{port}"


def credentials_for(
    url: str, source: CredentialSource = "environment", environment: Mapping[str, str] = os.environ
) -> Credentials | None:
    """What to send to the server of a URL; None where nothing is known for it.

    Raises:
        StoreError: the token cannot be sent, a user has no password, or the netrc file cannot be read.
    """
    if source == "none":
        return None
    if source == "environment":
        token, user = environment.get("CETSGRAPH_TOKEN"), environment.get("CETSGRAPH_USER")
        if token:
            if not _TOKEN.fullmatch(token):
                raise StoreError("CETSGRAPH_TOKEN has a space or a character that is not ASCII", location=url)
            return Credentials(origin(url), token=token)
        if user:
            if "CETSGRAPH_PASSWORD" not in environment:
                raise StoreError("CETSGRAPH_USER is set without CETSGRAPH_PASSWORD", location=url)
            return Credentials(origin(url), user, environment["CETSGRAPH_PASSWORD"])
    return _from_netrc(url, environment.get("NETRC"))


def _from_netrc(url: str, named: str | None) -> Credentials | None:
    file = Path(named or os.path.expanduser("~/.netrc"))  # Path.home() fails where there is none
    if not file.is_file():
        return None
    try:
        # Without a name it checks that no other user can read the file.
        hosts = netrc.netrc(named).hosts
    except (OSError, UnicodeError, netrc.NetrcParseError) as error:
        what = error.msg if isinstance(error, netrc.NetrcParseError) else type(error).__name__
        raise StoreError(f"{file} cannot be read", location=url, found=what) from None
    entry = hosts.get(urlsplit(url).hostname or "")
    return Credentials(origin(url), entry[0], entry[2] or "") if entry else None
