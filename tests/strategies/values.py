"""Values that fields of any document may have, and objects of such fields."""

import datetime as dt
from typing import Any

from hypothesis import strategies as st

JSON = Any

numbers = st.one_of(
    st.sampled_from([0.0, -0.0, 0.1, 5e-324, -1.7976931348623157e308, 2.0**53 + 2]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(2**53), 2**53).map(float),
)

integers = st.one_of(st.integers(-3, 5), st.integers(-(2**63), 2**63 - 1))

words = st.one_of(
    st.sampled_from(["a", "TS_01", "Å/µ ~1", "#/regions/0", "\t\r\n", "\U0001f9ca", 'say "x\\y"']),
    st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufffe\uffff"),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from("aÅ").map(lambda letter: letter * 70_000),
)
"""Texts that a graph can hold; not empty, which some dialects take for absent."""

ids = st.sampled_from(["a", "a", "b", "TS 1/é", "~0", "..", "#/regions/0"])
"""Few, so that equal ids and references that resolve are common."""

references = st.one_of(
    ids,
    st.sampled_from(["#/regions/0", "#/regions/0/tomo_image_sets/0", "#/regions/99", "gone"]),
    st.sampled_from(
        ["https://example.org/data/other/set/region/r", "https://example.org/data/archive/set/x"]
    ),
)

moments = st.one_of(
    st.datetimes(),
    st.builds(
        lambda moment, minutes: moment.replace(tzinfo=dt.timezone(dt.timedelta(minutes=minutes))),
        st.datetimes(),
        st.sampled_from([0, 60, -570, 840, -840]),
    ),
)

languages = st.dictionaries(
    st.sampled_from(["en", "ja", "en-GB", "zh-Hant", "sr-Latn-RS", "es-419", "de-CH-1996"]), words, max_size=3
)

Fields = dict[str, st.SearchStrategy[Any]]


def objects(required: Fields, optional: Fields) -> st.SearchStrategy[dict[str, JSON]]:
    """An object with some of its optional fields, some of them null."""
    may_be_null = {name: st.one_of(found, found, found, st.none()) for name, found in optional.items()}
    return st.fixed_dictionaries(required).flatmap(
        lambda has: st.lists(st.sampled_from(sorted(may_be_null)), max_size=5, unique=True).flatmap(
            lambda names: st.fixed_dictionaries(
                {
                    **{name: st.just(found) for name, found in has.items()},
                    **{n: may_be_null[n] for n in names},
                }
            )
        )
    )


def few(strategy: st.SearchStrategy[JSON]) -> st.SearchStrategy[list[JSON]]:
    return st.lists(strategy, max_size=2)


text = st.one_of(words, st.just(""))
whole = st.integers(0, 8192)
number = st.one_of(numbers, st.integers(-5, 5))
