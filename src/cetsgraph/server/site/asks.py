"""Questions about one object, with it filled in."""

from urllib.parse import urlencode

from cetsgraph.queries import ValueKind
from cetsgraph.server.site.questions import all_questions
from cetsgraph.server.site.views import View

__all__ = ["questions_about"]

_PARAMETERS = {"TiltSeriesMicrographStack": "tilt_series", "Tomogram": "tomogram", "Annotation": "annotation"}
"""Parameters that take the IRI of an object, by its class."""
_OF_OBJECT = ("tomograms_by_annotated_object", "tomograms_with_fitmap", "tomograms_by_point_count")
"""Questions about what an annotation marks."""


def questions_about(view: View) -> list[tuple[str, str]]:
    """Address and title of each question that can be asked about an object."""
    wanted = {parameter for name, parameter in _PARAMETERS.items() if view.is_a(name)}
    found = [
        (f"/queries/{question.name}?{urlencode({one.name: view.iri})}", question.title)
        for question in all_questions()
        for one in question.parameters
        if one.kind is ValueKind.IRI and one.name in wanted
    ]
    titles = {question.name: question.title for question in all_questions()}
    for text in filter(_is_short, view.texts("annotatedObjectName")):
        found += [
            (f"/queries/{name}?{urlencode({'object': text})}", f"{titles[name]}: {text}")
            for name in _OF_OBJECT
        ]
    return found


def _is_short(text: str) -> bool:
    """Whether it is whole, and no longer than an address may be."""
    return len(text) <= 200
