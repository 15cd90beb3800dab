"""Labelled scans made from CAD objects, procedural furniture and rooms."""
