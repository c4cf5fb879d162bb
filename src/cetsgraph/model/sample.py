"""The sample: what it is, in terms of ontologies, and how it was made ready for the microscope."""

from cetsgraph.model.base import Entity, part, term
from cetsgraph.model.objects import DataObject
from cetsgraph.model.units import Kelvin, Percent

__all__ = ["Grant", "OntologyTerm", "SamplePreparation", "SampleSupport", "Vitrification"]


class OntologyTerm(Entity):
    """What something is, by its name and, where there is one, its term in an ontology."""


class Grant(Entity):
    """Money that paid for the work."""

    agency: str | None = term("Organisation that gave the money.")
    grant: str | None = term("Number of the grant, as the organisation writes it.", labels=("number",))


class SampleSupport(DataObject):
    """The grid that carries the specimen (EMDB/PDB category em_sample_support)."""

    film_material: str | None = term("Material of the support film.")
    grid_material: str | None = term("Material of the grid.")
    grid_mesh_size: int | None = term("Meshes of the grid per inch.", above=0)
    pretreatment: str | None = term("How the grid was treated before the specimen was applied.")


class Vitrification(DataObject):
    """How the specimen was frozen (EMDB/PDB category em_vitrification)."""

    cryogen_name: str | None = term("Coolant in which the specimen was frozen.")
    humidity: Percent | None = term(
        "Relative humidity around the specimen before freezing.", minimum=0, maximum=100
    )
    cryogen_temperature: Kelvin | None = term(
        "Temperature of the coolant in which the specimen was frozen (PDBx item em_vitrification.temp).",
        above=0,
        labels=("temp",),
    )
    chamber_temperature: Kelvin | None = term(
        "Temperature of the specimen, and of the chamber around it, just before freezing (PDBx item "
        "em_vitrification.chamber_temperature).",
        above=0,
    )
    vitrification_instrument: str | None = term("Device that froze the specimen.", labels=("instrument",))
    vitrification_method: str | None = term("How the specimen was frozen, step by step.", labels=("method",))


class SamplePreparation(DataObject):
    """How the specimen was made ready for the microscope."""

    sample_support: SampleSupport | None = part(
        "Grid that carries the specimen.", "sample-support", relation=None
    )
    vitrification: Vitrification | None = part("How the specimen was frozen.", "vitrification", relation=None)
