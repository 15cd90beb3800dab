"""Files to scenes and labels to files: one format a module, found by suffix."""
