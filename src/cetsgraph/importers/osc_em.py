"""OSC-EM: what a facility knows of a session, as YAML or JSON (https://github.com/osc-em/OSCEM_Schemas).

Measures are values with units; the SI values beside them are not read, for the schema's own example has
70 µm as 7e-8 m.
"""

import re
from collections.abc import Iterator

from cetsgraph.importers.archive_entries import person
from cetsgraph.importers.claim import Recognised, Sample, each_file
from cetsgraph.importers.fields import Fields
from cetsgraph.importers.importer import Importer
from cetsgraph.importers.json_kinds import recognised_json
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.units import converted
from cetsgraph.model import (
    AcquisitionSession,
    DataSet,
    Detector,
    Grant,
    ImagingParameters,
    OntologyTerm,
    Person,
    Region,
    SamplePreparation,
    SampleSupport,
    TiltSeriesMicrographStack,
    TiltSeriesSet,
    TomoImageSet,
    Vitrification,
)

__all__ = ["IMPORTER"]

_BLOCK = re.compile(r"^(instrument|acquisition|organizational):\s*(?:#.*)?$", re.MULTILINE)
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")


def _recognise(sample: Sample) -> Recognised | None:
    if sample.is_json:
        return recognised_json("osc-em", sample)
    return Recognised("document") if len(set(_BLOCK.findall(sample.text))) == 3 else None


def _dataset(session: ImportSession) -> DataSet:
    (path,) = session.claim.files
    root = session.json(path)
    acquisition, sample = root.part("acquisition"), root.part("sample")
    people = root.part("organizational")
    environment = sample.part("specimen_env")
    return DataSet(
        description=sample.text("description"),
        organism=_organism(environment, sample),
        tissue=_named(environment.text("tissue")),
        authors=list(_authors(people)),
        funding=list(_grants(people)),
        acquisition_sessions=_sessions(acquisition),
        regions=[
            Region(
                id="sample",
                name=sample.text("name") or sample.part("overall_molecule").text("name_sample"),
                tomo_image_sets=[
                    TomoImageSet(
                        imaging=_imaging(root.part("instrument"), acquisition),
                        sample_preparation=_preparation(sample),
                        tilt_series_sets=list(_tilt_series(acquisition)),
                    )
                ],
            )
        ],
    )


def _measure(fields: Fields, key: str, unit: str, *, usual: str = "") -> float | None:
    """A value with a unit, in a unit of the model; None if there is none.

    Args:
        fields: what holds it.
        key: its name.
        unit: the unit of the model.
        usual: the unit where none is stated, if it is another one.
    """
    if fields.peek(key) is None:
        return None
    if not isinstance(fields.peek(key), dict):
        number, stated, shown = fields.number(key), usual or unit, fields
    else:
        shown = fields.part(key)
        shown.take("valueSI", "unitSI")
        number, stated = shown.number("value"), shown.text("unit") or usual or unit
    found = None if number is None else converted(number, stated, unit)
    if number is not None and found is None:
        fields.dropped(key, f"{number:g} {stated}")
    return found


def _positive(fields: Fields, key: str, unit: str) -> float | None:
    """A measure above zero; one that is not is wrong."""
    found = _measure(fields, key, unit)
    if found is not None and found <= 0:
        fields.wrong(key, found, "a number above zero")
        return None
    return found


def _organism(environment: Fields, sample: Fields) -> str | None:
    """The first organism; others are reported."""
    named = environment.words("organism")
    for other in named[1:]:
        environment.dropped("organism", other)
    molecules = sample.parts("molecule")
    return (
        named[0] if named else next((name for one in molecules if (name := one.text("natural_source"))), None)
    )


def _named(name: str | None) -> OntologyTerm | None:
    return None if name is None else OntologyTerm(name=name)


def _authors(people: Fields) -> Iterator[Person]:
    """The authors by name, ORCID and organisation; how to reach them is neither taken nor shown."""
    for one in people.parts("authors"):
        words = one.text("given_name") or one.text("first_name"), one.text("family_name") or one.text("name")
        name = " ".join(word for word in words if word)
        orcid = one.text("orcid")
        known = orcid is not None and _ORCID.search(orcid)
        if orcid is not None and not known:
            one.leave("orcid")
        if name:
            found = person(name, known[0] if known else None)
            found.affiliation = one.text("name_org")
            yield found


def _grants(people: Fields) -> Iterator[Grant]:
    """Grants by number, then who gave money: which gave which is not stated."""
    for one in people.parts("grants"):
        number = one.text("project_id") or one.text("grant_name")
        agency = one.text("funder_name")
        if number or agency:
            yield Grant(agency=agency, grant=number)
    agencies = [name for one in people.parts("funder") if (name := one.text("funder_name"))]
    yield from (Grant(agency=name) for name in dict.fromkeys(agencies))


def _sessions(acquisition: Fields) -> list[AcquisitionSession]:
    written = acquisition.text("date_time")
    if written is None:
        return []
    try:
        return [AcquisitionSession.model_validate({"id": "session", "start_time": written})]
    except ValueError:
        acquisition.wrong("date_time", written, "a date with a time")
        return []


