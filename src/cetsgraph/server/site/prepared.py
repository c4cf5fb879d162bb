"""All that pages need, made when this is imported: what writes pages is a copy of a process that did."""

from contextlib import suppress

from cetsgraph.errors import ExtraNotInstalled
from cetsgraph.importers import importers
from cetsgraph.server import application
from cetsgraph.server.site.questions import all_questions
from cetsgraph.server.site.rendering import templates
from cetsgraph.validation import PROFILES, Validator

__all__ = ["application"]

templates()
all_questions()
importers()
with suppress(ExtraNotInstalled):
    for _profile in PROFILES:
        Validator(_profile).bytes(b'{"name": "A", "regions": []}', "document.json")
