"""Discord's own description of its HTTP interface, as a check of what a bot sends and what the emulator answers.

The description is data and no part of the project: `description_path` says where it would be. Two things about it are
mended when it is read. A union of objects with a `type` is decided by that type before anything is compared, because
the general message names every branch; and objects take no fields but the described ones, apart from `UNDESCRIBED`.
"""

import datetime as dt
import json
import lzma
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from bot.harness.components import Payload
from bot.harness.rest import Exchange
from tests.quality.corpus import DATA

_NAME = "urn:discord"
_REFUSED_FOR_THE_BODY = (400, 413)

_AGE = "documented under age-restricted commands, and described in the answer"
_NO_TTS = "discord.py names it in every edit, always as false; Discord passes over what it does not know"
UNDESCRIBED: Mapping[tuple[str, str], str] = {
    ("ApplicationCommandCreateRequest", "nsfw"): _AGE,
    ("ApplicationCommandUpdateRequest", "nsfw"): _AGE,
    ("IncomingWebhookUpdateForInteractionCallbackRequestPartial", "tts"): _NO_TTS,
    ("IncomingWebhookUpdateRequestPartial", "tts"): _NO_TTS,
    ("MessageEditRequestPartial", "tts"): _NO_TTS,
    ("RichEmbed", "flags"): "discord.py sends back what it read of an embed, and 0 where it read none",
}
"""Fields, after the name of their schema, that are taken though they are not described, and why."""


def description_path() -> Path:
    """Where Discord's description is, if it is anywhere."""
    return DATA / "discord" / "openapi.json.xz"


@cache
def known_contract() -> "Contract | None":
    """The contract of this run; none where the description is absent."""
    path = description_path()
    return Contract(json.loads(lzma.decompress(path.read_bytes()))) if path.exists() else None


def transcript_problems(exchanges: Iterable[Exchange]) -> list[str]:
    """What in a transcript is not as described; nothing where the description is absent."""
    contract = known_contract()
    return [line for exchange in exchanges for line in contract.problems(exchange)] if contract else []


