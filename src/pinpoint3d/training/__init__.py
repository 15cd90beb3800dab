"""Training of the networks from labelled scenes and a robot that clicks."""
