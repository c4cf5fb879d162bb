"""A small graph written by hand, as another program might write it, and the graphs of the examples."""

from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml

from cetsgraph.graph import encode
from cetsgraph.model import DataSet

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

SMALL = """
@prefix cets: <https://w3id.org/cetsgraph/ontology#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <https://example.org/hiv/> .

:d a cets:DataSet ; cets:name "HIV-1 VLPs" ; cets:title "HIV-1 VLPs"@en, "HIV-1ウイルス様粒子"@ja ;
    cets:releaseDate "2017-01-05"^^xsd:date ;
    cets:hasRegion :r ; cets:hasAuthor :p .
:p a cets:Person ; cets:name "A. Person" ; cets:position 0 .
:r a cets:Region ; cets:id "r1" ; cets:position 0 ; cets:inDataSet :d ; cets:hasTomoImageSet :i ;
    cets:hasAnnotation :nucleus .
:nucleus a cets:Text, cets:Annotation ; cets:position 0 ; cets:inDataSet :d ; cets:description "The nucleus" ;
    cets:annotates :r .
:i a cets:TomoImageSet ; cets:position 0 ; cets:hasTiltSeriesSet :ss ; cets:hasTomogramSet :ts ;
    cets:hasImaging :microscope .
:microscope a cets:ImagingParameters ; cets:inDataSet :d ; cets:acceleratingVoltage 300.0e0 .
:ss a cets:TiltSeriesSet ; cets:position 0 ; cets:hasTiltSeries :s .
:s a cets:TiltSeriesMicrographStack ; cets:id "TS_01" ; cets:position 0 ; cets:inDataSet :d ;
    cets:ctfCorrected true ; cets:hasMicrograph :m .
:m a cets:TiltSeriesMicrograph, cets:Image ; cets:position 0 ; cets:inDataSet :d ; cets:section 0 ;
    cets:nominalTiltAngle -60.0e0 ; cets:pixelSize 13.7e-1 ; cets:width 3710 ; cets:doseConvention "before" ;
    cets:acquisitionTime "2016-03-01T09:30:00Z"^^xsd:dateTime ;
    cets:hasCtfMetadata :c .
:c a cets:CTFMetadata ; cets:defocusU 25000.5e0 ; cets:defocusHandedness -1 .
:ts a cets:TomogramSet ; cets:position 0 ; cets:hasTomogram :t .
:t a cets:Tomogram, cets:Image ; cets:position 0 ; cets:inDataSet :d ; cets:path "TS_01.mrc" ;
    cets:depth 1000 ; cets:tiltSeries :s ; cets:hasAnnotation :points, :fit, :ball .
:points a cets:PointSet, cets:Annotation ; cets:position 0 ; cets:inDataSet :d ; cets:annotates :t ;
    cets:coordinates "[[1.5,-2.0,3.0]]"^^rdf:JSON ; cets:pointCount 1 ; cets:minX 1.5e0 ;
    cets:confidence 0.9e0 .
:fit a cets:FitMap, cets:Annotation ; cets:position 1 ; cets:inDataSet :d ; cets:annotates :t ;
    cets:path "emd_3782.map" ; cets:hasMapTransformation :f .
:f a cets:Transformation ; cets:transformationType "affine" ;
    cets:matrix "[[1.0,0.0,0.0,5.0],[0.0,1.0,0.0,6.0],[0.0,0.0,1.0,7.0],[0.0,0.0,0.0,1.0]]"^^rdf:JSON .
:ball a cets:Sphere, cets:Annotation ; cets:position 2 ; cets:inDataSet :d ; cets:annotates :t ;
    cets:hasCenter :o ; cets:radius 10.0e0 .
:o a cets:Coordinates ; cets:x 0.0e0 ; cets:y 0.0e0 .
"""


@pytest.fixture(scope="session")
def small_graph() -> str:
    """Turtle that conforms to the shapes: a region, a tilt series and an annotated tomogram."""
    return SMALL


@pytest.fixture(scope="session")
def example_graphs() -> dict[str, str]:
    """What the codec writes of each example in canonical form, as N-Triples, by the name of the file."""
    return {path.name: graph_of(path) for path in sorted(EXAMPLES.glob("*.cetsgraph.*"))}


def graph_of(path: Path) -> str:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    dataset = DataSet.model_validate({key: value for key, value in document.items() if key != "$schema"})
    quads = ox.parse(encode(dataset, f"https://example.org/{path.stem}"), format=ox.RdfFormat.N_QUADS)
    return ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES).decode()