class Contract:
    """What Discord says of its requests and answers. `tolerated` counts the fields of `UNDESCRIBED` that were met."""

    def __init__(self, description: Payload) -> None:
        self.tolerated: Counter[tuple[str, str]] = Counter()
        schemas = description["components"]["schemas"]
        # Codes of single fields are words in every answer of Discord's; only the code of the whole is a number.
        schemas["InnerErrors"]["properties"]["_errors"]["items"] = _error("code", "message")
        # Documented as optional, and absent from the documented example.
        schemas["RatelimitedResponse"]["allOf"][0] = _error("message")
        for name, schema in schemas.items():
            if "properties" in schema and "additionalProperties" not in schema:
                schema["x-closed"] = name
        self._description = _prepared(description, schemas)
        self._shapes = {_shape(template): template for template in description["paths"]}
        resource = DRAFT202012.create_resource(self._description)
        self._registry: Registry[Any] = Registry().with_resource(_NAME, resource)
        keywords = {"x-union": _union, "x-closest": _closest, "x-closed": self._closed}
        self._class = extend(Draft202012Validator, keywords)
        self._validators: dict[tuple[str, ...], Any] = {}

    def problems(self, exchange: Exchange) -> list[str]:
        """What of a request and its answer is not as described, each in a line."""
        template = self._shapes.get(_shape(exchange.template))
        operation = self._description["paths"].get(template, {}).get(exchange.method.lower())
        if template is None or operation is None:
            return [f"{exchange.method} {exchange.template}: not described"]
        place = ("paths", template, exchange.method.lower())
        found = [
            *self._query_problems(exchange, template, operation),
            *self._body_problems(exchange, place, operation),
            *self._answer_problems(exchange, place, operation),
        ]
        return [f"{exchange.method} {exchange.template} ({exchange.status}) {problem}" for problem in found]

    def part_problems(self, name: str, part: Any) -> list[str]:
        """What of a single object is not as the schema of a name describes it."""
        return list(self._errors(("components", "schemas", name), part, name))

    @property
    def schemas(self) -> Mapping[str, Payload]:
        """What is described, by name."""
        found: Mapping[str, Payload] = self._description["components"]["schemas"]
        return found

    def _query_problems(self, exchange: Exchange, template: str, operation: Payload) -> Iterator[str]:
        described = [*self._description["paths"][template].get("parameters", []), *operation.get("parameters", [])]
        known = {parameter["name"] for parameter in described if parameter["in"] == "query"}
        yield from (f"query: {name} is not described" for name in exchange.query.keys() - known)

    def _body_problems(self, exchange: Exchange, place: tuple[str, ...], operation: Payload) -> Iterator[str]:
        if exchange.status in _REFUSED_FOR_THE_BODY:
            return
        if "requestBody" not in operation:
            if exchange.body is not None:
                yield "request: there is a body, and none is described"
        elif exchange.body is not None:
            where = (*place, "requestBody", "content", "application/json", "schema")
            yield from self._errors(where, _with_textual_ids(exchange.body), "request")
        elif exchange.status < 400 and operation["requestBody"].get("required"):
            yield "request: the body is missing"

    def _answer_problems(self, exchange: Exchange, place: tuple[str, ...], operation: Payload) -> Iterator[str]:
        responses = operation["responses"]
        status = str(exchange.status) if str(exchange.status) in responses else f"{exchange.status // 100}XX"
        if status not in responses:
            yield f"answer: the status is none of {sorted(responses)}"
            return
        where = (*place, "responses", status)
        if reference := responses[status].get("$ref"):
            where = tuple(reference.removeprefix("#/").split("/"))
        response: Payload = self._at(where)
        yield from self._header_problems(exchange, response)
        if "content" not in response:
            if exchange.answer is not None:
                yield "answer: there is a body, and none is described"
            return
        yield from self._errors((*where, "content", "application/json", "schema"), exchange.answer, "answer")

    def _header_problems(self, exchange: Exchange, response: Payload) -> Iterator[str]:
        for name in response.get("headers", {}).keys() & exchange.headers.keys():
            kind = self._description["components"]["headers"][name]["schema"]["type"]
            try:
                _READERS[kind](exchange.headers[name])
            except ValueError:
                yield f"answer: the header {name} is no {kind}"

    def _at(self, where: Sequence[str]) -> Any:
        node: Any = self._description
        for step in where:
            node = node[step]
        return node

    def _errors(self, where: tuple[str, ...], instance: Any, part: str) -> Iterator[str]:
        validator = self._validators.get(where)
        if validator is None:
            pointer = "/".join(step.replace("~", "~0").replace("/", "~1") for step in where)
            schema = {"$ref": f"{_NAME}#/{pointer}"}
            validator = self._class(schema, registry=self._registry, format_checker=_FORMATS)
            self._validators[where] = validator
        for error in validator.iter_errors(instance):
            yield f"{part}{''.join(f'.{step}' for step in error.absolute_path)}: {error.message[:300]}"

    def _closed(self, validator: Any, name: str, instance: Any, schema: Payload) -> Iterator[ValidationError]:
        if not isinstance(instance, dict):
            return
        for field in instance.keys() - schema["properties"].keys():
            if (name, field) in UNDESCRIBED:
                self.tolerated[name, field] += 1
            else:
                yield ValidationError(f"{name} has no field {field!r}")


def _error(*required: str) -> Payload:
    """An error whose code is a number or a word."""
    properties = {"code": {"type": ["integer", "string"]}, "message": {"type": "string"}}
    return {"type": "object", "properties": properties, "required": list(required)}


def _shape(template: str) -> str:
    """A template without the names of its placeholders."""
    return re.sub(r"\{\w+\}", "{}", template)


def _with_textual_ids(body: Any) -> Any:
    """The body with texts for the ids that discord.py sends as numbers: Discord takes a snowflake in either form."""
    if isinstance(body, list):
        return [_with_textual_ids(one) for one in body]
    if not isinstance(body, dict):
        return body
    changed = {key: _with_textual_ids(value) for key, value in body.items()}
    if isinstance(body.get("recipient_id"), int):
        changed["recipient_id"] = str(body["recipient_id"])
    for key in ("attachments", "default_values"):
        if isinstance(changed.get(key), list):
            changed[key] = [_with_textual_id(one) for one in changed[key]]
    if isinstance(mentions := body.get("allowed_mentions"), dict) and "users" in mentions:
        changed["allowed_mentions"] = {**mentions, "users": [str(user) for user in mentions["users"]]}
    return changed


