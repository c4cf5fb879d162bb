"""All that pages need, made when this is imported: what writes pages is a copy of a process that did."""

from cetsgraph.server import application
from cetsgraph.server.site.rendering import templates

__all__ = ["application"]

templates()
