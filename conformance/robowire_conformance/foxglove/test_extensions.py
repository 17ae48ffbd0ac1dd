"""Sections on extensions: packages that do nothing are published, listed and deleted."""

from dataclasses import replace
from typing import Any

import pytest
from robowire_generators.foxe import FOXE_BREAKAGES, FoxeRecipe, make_foxe

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Api
from robowire_conformance.foxglove.extension_facts import DELETE, LISTED, Published, Publisher, version
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.judging import require_rejected, unknown_ids
from robowire_conformance.verdict import NotTested, proves

CONFLICT = 409


@pytest.fixture(scope="module")
def publisher(api: Api, guest: Guest) -> Publisher:
    """Publishes packages."""
    return Publisher(api, guest)


@pytest.fixture(scope="module")
def published(publisher: Publisher) -> Published:
    """An extension of one version, with a description."""
    return publisher.publish(publisher.recipe("plain", description="Shows ünïcode"))


def entry(publisher: Publisher, published: Published) -> dict[str, Any]:
    """What the list says of an extension, by its id or else by its name."""
    reply, found = publisher.listed(published.recipe)
    mine = [one for one in found if one.get("id") == published.id] or found
    if not mine:
        raise reply.violation(
            "An extension that was published is not in the list",
            expected=published.recipe.manifest,
            actual=found,
            requirement=LISTED,
        )
    return mine[0]


@proves("FOXGLOVE-EXTENSIONS-001", "FOXGLOVE-EXTENSIONS-211")
def test_publishing_answers_the_id(published: Published) -> None:
    """The answer has an id."""
    if not published.id:
        raise published.reply.violation("The answer has no id", expected="an id", actual=published.reply.body)


@proves("FOXGLOVE-EXTENSIONS-002")
def test_the_list_is_an_array(api: Api, published: Published) -> None:
    """A list of extensions is answered, with some in it."""
    del published
    if not api.get("/extensions"):
        raise NotTested("the target lists no extension")


@proves("FOXGLOVE-EXTENSIONS-301")
def test_a_published_extension_is_listed(publisher: Publisher, published: Published) -> None:
    """It is in the list, once, under the id of the answer."""
    reply, found = publisher.listed(published.recipe)
    ids = [one.get("id") for one in found]
    if ids != [published.id]:
        raise reply.violation("A published extension is not in the list once", expected=[published.id], actual=ids)


@pytest.mark.parametrize(
    ("member", "due"),
    [
        pytest.param(member, due, marks=proves(f"FOXGLOVE-EXTENSIONS-{number}"), id=member)
        for number, member, due in (
            ("302", "name", lambda one: one.recipe.name),
            ("303", "publisher", lambda one: one.recipe.publisher),
            ("304", "displayName", lambda one: one.recipe.display_name),
            ("305", "description", lambda one: one.recipe.description),
            ("306", "activeVersion", lambda one: one.recipe.version),
        )
    ],
)
def test_the_list_says_what_the_package_says(publisher: Publisher, published: Published, member: str, due: Any) -> None:
    """A member of an extension is the one in its package.json."""
    reply, _ = publisher.listed(published.recipe)
    got = entry(publisher, published).get(member)
    if got != due(published):
        raise reply.violation(f"{member} is not the package's", expected=due(published), actual=got)


@proves("FOXGLOVE-EXTENSIONS-305")
def test_a_package_may_have_no_description(publisher: Publisher) -> None:
    """The description is null then; empty is as good."""
    bare = publisher.publish(replace(publisher.recipe("bare"), description=None))
    reply, _ = publisher.listed(bare.recipe)
    got = entry(publisher, bare).get("description")
    if got:
        raise reply.violation("An extension has a description that its package lacks", expected=None, actual=got)


