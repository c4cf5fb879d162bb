"""Client and scheme of a request, as a trusted proxy gives them.

`granian.utils.proxies` takes `X-Forwarded-Proto` only beside `X-Forwarded-For`; a proxy may send it alone.
"""

import ipaddress
import os

from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Forwarded"]


class Forwarded:
    """Takes scheme and client from `X-Forwarded-Proto` and `X-Forwarded-For`.

    Args:
        application: what goes on with the request.
        trusted: addresses or networks of proxies, with commas between; `*` trusts all. By default what the
            environment variable FORWARDED_ALLOW_IPS says, or this machine.
    """

    def __init__(self, application: ASGIApp, trusted: str | None = None) -> None:
        self._application = application
        given = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1") if trusted is None else trusted
        names = [name.strip() for name in given.split(",") if name.strip()]
        self._all = "*" in names
        self._networks = [ipaddress.ip_network(name, strict=False) for name in names if name != "*"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self._apply(scope)
        await self._application(scope, receive, send)

    def _apply(self, scope: Scope) -> None:
        said = {name: value for name, value in scope["headers"] if name.startswith(b"x-forwarded-")}
        if not said or not self._trusts((scope.get("client") or ("", 0))[0]):
            return
        scheme = said.get(b"x-forwarded-proto", b"").decode("latin-1").strip().lower()
        if scheme in ("http", "https"):
            scope["scheme"] = scheme
        hosts = [host.strip() for host in said.get(b"x-forwarded-for", b"").decode("latin-1").split(",")]
        client = next((host for host in reversed(hosts) if not self._trusts(host)), hosts[0])
        if client:
            scope["client"] = (client, 0)

    def _trusts(self, host: str) -> bool:
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return self._all
        return self._all or any(address in network for network in self._networks)
