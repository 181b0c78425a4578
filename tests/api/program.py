"""A program that uses the API and holds every answer against the document."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponseBase
from django.test import Client
from jsonschema import Draft202012Validator

from tests import cast
from yika.api import actions, rest
from yika.api.rules import Scope, offered
from yika.people.models import User
from yika.people.rules import Role


def token(owner: User, *scopes: Scope, days: int = 90) -> str:
    """A token of somebody; with every scope of their role unless told otherwise."""
    given = [scope.value for scope in scopes or offered(Role(owner.role))]
    return actions.create_token(owner, name="测试", scopes=given, days=days, by=owner, at=cast.AT)[1]


def described(method: str, path: str) -> dict[str, Any]:
    """What the document says about a method at a path."""
    for template, operations in rest.document()["paths"].items():
        pattern = re.sub(r"\{\w+\}", r"[0-9]+", template)
        if re.fullmatch(pattern, path) and method.lower() in operations:
            found: dict[str, Any] = operations[method.lower()]
            return found
    raise AssertionError(f"not in the document: {method} {path}")


def hold(method: str, path: str, response: HttpResponseBase) -> None:
    """Insist that an answer is one the document knows, of its media type and shape."""
    stated = described(method, path)["responses"]
    assert str(response.status_code) in stated, f"{method} {path}: undocumented {response.status_code}"
    content = stated[str(response.status_code)]["content"]
    kind = response.headers["Content-Type"].partition(";")[0]
    assert kind in content, f"{method} {path}: {kind}"
    if kind.endswith("json"):
        schema = {"$ref": "#/s", "s": content[kind]["schema"], "components": rest.document()["components"]}
        Draft202012Validator(schema).validate(json.loads(response.content))  # type: ignore[attr-defined]


@dataclass
class Program:
    """A program with a token. ``status`` is that of the last answer."""

    secret: str
    client: Client = field(default_factory=Client)
    response: Any = None

    @property
    def status(self) -> int:
        return int(self.response.status_code)

    def get(self, path: str, **query: Any) -> Any:
        self.response = self.client.get(f"/api/v1{path}", query, headers=self._headers())
        return self._read("GET", path)

    def post(self, path: str, data: Any = None, **headers: str) -> Any:
        self.response = self.client.post(
            f"/api/v1{path}",
            json.dumps(data or {}),
            content_type="application/json",
            headers={**self._headers(), **{name.replace("_", "-"): value for name, value in headers.items()}},
        )
        return self._read("POST", path)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}

    def _read(self, method: str, path: str) -> Any:
        hold(method, f"/api/v1{path}", self.response)
        return json.loads(self.response.content)


def program(owner: User, *scopes: Scope) -> Program:
    """A program in somebody's name."""
    return Program(token(owner, *scopes))