@proves("FOXGLOVE-EXTENSIONS-307")
def test_the_sum_is_the_files(publisher: Publisher, published: Published) -> None:
    """sha256Sum is that of the bytes that were uploaded."""
    reply, _ = publisher.listed(published.recipe)
    got = entry(publisher, published).get("sha256Sum")
    if not isinstance(got, str) or got.lower() != published.sha256:
        raise reply.violation("sha256Sum is not the file's", expected=published.sha256, actual=got)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=proves(f"FOXGLOVE-EXTENSIONS-{number}"), id=name)
        for number, names in (
            ("102", ("empty",)),
            ("103", ("junk", "json", "cut-off")),
            ("104", ("no-files", "no-manifest")),
            ("105", ("no-publisher", "null-publisher", "object-publisher")),
            ("106", ("no-name", "null-name")),
            ("107", ("no-display-name", "null-display-name")),
        )
        for name in names
    ],
)
def test_a_broken_package_is_refused(publisher: Publisher, published: Published, name: str) -> None:
    """What is no extension, or lacks what an extension needs, is refused."""
    del published  # a whole one is taken
    breakage = FOXE_BREAKAGES[name]
    reply = publisher.send(breakage.make(publisher.recipe(name)))
    require_rejected(reply, f"An extension is published of {breakage.summary}")


@proves("FOXGLOVE-EXTENSIONS-107")
def test_every_version_needs_a_display_name(publisher: Publisher, published: Published) -> None:
    """A later version without displayName is refused too."""
    package = FOXE_BREAKAGES["no-display-name"].make(version(published.recipe, "1.1.0"))
    require_rejected(publisher.send(package), "A new version is published without displayName")


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/zip"])
@proves("FOXGLOVE-EXTENSIONS-101")
def test_the_body_is_an_octet_stream(publisher: Publisher, published: Published, kind: str) -> None:
    """Another Content-Type is refused."""
    del published
    reply = publisher.send(make_foxe(publisher.recipe("typed")), {"Content-Type": kind})
    require_rejected(reply, f"An extension is published as {kind}")


def update(publisher: Publisher, first: Published, recipe: FoxeRecipe, requirement: str) -> Published:
    """Publish another version, which has to give the same extension."""
    publisher.require_listed(first)
    second = publisher.attempt(recipe)
    if not second.reply.done:
        raise second.reply.violation(
            "Another version of an extension is not published", expected=200, actual=second.reply.status
        )
    reply, found = publisher.listed(first.recipe, recipe)
    ids = [one.get("id") for one in found]
    if second.id != first.id or ids != [first.id]:
        raise reply.violation(
            "It is not the same extension, listed once",
            expected=[first.id],
            actual=[second.id, *ids],
            requirement=requirement,
        )
    return second


@proves("FOXGLOVE-EXTENSIONS-308")
def test_a_new_version_updates_the_extension(publisher: Publisher) -> None:
    """It keeps its id and is listed once."""
    first = publisher.publish(publisher.recipe("updated"))
    update(publisher, first, version(first.recipe, "1.0.1"), "FOXGLOVE-EXTENSIONS-308")


@pytest.mark.parametrize(
    ("member", "other"),
    [
        pytest.param("name", str.lower, marks=proves("FOXGLOVE-EXTENSIONS-309"), id="name-lower"),
        pytest.param("name", str.upper, marks=proves("FOXGLOVE-EXTENSIONS-309"), id="name-upper"),
        pytest.param("publisher", str.lower, marks=proves("FOXGLOVE-EXTENSIONS-310"), id="publisher-lower"),
        pytest.param("publisher", str.swapcase, marks=proves("FOXGLOVE-EXTENSIONS-310"), id="publisher-swapped"),
    ],
)
def test_letter_case_makes_no_other_extension(publisher: Publisher, member: str, other: Any) -> None:
    """A package of the same name but for letter case updates the extension, and cannot have its version again."""
    requirement = f"FOXGLOVE-EXTENSIONS-{'309' if member == 'name' else '310'}"
    first = publisher.publish(publisher.recipe("cased"))
    update(publisher, first, version(first.recipe, "1.0.1"), "FOXGLOVE-EXTENSIONS-308")
    spelt = {member: other(getattr(first.recipe, member))}
    update(publisher, first, version(first.recipe, "1.0.2", **spelt), requirement)
    unique = _unique(publisher, first)
    again = publisher.attempt(version(first.recipe, "1.0.1", **spelt))
    if again.reply.done:
        raise again.reply.violation(
            f"A version is published again under another letter case of {member}",
            expected=CONFLICT,
            actual=again.reply.status,
            requirement=requirement if unique else "FOXGLOVE-EXTENSIONS-312",
        )


