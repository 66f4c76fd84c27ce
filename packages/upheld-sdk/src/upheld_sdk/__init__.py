"""What a team's application and tests take from Upheld. It depends on nothing, not even on `upheld`.

Today it holds the pytest plugin alone (`upheld_sdk.pytest_plugin`), which pytest finds by itself once this distribution
is installed. There is no name to import from here yet.
"""

__all__: tuple[str, ...] = ()
