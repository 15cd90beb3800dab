"""Protocols, metrics and reports that compare segmenters click by click."""
