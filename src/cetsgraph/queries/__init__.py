"""The questions that ship with the package: one `.rq` file and one typed function each.

    for row in tomograms_by_voxel_size(store, minimum=10, maximum=14):
        print(row.tomogram, row.voxel_size_x)

`run` asks the same by name and gives dictionaries, for commands and for queries of one's own.
"""

from cetsgraph.queries.file import Column, Parameter, Query, load, names, parse
from cetsgraph.queries.questions import (
    AnnotationByText,
    AnnotationCount,
    DanglingReference,
    DataSetSummary,
    DefocusRange,
    MaskedTomogram,
    RegionCompleteness,
    TiltScheme,
    TiltSeriesByDose,
    TomogramAncestor,
    TomogramByPointCount,
    TomogramByVoxelSize,
    TomogramWithFitMap,
    annotation_counts,
    annotations_by_text,
    dangling_references,
    dataset_summary,
    defocus_ranges,
    masks_and_points,
    region_completeness,
    tilt_schemes,
    tilt_series_by_dose,
    tomogram_lineage,
    tomograms_by_point_count,
    tomograms_by_voxel_size,
    tomograms_with_fitmap,
)
from cetsgraph.queries.running import Row, run
from cetsgraph.queries.terms import Cell, Kind, Value

__all__ = [
    "annotation_counts",
    "annotations_by_text",
    "dangling_references",
    "dataset_summary",
    "defocus_ranges",
    "masks_and_points",
    "region_completeness",
    "tilt_schemes",
    "tilt_series_by_dose",
    "tomogram_lineage",
    "tomograms_by_point_count",
    "tomograms_by_voxel_size",
    "tomograms_with_fitmap",
    "AnnotationByText",
    "AnnotationCount",
    "DanglingReference",
    "DataSetSummary",
    "DefocusRange",
    "MaskedTomogram",
    "RegionCompleteness",
    "TiltScheme",
    "TiltSeriesByDose",
    "TomogramAncestor",
    "TomogramByPointCount",
    "TomogramByVoxelSize",
    "TomogramWithFitMap",
    "names",
    "load",
    "parse",
    "run",
    "Query",
    "Parameter",
    "Column",
    "Kind",
    "Value",
    "Row",
    "Cell",
]
