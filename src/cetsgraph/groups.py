"""Which things are the same, or belong together, where two by two are found to."""

__all__ = ["Groups"]


class Groups:
    """Things that are joined two by two, in time that hardly grows with how many are.

    >>> groups = Groups()
    >>> groups.join("EMPIAR-10164", "DS-1")
    >>> groups.join("DS-1", "EMD-3782")
    >>> groups.root("EMPIAR-10164") == groups.root("EMD-3782"), groups.root("EMD-1")
    (True, 'EMD-1')
    """

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def root(self, node: str) -> str:
        """The one member that stands for all that are joined to a node."""
        self._above.setdefault(node, node)
        while self._above[node] != node:
            self._above[node] = self._above[self._above[node]]
            node = self._above[node]
        return node

    def join(self, one: str, other: str) -> None:
        """Make two nodes the same, with all that are joined to them."""
        self._above[self.root(one)] = self.root(other)

    def nodes(self) -> list[str]:
        """All that were joined or looked up, in the order in which they came."""
        return list(self._above)
