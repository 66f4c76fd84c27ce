"""The tables of `shapes` as JSON Schema, so that editors complete and check definition files while they are written.

A schema says what lint says of types, names and what must be there; what only the whole project knows (an unknown
indicator, a unit that does not fit) stays lint's. Scalars are texts to us, so a schema takes whatever YAML makes of them.
"""

from collections.abc import Mapping

from upheld.project import shapes
from upheld.project.schema import Field, Shape, Type

Json = dict[str, object]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
_SCALAR: Json = {"type": ["string", "number", "boolean"]}
_EXTRA: Json = {"^x-": True}  # keys of the team's own

# file of docs/schemas/files → what it is, its shape, and whether the file is a table of names that each hold it
FILES: Mapping[str, tuple[str, Shape, bool]] = {
    "upheld": ("upheld.yaml", shapes.CONFIG, False),
    "customers": ("customers.yaml", shapes.CUSTOMER, True),
    "indicators": ("indicators.yaml", shapes.INDICATOR, True),
    "gates": ("gates.yaml", shapes.GATE, True),
    "waiver": ("waivers/*.yaml", shapes.WAIVER, False),
    "requirement": ("the front matter of requirements/*.md", shapes.REQUIREMENT, False),
    "requirement-list": ("requirements/*.requirements.yaml", shapes.LISTED, False),
    "decision": ("the front matter of decisions/*.md", shapes.DECISION, False),
    "session": ("the front matter of sessions/*.md", shapes.SESSION, False),
}


def schemas() -> dict[str, Json]:
    """Every schema by its name."""
    return {name: _file(name, title, shape, table=table) for name, (title, shape, table) in FILES.items()}


def _file(name: str, title: str, shape: Shape, *, table: bool) -> Json:
    inner = _mapping(shape)
    if name == "requirement-list":
        inner = {"type": "array", "items": inner}
    elif table:
        inner = {
            "type": "object",
            "patternProperties": _EXTRA,
            "additionalProperties": {"anyOf": [inner, {"type": "null"}]},
        }
    return {"$schema": DRAFT, "$id": f"{name}.json", "title": title, **inner}


def _mapping(shape: Shape) -> Json:
    fields = {name: _field(field) for name, field in shape.fields.items()}
    for name in sorted(shape.foreign):
        fields[name] = {}
    found: Json = {"type": "object", "properties": fields, "patternProperties": _EXTRA}
    found["additionalProperties"] = _field(shape.others) if shape.others is not None else False
    if shape.required:
        found["required"] = list(shape.required)
    return found


def _field(field: Field) -> Json:
    help_text = field.help + (f", e.g. {field.example}" if field.example else "")
    return {"description": help_text, "anyOf": [*_kinds(field), {"type": "null"}]}


def _kinds(field: Field) -> list[Json]:
    """Every way in which a field may be written."""
    match field.type:
        case Type.LIST if field.of is not None:
            return [{"type": "array", "items": _field(field.of)}, *(_kinds(field.of) if field.one else [])]
        case Type.MAPPING if field.shape is not None:
            short = _kinds(field.shape.fields[field.short]) if field.short else []
            return [_mapping(field.shape), *short]
        case Type.TABLE if field.of is not None:
            return [{"type": "object", "patternProperties": _EXTRA, "additionalProperties": _field(field.of)}]
        case Type.LINK:
            links: Json = {name: {"type": "string"} for name in (*field.choices, "seen")}
            return [{"type": "object", "properties": links, "patternProperties": _EXTRA, "additionalProperties": False}]
        case Type.CHOICE:
            return [{"enum": list(field.choices)}]
        case Type.BOOLEAN:
            return [{"type": "boolean"}, {"enum": ["true", "false"]}]
        case Type.ANY:
            return [{}]
    return [_SCALAR]
