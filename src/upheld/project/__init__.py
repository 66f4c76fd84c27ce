"""Files in git to a catalogue: find, decode, lint, scaffold.

The order is `text` (characters to a tree of texts), `schema` and `decode` (a tree to typed items), `adr` (decisions in
any dialect), `load` (a folder to a project). Nothing here judges, and reading never stops at the first fault.
"""
