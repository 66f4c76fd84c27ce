"""Which release answers a request: a flag through the OpenFeature SDK when a provider is configured, else the setting.

TECHFLOW_OPENFEATURE names a provider as `module:callable`; calling it without arguments gives the provider.
"""

import importlib

from openfeature import api
from openfeature.evaluation_context import EvaluationContext

RELEASES = ("v1", "v2", "v3")  # synchronous; two tiers; two tiers with a planted regression
FLAG = "insight-release"


class Flags:
    """Reads the release flag for a client of a bank."""

    def __init__(self, provider: str | None, *, default: str) -> None:
        self.default = default
        self._client = None
        if provider:
            module, _, name = provider.partition(":")
            api.set_provider(getattr(importlib.import_module(module), name)())
            self._client = api.get_client("techflow")

    def release(self, bank: str, client: str) -> str:
        """The release for this client; an unknown value or a failing provider gives the default."""
        if self._client is None:
            return self.default
        context = EvaluationContext(targeting_key=client, attributes={"bank": bank})
        chosen = self._client.get_string_value(FLAG, self.default, context)
        return chosen if chosen in RELEASES else self.default
