"""Someone who asks the controls of a mock, and judges each answer by their document."""

import re
from typing import Any

import jsonschema_rs
from robowire_mocks.core.control import PATH
from robowire_mocks.core.control.document import document
from robowire_mocks.core.mock import Mock
from werkzeug.test import Client, TestResponse


class Asker:
    """Asks the controls of a mock; every answer has a status that the document has, and is as it says.

    `seen` are the operations and statuses that there were.
    """

    def __init__(self, mock: Mock[Any], app: Any = None) -> None:
        self.document = document(mock)
        self.client = Client(app or mock.app)
        self.seen: set[tuple[str, str]] = set()

    def ask(self, method: str, path: str, **request: Any) -> Any:
        """The JSON value that is answered."""
        answer = self.client.open(PATH + path, method=method, **request)
        operation = self._operation(method, path.partition("?")[0])
        status = str(answer.status_code)
        assert status in operation["responses"], (method, path, answer.get_data(as_text=True))
        self._judge(answer, self._resolved(operation["responses"][status]))
        self.seen.add((operation["operationId"], status))
        return answer.get_json()

    def get(self, path: str, **request: Any) -> Any:
        """The same with GET."""
        return self.ask("GET", path, **request)

    def post(self, path: str, body: Any = None, **request: Any) -> Any:
        """The same with POST, and a body."""
        return self.ask("POST", path, json=body, **request)

    def _operation(self, method: str, path: str) -> dict[str, Any]:
        for template, item in sorted(self.document["paths"].items(), key=lambda one: "{" in one[0]):
            pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template))
            if method.lower() in item and re.fullmatch(pattern, path or "/"):
                operation: dict[str, Any] = item[method.lower()]
                return operation
        raise AssertionError(f"the document has no {method} {path}")

    def _resolved(self, response: dict[str, Any]) -> dict[str, Any]:
        name = response.get("$ref", "").rpartition("/")[2]
        return self.document["components"]["responses"][name] if name else response

    def _judge(self, answer: TestResponse, response: dict[str, Any]) -> None:
        schema = response["content"]["application/json"]["schema"]
        validator = jsonschema_rs.Draft202012Validator({**schema, "components": self.document["components"]})
        value = answer.get_json()
        assert not [f"{error.instance_path}: {error.message}" for error in validator.iter_errors(value)], value