def _imaging(instrument: Fields, acquisition: Fields) -> ImagingParameters:
    microscope = instrument.part("microscope")
    model = [word for key in ("manufacturer", "model") if (word := microscope.text(key))]
    defocus = acquisition.part("nominal_defocus")
    filtered, optics = acquisition.part("energy_filter"), acquisition.part("specialist_optics")
    return ImagingParameters(
        microscope_model=" ".join(model) or None,
        accelerating_voltage=_positive(instrument, "acceleration_voltage", "kV"),
        illumination_mode=instrument.text("illumination"),
        imaging_mode=instrument.text("imaging"),
        electron_source=instrument.text("electron_source"),
        spherical_aberration=_measure(instrument, "cs", "mm"),
        c2_aperture_diameter=_positive(instrument, "c2_aperture", "μm"),
        nominal_defocus_min=_measure(defocus, "minimal", "nm", usual="μm"),
        nominal_defocus_max=_measure(defocus, "maximal", "nm", usual="μm"),
        nominal_magnification=acquisition.integer("nominal_magnification"),
        specimen_holder_model=acquisition.text("holder"),
        cryogen=acquisition.text("holder_cryogen") or acquisition.text("cryogen"),
        energy_filter=_device(filtered, "model"),
        phase_plate=_device(optics.part("phaseplate"), "instrument_type"),
        tilt_axis_angle=_measure(acquisition, "tilt_axis_angle", "deg"),
        detector=_detector(acquisition),
    )


def _device(fields: Fields, key: str) -> str | None:
    """The name of a device, where it was used."""
    used = fields.truth("used")
    return None if used is False else fields.text(key)


def _detector(acquisition: Fields) -> Detector | None:
    """The first detector; others are reported."""
    several = acquisition.parts("detectors")
    if several:
        return Detector(detector_model=several[0].text("name"), detector_mode=several[0].text("mode"))
    model, mode = acquisition.text("detector"), acquisition.text("detector_mode")
    return Detector(detector_model=model, detector_mode=mode) if model or mode else None


def _tilt_series(acquisition: Fields) -> Iterator[TiltSeriesSet]:
    """The tilt series as a whole, if tilts are stated, or the technique is tomography."""
    technique = acquisition.text("technique") or ""
    if "tilt_angle" not in acquisition and "tomo" not in technique.casefold():
        acquisition.leave("technique")
        return
    tilts, size = acquisition.part("tilt_angle"), acquisition.part("image_size")
    series = TiltSeriesMicrographStack(
        id="tilt-series",
        description=technique or None,
        width=size.integer("width"),
        height=size.integer("height"),
        pixel_size=_positive(acquisition, "pixel_size", "Å"),
        tilt_axis_angle=_measure(acquisition, "tilt_axis_angle", "deg"),
        tilt_range_min=_measure(tilts, "minimal", "deg"),
        tilt_range_max=_measure(tilts, "maximal", "deg"),
        tilt_step=_measure(tilts, "increment", "deg"),
    )
    yield TiltSeriesSet(tilt_series=[series])


def _preparation(sample: Fields) -> SamplePreparation | None:
    grid, specimen, freezing = sample.part("grid"), sample.part("specimen"), sample.part("freezing")
    found = SamplePreparation(
        sample_support=SampleSupport(
            grid_material=grid.text("material"),
            grid_mesh_size=grid.integer("mesh"),
            film_material=grid.text("film_material"),
            pretreatment=grid.text("pretreatment_type"),
        ),
        vitrification=Vitrification(
            cryogen_name=freezing.text("cryogen_sample_env") or specimen.text("vitrification_cryogen"),
            vitrification_method=freezing.text("method"),
            humidity=_first(_measure(freezing, "humidity_env", "%"), _measure(specimen, "humidity", "%")),
            chamber_temperature=_first(
                _measure(freezing, "temperature_env", "K"), _measure(specimen, "temperature", "K")
            ),
        ),
    )
    if found.sample_support == SampleSupport():
        found.sample_support = None
    if found.vitrification == Vitrification():
        found.vitrification = None
    return found if found != SamplePreparation() else None


def _first(*numbers: float | None) -> float | None:
    return next((number for number in numbers if number is not None), None)


IMPORTER = Importer(
    name="osc-em",
    mapping=1,
    evidence="YAML or JSON with instrument, acquisition and organizational",
    recognise=_recognise,
    gather=each_file,
    dataset=_dataset,
    mapped={
        "instrument/microscope/model": "ImagingParameters.microscope_model",
        "instrument/acceleration_voltage": "ImagingParameters.accelerating_voltage",
        "instrument/cs": "ImagingParameters.spherical_aberration",
        "instrument/c2_aperture": "ImagingParameters.c2_aperture_diameter",
        "instrument/illumination": "ImagingParameters.illumination_mode",
        "instrument/electron_source": "ImagingParameters.electron_source",
        "acquisition/date_time": "AcquisitionSession.start_time",
        "acquisition/detectors/*/name": "Detector.detector_model",
        "acquisition/holder": "ImagingParameters.specimen_holder_model",
        "acquisition/nominal_defocus/minimal": "ImagingParameters.nominal_defocus_min",
        "acquisition/pixel_size": "TiltSeriesMicrographStack.pixel_size",
        "acquisition/tilt_axis_angle": "TiltSeriesMicrographStack.tilt_axis_angle",
        "acquisition/tilt_angle/minimal": "TiltSeriesMicrographStack.tilt_range_min",
        "acquisition/tilt_angle/maximal": "TiltSeriesMicrographStack.tilt_range_max",
        "acquisition/tilt_angle/increment": "TiltSeriesMicrographStack.tilt_step",
        "organizational/authors/*/family_name": "Person.name",
        "organizational/authors/*/name_org": "Person.affiliation",
        "organizational/grants/*/project_id": "Grant.grant",
        "organizational/funder/*/funder_name": "Grant.agency",
        "sample/specimen_env/organism": "DataSet.organism",
        "sample/specimen_env/tissue": "DataSet.tissue",
        "sample/freezing/method": "Vitrification.vitrification_method",
        "sample/freezing/cryogen_sample_env": "Vitrification.cryogen_name",
        "sample/freezing/humidity_env": "Vitrification.humidity",
        "sample/freezing/temperature_env": "Vitrification.chamber_temperature",
        "sample/grid/material": "SampleSupport.grid_material",
    },
)
