"""The networks: backbone, position encodings, attention, decoders, checkpoints."""
