"""Small HTTP servers that behave badly, each in a thread, on loopback."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

__all__ = ["hang", "rows", "send", "serving_answers", "web_page"]

Reply = Callable[[BaseHTTPRequestHandler, int], None]


@contextmanager
def serving_answers(reply: Reply) -> Iterator[str]:
    """A server that answers each request by `reply`, which is told how many came before; gives its URL."""
    count = iter(range(1_000_000))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            self.rfile.read(length)
            reply(self, next(count))

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/sparql"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def send(handler: BaseHTTPRequestHandler, status: int, media_type: str, body: str, **headers: str) -> None:
    """Send a response."""
    data = body.encode()
    handler.send_response(status)
    handler.send_header("Content-Type", media_type)
    handler.send_header("Content-Length", str(len(data)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(data)


def rows(variables: list[str], count: int) -> str:
    """A JSON answer with so many rows of IRIs."""
    binding = {name: {"type": "uri", "value": f"http://example.org/{name}"} for name in variables}
    return json.dumps({"head": {"vars": variables}, "results": {"bindings": [binding] * count}})


def hang(handler: BaseHTTPRequestHandler, before: int) -> None:
    """Take the request and say nothing."""
    time.sleep(30)


def web_page(handler: BaseHTTPRequestHandler, before: int) -> None:
    """An error page under a status of success."""
    send(handler, 200, "text/html", "<html><body>Down for maintenance</body></html>")
