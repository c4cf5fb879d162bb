"""The CryoET Data Portal: tables of its API, as its client writes them or as the API answers.

https://github.com/chanzuckerberg/cryoet-data-portal
"""

from functools import partial

from cetsgraph.importers.importer import Importer
from cetsgraph.importers.json_kinds import recognised_json
from cetsgraph.importers.portal.dataset import dataset, regions
from cetsgraph.importers.portal.recognition import gather

__all__ = ["IMPORTER"]

IMPORTER = Importer(
    name="portal",
    mapping=1,
    evidence="JSON with rows of a table of the portal's API: datasets, runs, tiltseries, annotations …",
    recognise=partial(recognised_json, "portal"),
    gather=gather,
    dataset=dataset,
    regions=regions,
    whole=True,
)
