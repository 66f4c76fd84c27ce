"""Where the criteria and sign-offs of gates are written, so that a verdict can be shown at its line."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from upheld.core.gate import Gate
from upheld.project.load import Item, Project
from upheld.project.text import Document, Place, locate, read, resolve


class Spotted(NamedTuple):
    """A place in a file of the project; line and column count from 1."""

    file: str
    line: int
    column: int


def places(project: Project, gate: Gate, addresses: Iterable[str]) -> dict[str, Spotted]:
    """The place of each criterion (by address) of a gate, of its sign-offs (`sign-off.ROLE`) and of itself (`gate.NAME`).

    What is not found in a file is left out.
    """

    @lru_cache(maxsize=64)
    def document(file: str) -> Document:
        return read(project.text(file).encode(), markdown=file.endswith((".md", ".markdown")))

    def spot(item: Item | None, path: Place) -> Spotted | None:
        if item is None:
            return None
        found = document(item.file)
        return Spotted(item.file, *locate(found.text, (*item.place, *resolve(found.tree, item.place, path))))

    own = project.item("gate", gate.name)
    wanted: dict[str, Spotted | None] = {f"gate.{gate.name}": spot(own, ())}
    for role in gate.sign_offs:
        wanted[f"sign-off.{role}"] = spot(own, ("sign-offs",))
    for address in addresses:
        owner, _, statement = address.rpartition(".")
        path = ("criteria", statement, "that")
        wanted[address] = spot(own if owner == f"gate.{gate.name}" else project.item("requirement", owner), path)
    return {name: found for name, found in wanted.items() if found is not None}
