"""TechFlow: predictive insights for a bank's advisers, in under a second, from seven legacy systems.

data -> feeds -> intake (checks, quarantine) -> clients -> model and full analysis -> insight -> adviser
"""

__version__ = "2.0.0"
