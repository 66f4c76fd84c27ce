"""Sources: systems that are asked for facts, one module each; strangers to each other."""
