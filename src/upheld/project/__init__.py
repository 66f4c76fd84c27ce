"""The files of a project in git: found, read, checked, signed."""
