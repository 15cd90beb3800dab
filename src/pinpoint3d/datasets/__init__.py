"""Scenes to learn from and to try the program on."""
