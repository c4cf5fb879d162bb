"""What files of JSON are known by: kept here, so that no importer is loaded for a file that is another's."""

import re
from collections.abc import Mapping, Sequence

from cetsgraph.importers.claim import Recognised, Sample

__all__ = ["JSON_IMPORTERS", "importers_of_json", "kind_of_json", "recognised_json"]

_BESIDE = r"(?:[^{}\n]|\{[^{}\n]*\})*?"
"""What may stand before a name of the first object of a line: values, and objects that hold no others."""
_OBJECT, _LIST, _WORD = r"\s*:\s*\{", r"\s*:\s*\[", r'\s*:\s*"'


def _marks(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, patterns))


_EMDB_PART = r'"(?:admin|crossreferences|structure_determination_list|map|sample)"'

_PORTAL_LINK = (
    r'"(?:run|dataset|deposition|tiltseries|alignment|annotation(?:_?[sS]hape)?)_?[iI]d"\s*:\s*[\dn]'
)
_NO_CONFIG = r'\A(?![\s\S]*"sources"\s*:\s*\[)\s*\{'
"""A file of the portal begins so; a configuration has the same metadata, and says where its sources are."""
_PORTAL_TABLE = r'"(?:dataset|run|tiltseries|frame|perSection|alignment|tomogram|annotation|gainFile)\w*"'

_KINDS: Mapping[str, Mapping[str, Sequence[tuple[re.Pattern[str], ...]]]] = {
    "portal": {
        "table": [
            _marks(r"\A\s*\[\s*\{", r'"id"\s*:\s*\d', _PORTAL_LINK),
            _marks(r"\A\s*\[\s*\{", r'"id"\s*:\s*\d', r'"(?:dataset_?[pP]ublications|organism_?[tT]axid)"'),
            _marks(r"\A\s*\[\s*\]\s*\Z"),
            _marks(rf'\A\s*\{{\s*"data"{_OBJECT}\s*{_PORTAL_TABLE}{_LIST}'),
            # CETS documents begin so too: ids of the portal are numbers.
            _marks(rf'\A\s*\{{\s*{_PORTAL_TABLE}{_LIST}', r'"id"\s*:\s*\d'),
            _marks(rf'\A\s*\{{\s*"lost_columns"{_OBJECT}'),
        ],
    },
    "portal-files": {
        "data set": [_marks(_NO_CONFIG, r'"dataset_identifier"\s*:\s*\d', f'"dataset_title"{_WORD}')],
        "deposition": [_marks(_NO_CONFIG, r'"deposition_identifier"\s*:\s*\d', f'"deposition_title"{_WORD}')],
        "alignment": [_marks(_NO_CONFIG, f'"per_section_alignment_parameters"{_LIST}')],
        "tilt series": [_marks(_NO_CONFIG, r'"acceleration_voltage"\s*:', f'"tilt_range"{_OBJECT}')],
        "tomogram": [_marks(_NO_CONFIG, r'"voxel_spacing"\s*:\s*[\d.]', r'"tomogram_version"\s*:')],
        "annotation": [
            _marks(_NO_CONFIG, f'"annotation_object"{_OBJECT}', f'"annotation_method"{_WORD}',
                   f'"files"{_LIST}')
        ],
        "frames": [
            _marks(r'\A\s*\{\s*"frames(?:_acquisition_file)?"\s*:', f'"frames"{_LIST}',
                   r'"exposure_dose"\s*:')
        ],
        "run": [_marks(r'\A\s*\{\s*"run_name"\s*:\s*"[^"]*"[^\[{]*\}\s*\Z')],
    },
    "portal-config": {
        "configuration": [
            _marks(r"\A\s*\{", f'"sources"{_LIST}',
                   rf'"(?:datasets|depositions|tiltseries|tomograms|annotations)"{_LIST}\s*\{{'),
        ],
    },
    "aretomo": {"session": [_marks(r'\A\s*\{', '"AreTomo', '"InMdoc"')]},
    "empiar": {
        "entry": [
            _marks(rf'\A\s*\{{\s*"EMPIAR-\d+"{_OBJECT}'),
            _marks(r'"experiment_type"\s*:\s*["\d]',
                   r'"(?:imagesets|corresponding_author|entry_doi)"\s*:\s*[\[{"]'),
        ],
        "image set": [_marks(r'"num_images_or_tilt_series"\s*:\s*["\dn]', f'"category"{_WORD}')],
    },
    "emdb": {
        "entry": [
            _marks(r'"emdb_id"\s*:\s*"EMD-\d+"',
                   rf'({_EMDB_PART}){_OBJECT}[\s\S]*(?!\1){_EMDB_PART}{_OBJECT}'),
        ],
    },
    "osc-em": {
        "document": [
            _marks(f'"instrument"{_OBJECT}', f'"acquisition"{_OBJECT}', f'"organizational"{_OBJECT}'),
        ],
    },
    "eman2": {
        "info": [
            _marks(rf'"tlt_params"{_LIST}\s*\['),
            _marks(rf'"boxes_3d"{_LIST}', f'"class_list"{_OBJECT}'),
            _marks(rf'"boxes_3d"{_LIST}', r'"apix_unbin"\s*:\s*[\d.]'),
        ],
    },
    "picks": {
        "points of the CryoET Data Portal": [
            _marks(rf'\A\s*\{{{_BESIDE}"type"\s*:\s*"(?:point|orientedPoint|instancePoint)"'),
        ],
        "picks of copick": [_marks(f'"pickable_object_name"{_WORD}', r'"points"\s*:')],
        "project of copick": [_marks(f'"pickable_objects"{_LIST}')],
        "segmentation of copick": [_marks(rf'"multiscales"{_LIST}\s*\{{', rf'"datasets"{_LIST}')],
    },
    "mrc": {
        "OME-Zarr": [_marks(rf'"multiscales"{_LIST}\s*\{{', rf'"datasets"{_LIST}')],
    },
}  # fmt: skip
"""By importer and kind of file: marks of which all are near the beginning, of one of the alternatives."""

JSON_IMPORTERS = frozenset(_KINDS)
"""Names of the importers that files of JSON can belong to."""


def recognised_json(importer: str, sample: Sample) -> Recognised | None:
    """What a file of JSON is to an importer; None if it is nothing, or no JSON."""
    if not sample.is_json:
        return None
    kind = kind_of_json(importer, sample.text)
    return None if kind is None else Recognised(kind)


def importers_of_json(text: str) -> list[str]:
    """Names of the importers that know a file of JSON.

    >>> importers_of_json('{"EMPIAR-10164": {}}'), importers_of_json('{"tomograms": [{"file": "t.mrc"}]}')
    (['empiar'], [])

    Args:
        text: its beginning.
    """
    return [importer for importer in _KINDS if kind_of_json(importer, text) is not None]


def kind_of_json(importer: str, text: str) -> str | None:
    """What a file of JSON is to an importer, by its beginning; None if it is nothing."""
    kinds = _KINDS.get(importer, {})
    return next((kind for kind, several in kinds.items() if _any_of(several, text)), None)


def _any_of(alternatives: Sequence[tuple[re.Pattern[str], ...]], text: str) -> bool:
    return any(all(mark.search(text) for mark in marks) for marks in alternatives)
