"""The six verbs: predict, check, release, watch, learn, report."""
