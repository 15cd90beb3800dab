"""Cut a 3D scan into objects and their parts with a few clicks."""
