"""Upheld: every customer requirement, upheld: predicted, tested, released, lived.

The flow: a requirement's criterion (`upheld.core.criterion`) is judged on evidence (`upheld.core.evidence`) by
`upheld.core.verdict.judge`; everything else brings evidence to a criterion, acts on a verdict, or shows one.
"""

__version__ = "0.1.0"
__all__ = ["__version__"]