def _unique(publisher: Publisher, first: Published) -> bool:
    """Whether versions are unique where the letter case is the same."""
    return publisher.attempt(version(first.recipe, "1.0.1")).reply.status == CONFLICT


@proves("FOXGLOVE-EXTENSIONS-311")
def test_publishers_keep_names_apart(publisher: Publisher) -> None:
    """The same name of two publishers, and two names of one publisher, are different extensions."""
    first = publisher.publish(publisher.recipe("apart"))
    publisher.require_listed(first)
    for recipe in (
        replace(first.recipe, publisher=f"{first.recipe.publisher}-two"),
        replace(first.recipe, name=f"{first.recipe.name}-two"),
    ):
        other = publisher.attempt(recipe)
        reply, found = publisher.listed(first.recipe, recipe)
        ids = [one.get("id") for one in found]
        if not other.reply.done or sorted(map(str, ids)) != sorted([first.id, other.id]) or first.id == other.id:
            raise reply.violation(
                "Another publisher's extension is not another one",
                expected="two ids, both listed",
                actual=[other.reply.status, first.id, other.id, *ids],
            )
        publisher.api.ask(DELETE, other.id)


@proves("FOXGLOVE-EXTENSIONS-312")
def test_a_version_is_published_once(publisher: Publisher) -> None:
    """A version that was published before is answered 409: the same bytes, others, and also one that is not active."""
    first = publisher.publish(publisher.recipe("once"))
    other_bytes = replace(first.recipe, filler="other bytes")
    for recipe in (first.recipe, other_bytes):
        _require_conflict(publisher, recipe)
    reply, found = publisher.listed(first.recipe)
    refused = Published(other_bytes, make_foxe(other_bytes), reply).sha256
    if refused in [str(one.get("sha256Sum")).lower() for one in found]:
        raise reply.violation("What was answered 409 is the active version", expected=first.sha256, actual=refused)
    second = publisher.attempt(version(first.recipe, "1.0.1"))
    if second.id == first.id:
        for recipe in (other_bytes, second.recipe):
            _require_conflict(publisher, recipe)


def _require_conflict(publisher: Publisher, recipe: FoxeRecipe) -> None:
    reply = publisher.attempt(recipe).reply
    if reply.status != CONFLICT:
        raise reply.violation(
            f"Version {recipe.version} is published once more", expected=CONFLICT, actual=reply.status
        )


@pytest.mark.parametrize("number", ["0.9.0", "2026.11", "seven", "1.0.0-béta+build 7", "v-" + "9" * 40], ids=repr)
@proves("FOXGLOVE-EXTENSIONS-313")
def test_any_versioning_scheme_will_do(publisher: Publisher, number: str) -> None:
    """Whatever version follows another is published; also a lower one, and one that is no number."""
    first = publisher.publish(publisher.recipe("scheme"))
    control = publisher.attempt(version(first.recipe, "1.0.1"))
    if not control.reply.done:
        raise control.reply.violation(
            "Another version is not published",
            expected=200,
            actual=control.reply.status,
            requirement="FOXGLOVE-EXTENSIONS-308",
        )
    reply = publisher.attempt(version(first.recipe, number)).reply
    if not reply.done:
        raise reply.violation(f"The version {number} is not published", expected=200, actual=reply.status)


@proves("FOXGLOVE-EXTENSIONS-313")
def test_versions_are_each_extensions_own(publisher: Publisher, published: Published) -> None:
    """Another extension may have the same version."""
    other = publisher.attempt(replace(publisher.recipe("other"), version=published.recipe.version))
    if not other.reply.done:
        raise other.reply.violation("Another extension's version is refused", expected=200, actual=other.reply.status)


