"""Parsers: from the text of one format to plain rows with line numbers. None of them knows CETS."""
