"""Shapes, materials and fittings, and the builder that joins them into objects with named parts."""
