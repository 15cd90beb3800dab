"""Sessions over HTTP, and the studio in the browser."""