def _with_textual_id(named: Any) -> Any:
    if isinstance(named, dict) and isinstance(named.get("id"), int):
        return {**named, "id": str(named["id"])}
    return named


_READERS = {"integer": int, "number": float, "string": str}


# --- how the description is read ---


def _prepared(node: Any, schemas: Mapping[str, Payload]) -> Any:
    """A part of the description with quick and telling keywords in place of its unions and repetitions."""
    if isinstance(node, list):
        return [_prepared(item, schemas) for item in node]
    if not isinstance(node, dict):
        return node
    prepared = {key: _prepared(value, schemas) for key, value in node.items() if key not in ("oneOf", "anyOf", "allOf")}
    for keyword in ("oneOf", "anyOf"):
        if keyword in node:
            prepared |= _union_of(node[keyword], schemas)
    if "allOf" in node and "enum" not in node:  # beside an enumeration it only repeats the larger enumeration
        prepared |= _merged(node["allOf"], schemas)
    return prepared


def _merged(parts: Sequence[Payload], schemas: Mapping[str, Payload]) -> Payload:
    """One schema in place of several that all hold."""
    if len(parts) == 1:
        return dict(parts[0])
    resolved = [schemas[part["$ref"].rpartition("/")[2]] if "$ref" in part else part for part in parts]
    properties = {name: value for part in resolved for name, value in part.get("properties", {}).items()}
    required = [name for part in resolved for name in part.get("required", ())]
    return {"type": "object", "properties": _prepared(properties, schemas), "required": required, "x-closed": "Error"}


def _union_of(branches: Sequence[Payload], schemas: Mapping[str, Payload]) -> Payload:
    """What stands in place of a union: an enumeration, a choice by type, or the search for the closest branch."""
    if all("const" in branch for branch in branches):
        return {"enum": [branch["const"] for branch in branches]}
    objects = [_prepared(branch, schemas) for branch in branches if branch.get("type") != "null"]
    is_nullable = len(objects) < len(branches)
    if len(objects) == 1:
        return {"x-union": {"is_nullable": is_nullable, "only": objects[0]}}
    by_type: dict[Any, Payload] = {}
    for branch in objects:
        for kind in _types(branch, schemas):
            if kind in by_type:
                return {"x-closest": branches}
            by_type[kind] = branch
    if not all(_types(branch, schemas) for branch in objects):
        return {"x-closest": [_prepared(branch, schemas) for branch in branches]}
    return {"x-union": {"is_nullable": is_nullable, "by_type": by_type}}


def _types(branch: Payload, schemas: Mapping[str, Payload]) -> list[Any]:
    """The values of `type` with which an object belongs to a branch."""
    schema = schemas[branch["$ref"].rpartition("/")[2]] if "$ref" in branch else branch
    kinds: list[Any] = schema.get("properties", {}).get("type", {}).get("enum", [])
    return kinds


def _union(validator: Any, union: Payload, instance: Any, schema: Payload) -> Iterator[ValidationError]:
    """The errors of the one branch that an instance belongs to."""
    if instance is None and union["is_nullable"]:
        return
    if "only" in union:
        yield from validator.descend(instance, union["only"])
        return
    kind = instance.get("type") if isinstance(instance, dict) else None
    if not isinstance(kind, int | str) or kind not in union["by_type"]:
        yield ValidationError(f"the type is {kind!r} and not one of {sorted(union['by_type'])}")
        return
    yield from validator.descend(instance, union["by_type"][kind])


def _closest(validator: Any, branches: Sequence[Payload], instance: Any, schema: Payload) -> Iterator[ValidationError]:
    """The errors of the branch that an instance comes closest to."""
    found: list[list[ValidationError]] = []
    for branch in branches:
        found.append(list(validator.descend(instance, branch)))
        if not found[-1]:
            return
    yield from min(found, key=len)


def _is_time(value: object) -> bool:
    return not isinstance(value, str) or dt.datetime.fromisoformat(value).tzinfo is not None


def _is_address(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme)


def _is_small(value: object) -> bool:
    return not isinstance(value, int) or -(2**31) <= value < 2**31


_FORMATS = FormatChecker(formats=())
for _format, _is_met in (("date-time", _is_time), ("uri", _is_address), ("int32", _is_small)):
    _FORMATS.checks(_format, raises=ValueError)(_is_met)
