"""Labelled scenes in few files: what was asked for, how a scene is packed, and who makes which shard."""
