"""A store as a public SPARQL endpoint: read-only by construction, bounded in time, memory and size.

The web workers (:mod:`cetsgraph.server.service`) are Granian's and run a Starlette application
(:mod:`cetsgraph.server.application`). Queries run in processes of their own
(:mod:`cetsgraph.server.query_pool`). When a query passes a limit, its process is killed, and nothing else
notices.
"""
