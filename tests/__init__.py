"""A package, so that the tests of `site` do not take the place of the standard module of that name."""
