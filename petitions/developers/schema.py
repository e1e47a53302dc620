"""Words in which documents are described: JSON Schema as OpenAPI 3.1 takes it, in as few signs as it needs."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]


def obj(optional: dict[str, Schema] | None = None, /, **required: Schema) -> Schema:
    """An object: keys that are always there, and keys that may be missing. More may come with time."""
    schema: Schema = {"type": "object", "properties": required | (optional or {})}
    return schema | ({"required": list(required)} if required else {})


def both(first: Schema, second: Schema) -> Schema:
    """An object with the keys of two."""
    merged = obj(**(first["properties"] | second["properties"]))
    merged["required"] = [*first.get("required", []), *second.get("required", [])]
    return merged


def without(schema: Schema, *names: str) -> Schema:
    """An object that has not some of the keys."""
    kept = {name: value for name, value in schema["properties"].items() if name not in names}
    return schema | {
        "properties": kept,
        "required": [name for name in schema.get("required", []) if name not in names],
    }


def array(of: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": of}


def table(of: Schema) -> Schema:
    """An object whose keys are names of anything."""
    return {"type": "object", "additionalProperties": of}


def ref(name: str) -> Schema:
    """One of the schemas that have a name."""
    return {"$ref": f"#/components/schemas/{name}"}


def or_null(schema: Schema) -> Schema:
    """The same, or null."""
    if "$ref" in schema:
        return {"oneOf": [schema, {"type": "null"}]}
    if "enum" in schema:
        return schema | {"type": [schema["type"], "null"], "enum": [*schema["enum"], None]}
    return schema | {"type": [schema["type"], "null"]}


def text(description: str = "", **more: Any) -> Schema:
    """A text."""
    return _described({"type": "string", **more}, description)


def number(description: str = "", **more: Any) -> Schema:
    """A whole number."""
    return _described({"type": "integer", **more}, description)


def decimal(description: str = "", **more: Any) -> Schema:
    """A number that need not be whole."""
    return _described({"type": "number", **more}, description)


def count(description: str = "") -> Schema:
    """How many: a whole number from 0 on."""
    return number(description, minimum=0)


def share(description: str = "") -> Schema:
    """A share, from 0 to 1."""
    return decimal(description, minimum=0, maximum=1)


def flag(description: str = "") -> Schema:
    """True or false."""
    return _described({"type": "boolean"}, description)


def moment(description: str = "") -> Schema:
    """A moment with its zone: 2016-01-31T12:00:00.000Z."""
    return text(description, format="date-time")


def day(description: str = "") -> Schema:
    """A day of the site's zone: 2016-01-31."""
    return text(description, format="date")


def address(description: str = "") -> Schema:
    """A web address."""
    return text(description, format="uri")


def word(*words: str, description: str = "") -> Schema:
    """One of a few fixed words."""
    return _described({"type": "string", "enum": list(words)}, description)


def _described(schema: Schema, description: str) -> Schema:
    return schema | ({"description": description} if description else {})


#: The addresses of a list's pages.
LINKS = obj(self=address(), first=address(), last=address(), next=or_null(address()), prev=or_null(address()))
OWN_LINK = obj(self=address("Where this document is."))
