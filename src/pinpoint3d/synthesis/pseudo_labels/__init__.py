"""Parts that nobody labelled: clusters of features, kept where a click model finds them again."""
