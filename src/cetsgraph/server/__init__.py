"""A store as a public SPARQL endpoint: read-only by construction, bounded in time, memory and size.

Worker processes accept on one shared socket and answer from the newest snapshot, never from the directory
that a writer uses. A query that passes a limit ends with the worker that runs it; another takes its place.
"""

from cetsgraph.server.limits import Limits
from cetsgraph.server.supervising import Service, serve

__all__ = ["Limits", "Service", "serve"]
