"""Archives on the net: their entries fetched into a folder, from which they are imported.

fetched = fetch("portal", ["10000", "10445"], "harvest/portal")
documents = import_from(*fetched.paths).documents

What is fetched stays as the archive answered, so that it can be imported again without a network.
"""

from cetsgraph.importers.archives.accessions import ARCHIVES, Archive, accessions
from cetsgraph.importers.archives.kept import kept_entries

__all__ = ["ARCHIVES", "Archive", "accessions", "kept_entries"]
