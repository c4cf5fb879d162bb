"""Cryo-electron tomography metadata (CETS) as one knowledge graph that can be searched."""

__all__ = ["__version__"]

__version__ = "0.1.0"
