"""Answers without end, and compressed ones."""

import gzip
import time
import zlib

import pytest
from remote_server import (
    ROWS,
    Handler,
    Servers,
    failure,
    values,
)

from cetsgraph.errors import (
    EndpointAnswer,
    EndpointStatus,
)
from cetsgraph.store import RemoteStore


def test_an_answer_without_end_is_cut(serve: Servers) -> None:
    def endless(handler: Handler) -> None:
        handler.reply(b"", Content_Length=str(10**12))
        while not handler.server.ended.is_set():
            handler.wfile.write(b" " * 2**16)

    error = failure(RemoteStore(serve(endless).url, max_bytes=2**20))
    assert isinstance(error, EndpointAnswer)
    assert "more than 1,048,576 bytes" in str(error)


def test_a_small_answer_that_becomes_a_huge_one_is_cut(serve: Servers) -> None:
    """A quarter of a gigabyte of spaces in a quarter of a megabyte of gzip."""
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    bomb = b"".join([*(packer.compress(b" " * 2**20) for _ in range(256)), packer.flush()])
    server = serve(lambda handler: handler.reply(bomb, Content_Encoding="gzip"))
    begun = time.monotonic()
    error = failure(RemoteStore(server.url, max_bytes=2**22))
    assert isinstance(error, EndpointAnswer)
    assert "too large" in str(error)
    assert time.monotonic() - begun < 0.5


def test_an_error_without_end_is_read_to_where_it_says_something(serve: Servers) -> None:
    def endless(handler: Handler) -> None:
        handler.reply(b"Overloaded. ", "text/plain", 500, Content_Length=str(10**12))
        while not handler.server.ended.is_set():
            handler.wfile.write(b" " * 2**16)

    error = failure(RemoteStore(serve(endless).url))
    assert isinstance(error, EndpointStatus)
    assert error.found == "Overloaded."


def test_gzip_is_read(serve: Servers) -> None:
    server = serve(lambda handler: handler.reply(gzip.compress(ROWS), Content_Encoding="gzip"))
    assert values(RemoteStore(server.url)) == ["yes"]
    assert server.requests[0].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize(
    ("body", "encoding"),
    [(gzip.compress(ROWS)[:-9], "gzip"), (ROWS, "gzip"), (b"", "gzip"), (ROWS, "br")],
    ids=["half", "plain", "empty", "unknown"],
)
def test_what_is_not_compressed_as_it_says_fails(serve: Servers, body: bytes, encoding: str) -> None:
    server = serve(lambda handler: handler.reply(body, Content_Encoding=encoding))
    assert isinstance(failure(RemoteStore(server.url)), EndpointAnswer)
