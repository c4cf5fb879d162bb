"""One question to many archives at once: every row with its origin, every source with its state.

federation = Federation.from_file("sources.toml")
for answer in federation.ask("tomograms_with_fitmap", timeout=20):
    print(answer.source, answer.state, len(answer.rows))
"""

from cetsgraph.federation.federation import Federation, Found, search, with_source
from cetsgraph.federation.source_query import Answer, State
from cetsgraph.federation.sources import Source

__all__ = ["Answer", "Federation", "Found", "Source", "State", "search", "with_source"]
