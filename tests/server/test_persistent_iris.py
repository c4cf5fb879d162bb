"""The rules of the persistent-IRI service, in a real Apache in front of the real server."""

import http.client
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cetsgraph.resources import folder

APACHE = shutil.which("apache2") or shutil.which("httpd") or shutil.which("apache2", path="/usr/sbin")
MODULES = next((path for path in map(Path, ("/usr/lib/apache2/modules",)) if path.is_dir()), None)
SOURCE = "https://github.com/cetsgraph/cetsgraph"

pytestmark = pytest.mark.skipif(
    APACHE is None or MODULES is None, reason="there is no Apache here (apt-get install apache2-bin)"
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, endpoint: str) -> Iterator[int]:
    """The port of an Apache with the rules, which lead to the server under test."""
    root = tmp_path_factory.mktemp("apache")
    (root / "www" / "cetsgraph").mkdir(parents=True)
    rules = (folder("ontology") / ".htaccess").read_text(encoding="utf-8")
    assert rules.count("https://cetsgraph.example.org") == 1
    served = rules.replace("https://cetsgraph.example.org", endpoint)
    (root / "www" / "cetsgraph" / ".htaccess").write_text(served, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    loaded = "\n".join(
        f"LoadModule {name}_module {MODULES}/mod_{name}.so"
        for name in ("mpm_event", "authz_core", "rewrite", "dir")
        if (MODULES / f"mod_{name}.so").exists()  # type: ignore[operator]
    )
    (root / "httpd.conf").write_text(
        f"{loaded}\nServerName localhost\nListen 127.0.0.1:{port}\nServerRoot {root}\nPidFile {root}/pid\n"
        f"ErrorLog {root}/errors\nDocumentRoot {root}/www\nAllowEncodedSlashes NoDecode\n"
        f"<Directory {root}/www>\nAllowOverride All\nRequire all granted\n</Directory>\n"
    )
    # The account that it gives up root for has to read the folder.
    for directory in (root, *root.parents[:3]):
        directory.chmod(directory.stat().st_mode | 0o055)
    assert APACHE is not None
    process = subprocess.Popen([APACHE, "-f", str(root / "httpd.conf"), "-DFOREGROUND"])
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(15)


def asked(address: str, accept: str | None) -> tuple[int, str | None, str | None]:
    """Status, Location and Content-Type of one request, its path as it stands."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    try:
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers={"Accept": accept} if accept else {})
        response = connection.getresponse()
        response.read()
        return response.status, response.getheader("Location"), response.getheader("Content-Type")
    finally:
        connection.close()


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("path", "accept", "media_type"),
    [
        ("ontology", "text/turtle", "text/turtle"),
        ("ontology", "application/ld+json", "application/ld+json"),
        ("ontology", "application/n-triples", "application/n-triples"),
        ("ontology", "application/rdf+xml, text/turtle;q=0.5", "application/rdf+xml"),
        ("ontology", BROWSER, "text/html"),
        ("ontology", None, "text/turtle"),
        ("ontology", "application/rdf+xml;q=0.3, text/turtle", "text/turtle"),
        ("ontology/0.1.0", "text/turtle", "text/turtle"),
        ("ontology/0.1.0", "application/rdf+xml;q=0.3, application/ld+json", "application/ld+json"),
        ("ontology/0.2.0", "application/rdf+xml", "application/rdf+xml"),
        ("ontology/0.2.0", BROWSER, "text/html"),
        ("ontology/0.3.0?format=ntriples", None, "application/n-triples"),
        ("data/local/EMD-3782", "text/turtle", "text/turtle"),
        ("data/local/EMD-3782", BROWSER, "text/html"),
        ("data/local/EMPIAR-10164/region/~0", "application/ld+json", "application/ld+json"),
        ("", BROWSER, "text/html"),
    ],
)
def test_an_iri_leads_to_the_server(
    service: int, endpoint: str, path: str, accept: str | None, media_type: str
) -> None:
    status, location, _ = asked(f"http://127.0.0.1:{service}/cetsgraph/{path}", accept)
    assert status == 303 and location is not None and location.startswith(f"{endpoint}/")
    reached, _, kind = asked(location, accept)
    assert reached == 200 and kind is not None and kind.startswith(media_type)


@pytest.mark.parametrize(
    "path", ["data/a/b%2Fc/region/tilt%201%2F%C3%A9", "data/a/%252F", "data/a/b?property=matrix"]
)
def test_a_path_keeps_its_encoding(service: int, endpoint: str, path: str) -> None:
    _, location, _ = asked(f"http://127.0.0.1:{service}/cetsgraph/{path}", "text/turtle")
    assert location == f"{endpoint}/{path}"


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("context.jsonld", "/raw/main/ontology/context.jsonld"),
        ("schema/cets.json", "/raw/main/ontology/cets.schema.json"),
        ("context/tomobabel.jsonld", "/raw/main/ontology/dialects/tomobabel.context.jsonld"),
        (
            "schema/cets-data-model.main.json",
            "/raw/main/ontology/dialects/cets-data-model.main.schema.json",
        ),
        ("mappings", "/raw/main/ontology/mappings.sssom.tsv"),
        ("shapes", "/raw/main/shapes/structure.ttl"),
        ("queries/", "/raw/main/queries/examples.ttl"),
        ("queries/tilt_schemes", "/raw/main/queries/tilt_schemes.rq"),
        ("rules", "/tree/main/docs/reference/rules"),
        ("shapes/profiles/core", "/raw/main/shapes/profiles/core.ttl"),
        ("shapes/rules/images", "/raw/main/shapes/rules/images.ttl"),
        ("rules/alignment-target", "/blob/main/docs/reference/rules/alignment-target.md"),
    ],
)
def test_an_iri_leads_to_a_file(service: int, path: str, file: str) -> None:
    status, location, _ = asked(f"http://127.0.0.1:{service}/cetsgraph/{path}", "text/turtle")
    assert (status, location) == (303, SOURCE + file)
    assert (folder("ontology").parent / file.split("/", 3)[3]).exists()


def test_what_is_not_there(service: int) -> None:
    assert asked(f"http://127.0.0.1:{service}/cetsgraph/nothing", None)[0] == 404
