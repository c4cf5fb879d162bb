"""The CETS objects: data only. Every class, field, unit and bound that the project knows is stated here.

The words in which fields describe themselves are in `cetsgraph.model.base`.
"""

from cetsgraph.model import (
    annotations,
    base,
    dataset,
    geometry,
    images,
    imaging,
    objects,
    sample,
    series,
    units,
    values,
)
from cetsgraph.model.annotations import *  # noqa: F403
from cetsgraph.model.base import *  # noqa: F403
from cetsgraph.model.dataset import *  # noqa: F403
from cetsgraph.model.geometry import *  # noqa: F403
from cetsgraph.model.images import *  # noqa: F403
from cetsgraph.model.imaging import *  # noqa: F403
from cetsgraph.model.objects import *  # noqa: F403
from cetsgraph.model.sample import *  # noqa: F403
from cetsgraph.model.series import *  # noqa: F403
from cetsgraph.model.units import *  # noqa: F403
from cetsgraph.model.values import *  # noqa: F403

__all__ = sorted(
    {
        *annotations.__all__,
        *(set(base.__all__) - base.FIELD_LANGUAGE),
        *dataset.__all__,
        *geometry.__all__,
        *images.__all__,
        *imaging.__all__,
        *objects.__all__,
        *sample.__all__,
        *series.__all__,
        *units.__all__,
        *values.__all__,
    }
)
