"""Pages as their readers see them: fetched, and parsed as HTML."""

import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from http.client import HTTPResponse

VOID = {"meta", "link", "input", "br", "img", "hr", "wbr"}
SCRIPTS = ("/static/site.js?v=", "/static/editor.js?v=")
_REGION = "/data/local/EMPIAR-12104/region/Control_TS_006"
_SERIES = f"{_REGION}/tomo-image-set/~0/tilt-series-set/~0/tilt-series/Control_TS_006_tilt_series"
_VLP = "/data/local/HIV-1-VLP-annotations/region/TS_01/tomo-image-set/~0/tomogram-set/~0/tomogram/TS_01_10.8A"
_SELECT = urllib.parse.quote("SELECT ?t ?path { ?t a cets:Tomogram ; cets:path ?path }")
PATHS = [
    "/",
    "/datasets",
    "/datasets?q=hiv&object=membrane",
    "/data/local/EMPIAR-12104",
    "/data/local/CryoET-Data-Portal-10445",
    "/data/local/EMPIAR-10164",
    "/data/local/EMD-3782",
    "/data/local/HIV-1-VLP-annotations",
    _REGION,
    _SERIES,
    _VLP,
    f"{_VLP}/annotation/fitted-map",
    f"{_VLP}/annotation/hexamers",
    "/search?q=defocus",
    "/queries",
    "/queries/tomograms_by_voxel_size?minimum=10&maximum=14",
    "/queries/tomograms_by_voxel_size?minimum=wide&maximum=14",
    "/queries/tilt_images",
    f"/sparql?query={_SELECT}",
    "/sparql?query=SELEC",
    "/archives",
    "/archives?question=tomograms_with_fitmap",
    "/validate",
    "/rules",
    "/ontology",
    "/ontology/use",
    "/ontology/use/defocusU",
    "/ontology/use/FitMap",
    "/ontology/changes",
    "/api",
    "/nowhere",
]
"""Addresses of each kind of page, on a server with all examples."""
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


class Page(HTMLParser):
    """The elements, links, table cells and text of a page; what is not closed is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[list[str]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.cells.append([])
        if tag in ("td", "th") and self.cells:
            self.cells[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("p", "li", "option") and self.open[-1] != tag:
            return
        assert self.open and self.open[-1] == tag, (self.open, tag)
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.open and {"td", "th"} & {*self.open} and self.cells:
            self.cells[-1][-1] += data

    def all(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        return [
            given
            for name, given in self.elements
            if name == tag and all(given.get(key) == value for key, value in attributes.items())
        ]

    @property
    def foreign_scripts(self) -> list[dict[str, str | None]]:
        """Scripts that are neither of this server nor data."""
        return [
            one
            for one in self.all("script")
            if one.get("type") != "application/ld+json" and not (one.get("src") or "").startswith(SCRIPTS)
        ]

    @property
    def links(self) -> list[str]:
        return [link["href"] or "" for link in self.all("a") if "href" in link]


def fetch(
    url: str, accept: str | None = BROWSER, data: bytes | None = None, media_type: str | None = None
) -> tuple[int, dict[str, str], str]:
    """Status, headers by lower-case name, and text; data is posted."""
    given = {"Accept": accept, "Content-Type": media_type}
    headers = {name: value for name, value in given.items() if value is not None}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers)) as response:
            return _read(response)
    except urllib.error.HTTPError as error:
        with error:
            return _read(error)


def _read(response: HTTPResponse | urllib.error.HTTPError) -> tuple[int, dict[str, str], str]:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return response.status or 0, headers, response.read().decode()


def page(url: str, status: int = 200) -> Page:
    found, headers, text = fetch(url)
    assert (found, headers["content-type"]) == (status, "text/html; charset=utf-8"), text
    shown, policy = Page(text), headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy and "require-trusted-types-for 'script'" in policy
    return shown


def query(**values: object) -> str:
    return urllib.parse.urlencode(values, doseq=True)
