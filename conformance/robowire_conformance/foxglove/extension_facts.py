"""Extensions of the suite's own: packages made and published, and what the list says of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from robowire_generators.foxe import FoxeRecipe, make_foxe

from robowire_conformance.foxglove.asking import OCTETS, Api, Reply
from robowire_conformance.foxglove.guest import Guest

LISTED = "FOXGLOVE-EXTENSIONS-301"
POST, LIST, DELETE = "POST /extension-upload", "GET /extensions", "DELETE /extensions/{id}"


@dataclass(frozen=True, slots=True)
class Published:
    """A package, and the answer to its publication."""

    recipe: FoxeRecipe
    package: bytes
    reply: Reply

    @property
    def id(self) -> str:
        """The extension's id; empty where the publication is not answered with one."""
        known = self.reply.body.get("id") if self.reply.done else None
        return known if isinstance(known, str) else ""

    @property
    def sha256(self) -> str:
        """The package's SHA-256, in hexadecimal."""
        return sha256(self.package).hexdigest()


@dataclass(frozen=True, slots=True)
class Publisher:
    """Publishes packages under names that nothing else has."""

    api: Api
    guest: Guest

    def recipe(self, hint: str, **members: str) -> FoxeRecipe:
        """A package of a new extension."""
        name = f"{self.guest.name(hint)}-Panel"
        given = {"name": name, "publisher": f"{self.guest.prefix}-Lab", "display_name": f"Panel {hint}", **members}
        return FoxeRecipe(description=given.pop("description", "Shows nothing"), **given)

    def send(self, package: bytes, headers: Mapping[str, str] | None = None) -> Reply:
        """Upload a package, answered in any way."""
        return self.api.ask(POST, content=package, headers=headers or OCTETS)

    def publish(self, recipe: FoxeRecipe) -> Published:
        """Publish a package, which has to succeed.

        Raises:
            Violation: It does not.
        """
        published = self.attempt(recipe)
        reply = published.reply
        reply.require_done()
        if not published.id:
            raise reply.violation(
                "The answer has no id", expected="an id", actual=reply.body, requirement=reply.call.works
            )
        return published

    def require_listed(self, published: Published) -> None:
        """Make sure that the list has an extension, under its id.

        Raises:
            Violation: It has not.
        """
        reply, found = self.listed(published.recipe)
        ids = [one.get("id") for one in found]
        if published.id not in ids:
            raise reply.violation(
                "A published extension is not in the list", expected=published.id, actual=ids, requirement=LISTED
            )

    def attempt(self, recipe: FoxeRecipe) -> Published:
        """Publish a package, answered in any way."""
        package = make_foxe(recipe)
        return Published(recipe, package, self.send(package))

    def listed(self, *recipes: FoxeRecipe) -> tuple[Reply, list[dict[str, Any]]]:
        """The list, and what it has under the names of some packages, whatever their letter case."""
        reply = self.api.ask(LIST)
        wanted = {(one.publisher.lower(), one.name.lower()) for one in recipes}
        found = [one for one in reply.require_done() if isinstance(one, dict)]
        return reply, [one for one in found if _identity(one) in wanted]


def _identity(extension: Mapping[str, Any]) -> tuple[str, str]:
    return str(extension.get("publisher")).lower(), str(extension.get("name")).lower()


def version(recipe: FoxeRecipe, number: str, **changes: str) -> FoxeRecipe:
    """Another version of a package."""
    return replace(recipe, version=number, filler=number, **changes)
