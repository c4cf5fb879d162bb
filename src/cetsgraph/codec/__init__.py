"""The model as a graph, and a graph as the model, compiled per class from the vocabulary."""

from cetsgraph.codec.decoding import decode
from cetsgraph.codec.encoding import encode, triples
from cetsgraph.codec.upgrading import upgraded

__all__ = ["decode", "encode", "triples", "upgraded"]