@proves("FOXGLOVE-EXTENSIONS-314")
def test_the_display_name_stays(publisher: Publisher) -> None:
    """A version with another displayName is refused, or changes nothing about it."""
    first = publisher.publish(publisher.recipe("displayed"))
    before = entry(publisher, first).get("displayName")
    attempt = publisher.attempt(version(first.recipe, "1.0.1", display_name="Another name"))
    if not attempt.reply.done:
        require_rejected(attempt.reply, "A version with another displayName is neither refused nor published")
    got = entry(publisher, first).get("displayName")
    if got != before:
        raise attempt.reply.violation("A new version has changed the displayName", expected=before, actual=got)


@proves("FOXGLOVE-EXTENSIONS-316")
def test_the_active_version_is_one_version(publisher: Publisher) -> None:
    """Description, activeVersion and sha256Sum are those of one version, also after others were published."""
    first = publisher.publish(publisher.recipe("whole", description="Version 1.0.0"))
    versions = [first]
    seen = 0
    for number in ("1.2.0", "1.1.0"):
        one = publisher.attempt(version(first.recipe, number, description=f"Version {number}"))
        versions += [one] if one.reply.done else []
        reply, _ = publisher.listed(first.recipe)
        got = _triple(entry(publisher, first))
        due = [(f"Version {one.recipe.version}", one.recipe.version, one.sha256) for one in versions]
        fitting = [{number for number, one in enumerate(due) if one[column] == got[column]} for column in range(3)]
        if all(fitting) and not set.intersection(*fitting):
            raise reply.violation("The members are not those of one version", expected=due, actual=got)
        seen += all(fitting)  # a member that is no version's is that member's own requirement
    if not seen or len(versions) < 2:
        raise NotTested("no extension has two versions and tells of its active one")


def _triple(one: dict[str, JSON]) -> tuple[JSON, JSON, JSON]:
    told = one.get("sha256Sum")
    return one.get("description"), one.get("activeVersion"), told.lower() if isinstance(told, str) else told


@proves("FOXGLOVE-EXTENSIONS-003")
def test_deleting_answers_the_id(publisher: Publisher) -> None:
    """The answer has the id of the extension that was deleted."""
    published = publisher.publish(publisher.recipe("deleted"))
    reply = publisher.api.ask(DELETE, published.id)
    if reply.require_done().get("id") != published.id:
        raise reply.violation("The answer has another id", expected=published.id, actual=reply.body.get("id"))


@proves("FOXGLOVE-EXTENSIONS-315")
def test_a_deleted_extension_is_gone(publisher: Publisher) -> None:
    """It is no longer in the list, with none of its versions; one beside it still is."""
    gone, kept = publisher.publish(publisher.recipe("gone")), publisher.publish(publisher.recipe("kept"))
    publisher.require_listed(kept)
    update(publisher, gone, version(gone.recipe, "1.0.1"), "FOXGLOVE-EXTENSIONS-308")
    publisher.api.call(DELETE, gone.id)
    reply, found = publisher.listed(gone.recipe)
    if found:
        raise reply.violation("An extension that was deleted is still in the list", expected=[], actual=found)
    reply, found = publisher.listed(kept.recipe)
    if not found:
        raise reply.violation("An extension beside the deleted one is gone too", expected=kept.id, actual=[])


@proves("FOXGLOVE-EXTENSIONS-004")
def test_an_unknown_extension_is_not_deleted(publisher: Publisher) -> None:
    """Ids that nothing has are answered with a client error, and so is one that is deleted already."""
    gone = publisher.publish(publisher.recipe("twice"))
    publisher.api.call(DELETE, gone.id)
    for unknown in (*unknown_ids(gone.id), gone.id):
        require_rejected(publisher.api.ask(DELETE, unknown), "A deletion of an id that no extension has is not refused")
