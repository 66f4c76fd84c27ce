"""Pictures of threads: one renderer for the report file and for the pages of the server.

It draws from threads and reports and nothing else: `board` and `promise` turn them into what is shown, `drawing` into SVG,
`document` into a page. Nothing needs a script to be read; no style stands in an attribute, so that a strict
Content-Security-Policy holds.
"""
