"""Redirects within a server, and out of it."""

from contextlib import nullcontext

import httpx
import pytest
from remote_server import ASK, Servers, failure, good, redirecting, values

from cetsgraph.errors import (
    EndpointAnswer,
    EndpointRedirect,
)
from cetsgraph.store import RemoteStore
from cetsgraph.store.remote.redirects import redirected


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("length", [0, 5_000], ids=["GET", "POST"])
def test_a_redirect_keeps_method_and_query(serve: Servers, status: int, length: int) -> None:
    target = serve(good)
    moved = serve(redirecting(f"{target.url}?new=1", status))
    query = ASK + " " * length + "# end"
    assert values(RemoteStore(moved.url), query) == ["yes"]
    (first,), (second,) = moved.requests, target.requests
    assert second.method == first.method == ("POST" if length else "GET")
    assert second.parameters == first.parameters | {"new": ["1"]}
    assert second.headers.get("content-type") == first.headers.get("content-type")


def test_see_other_means_that_the_answer_is_there(serve: Servers) -> None:
    target = serve(good)
    moved = serve(redirecting(f"{target.url}/result/1", 303))
    assert values(RemoteStore(moved.url), ASK + " " * 5_000 + "#") == ["yes"]
    assert (target.requests[0].method, target.requests[0].body) == ("GET", b"")
    assert "content-type" not in target.requests[0].headers


SAME_SERVER = {
    "http://a.org/sparql/": True, "http://a.org:80/x": True, "https://a.org/sparql": True, "/x": True,
    "http://a.org:8080/": False, "https://a.org:8443/": False, "http://b.org/": False,
    "http://a.org@b.org/": False, "//169.254.169.254/": False, "http://a.org.b.org/": False,
}  # fmt: skip
"""Where http://a.org/sparql may send on one who stays on the server."""


@pytest.mark.parametrize("target", SAME_SERVER)
def test_who_stays_is_sent_on_within_the_server_alone(target: str) -> None:
    request = httpx.Request("GET", "http://a.org/sparql?query=x")
    with nullcontext() if SAME_SERVER[target] else pytest.raises(EndpointRedirect):
        redirected(request, target, 302, stays=True)
    redirected(request, target, 302)


def test_redirects_without_end_and_out_of_the_web_fail(serve: Servers) -> None:
    server = serve(lambda handler: redirecting("/sparql")(handler))
    assert isinstance(failure(RemoteStore(server.url)), EndpointAnswer)
    assert len(server.requests) == 6
    away = serve(redirecting("file:///etc/passwd"))
    assert "leads away" in str(failure(RemoteStore(away.url)))
