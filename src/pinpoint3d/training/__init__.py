"""Networks learn here: labelled scans, a robot that clicks, losses, a loop."""
