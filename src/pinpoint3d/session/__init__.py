"""A scene being annotated: clicks in, masks out, with history, undo and storage."""
