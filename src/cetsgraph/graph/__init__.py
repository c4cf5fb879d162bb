"""The model as a graph, and a graph as the model, compiled per class from the vocabulary."""

from cetsgraph.graph.decoding import decode
from cetsgraph.graph.encoding import encode, encoded, triples
from cetsgraph.graph.upgrading import upgraded

__all__ = ["decode", "encode", "encoded", "triples", "upgraded"]
