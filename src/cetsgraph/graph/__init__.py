"""The model as a graph, and a graph as the model, compiled per class from the vocabulary."""

from cetsgraph.graph.decoding import decode
from cetsgraph.graph.encoding import AskedTerms, encode, encoded, triples
from cetsgraph.graph.upgrading import upgraded

__all__ = ["AskedTerms", "decode", "encode", "encoded", "triples", "upgraded"]
