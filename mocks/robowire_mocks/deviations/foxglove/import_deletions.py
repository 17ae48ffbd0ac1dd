"""Deviations of the deletion of imports (page "Imports")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, constant, only
from robowire_mocks.deviations.foxglove.resources import (
    answered,
    with_value,
)
from robowire_mocks.foxglove.errors import BadRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Recording
    from robowire_mocks.foxglove.state import State

PAGE, LIST, MANY, ONE = "IMPORTS", "list_imports", "delete_imports", "delete_import"

add(
    f"{PAGE}-131",
    "delete-imports-first-only",
    "import_ids",
    "Of several imports the first is deleted only.",
    lambda honest, call: honest(call)[:1],
)


def _fewer(honest: Wrapper, call: Call) -> Sequence[str]:
    ids: Sequence[str] = honest(call)
    if len(call.queries["id"]) == 50:  # the most that there may be
        raise BadRequest("id: fewer must be given")
    return ids


add(f"{PAGE}-132", "delete-imports-49", "import_ids", "50 imports at once are refused.", _fewer)


def _cut(honest: Wrapper, call: Call) -> Sequence[str]:
    try:
        ids: Sequence[str] = honest(call)
    except BadRequest:
        return list(dict.fromkeys(call.queries.get("id", ())))[:50]
    return ids


def _more(honest: Wrapper, call: Call) -> Sequence[str]:
    if not call.queries.get("id"):
        ids: Sequence[str] = honest(call)
        return ids
    return _cut(honest, call)


def _none_too(honest: Wrapper, call: Call) -> Sequence[str]:
    if not call.queries.get("id"):
        return []
    ids: Sequence[str] = honest(call)
    return ids


add(f"{PAGE}-133", "delete-imports-51", "import_ids", "Of more than 50 imports the first 50 are deleted.", _more)
add(f"{PAGE}-134", "delete-imports-none", "import_ids", "A deletion of no imports is answered.", _none_too)


def _with_neighbour(honest: Wrapper, call: Call, recording: Recording) -> None:
    """The import before it of its device goes too."""
    before = None
    for one in call.state.recordings:
        if one.id == recording.id:
            break
        before = one if one.device_id == recording.device_id and one.complete else before
    if before is not None:
        honest(call, before)
    honest(call, recording)


add(
    f"{PAGE}-141",
    "delete-import-and-neighbour",
    "import_deleted",
    "With an import that is deleted, the one before it of its device goes.",
    only(ONE, _with_neighbour),
)


def _device(*, needed: bool) -> Wrapper:
    """A wrapper of `delete_import` that wants a deviceId, or none."""

    def wrapper(honest: Wrapper, call: Call) -> Any:
        if ("deviceId" in call.query) is not needed:
            raise BadRequest("deviceId: is required" if needed else "deviceId: must not be given")
        return honest(call)

    return wrapper


add(f"{PAGE}-142", "delete-import-with-device", "delete_import", "deviceId must be given.", _device(needed=True))
add(f"{PAGE}-142", "delete-import-without-device", "delete_import", "deviceId is refused.", _device(needed=False))


def _results(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda body: {"deletionResults": [change(one) for one in body["deletionResults"]]}


for _number, _name, _value in (("217", "importId", 1), ("218", "result", "ok")):
    add(
        f"{PAGE}-{_number}",
        f"delete-imports-wrong-{'import-id' if _name == 'importId' else _name}",
        "answer",
        f"The {_name} of a deletion's result is {_value!r}.",
        answered(MANY, _results(with_value(_name, _value))),
    )
add(
    f"{PAGE}-216",
    "delete-imports-results-renamed",
    "answer",
    "The results of a deletion are called results.",
    answered(MANY, lambda body: {"results": body["deletionResults"]}),
)
add(
    f"{PAGE}-219",
    "delete-import-tells-number",
    "answer",
    "The id of a deletion is a number.",
    answered(ONE, lambda _: {"id": 1}),
)


def _found_only(honest: Wrapper, call: Call) -> Any:
    body = honest(call)
    return {"deletionResults": [one for one in body["deletionResults"] if one["result"] == "success"]}


add(
    f"{PAGE}-321",
    "delete-imports-found-only",
    "delete_imports",
    "A deletion has results of those imports only that were there.",
    _found_only,
)


def _kept(honest: Wrapper, call: Call, import_id: str, recording: Recording | None) -> Any:
    return honest(call, import_id, None) | {"result": "notFound" if recording is None else "success"}


add(f"{PAGE}-322", "delete-imports-kept", "import_result", "Imports whose deletion succeeded are still there.", _kept)
add(
    f"{PAGE}-323",
    "delete-imports-success-again",
    "import_result",
    "An import that is not there is deleted with success.",
    lambda honest, call, import_id, recording: {**honest(call, import_id, recording), "result": "success"},
)
add(f"{PAGE}-324", "delete-imports-any-site", "same_site", "Imports of several sites are deleted.", constant(None))


def _some_sites(honest: Wrapper, call: Call, imports: Sequence[Recording]) -> None:
    """What belongs to the site of the first goes before the request is refused."""
    try:
        honest(call, imports)
    except BadRequest:
        call.steps.import_deleted(call, imports[0])
        raise


add(
    f"{PAGE}-325",
    "delete-imports-before-refusal",
    "same_site",
    "When imports of several sites are refused, the first of them is deleted.",
    _some_sites,
)

# ---- what is left

_SEEN: WeakKeyDictionary[State, dict[str, dict[str, Any]]] = WeakKeyDictionary()
_NARROW = {"deviceId", "filename", "start", "end", "dataStart", "dataEnd", "sortBy", "sortOrder"}


def _listed_on(honest: Wrapper, call: Call, body: Any) -> Any:
    """The list has the imports that it had before."""
    if call.operation.name != LIST or set(call.query) & _NARROW:
        return honest(call, body)
    seen = _SEEN.setdefault(call.state, {})
    there = {one["id"] for one in body}
    more = [one for one in seen.values() if one["id"] not in there]
    seen.update({one["id"]: one for one in body})
    return honest(call, [*body, *more])


add(f"{PAGE}-332", "deleted-import-listed", "answer", "A deleted import is still listed, if it was before.", _listed_on)


def _without_data(honest: Wrapper, call: Call, recording: Recording) -> None:
    """Its import is gone, and its data are there."""
    if recording.edge_site_id is None:
        call.state.recordings.put(replace(recording, import_id=None))
    else:
        honest(call, recording)


add(
    f"{PAGE}-331",
    "delete-import-data-stay",
    "import_deleted",
    "With an import that is deleted, its data stay.",
    only(ONE, _without_data),
)
add(
    f"{PAGE}-334",
    "delete-import-tells-recording",
    "delete_import",
    "The deletion of an import tells another id.",
    lambda honest, call: {"id": f"{honest(call)['id']}-1"},
)


def _back(honest: Wrapper, call: Call, recording: Recording) -> None:
    """An import that is deleted alone comes back when the next one is."""
    seen = _SEEN.setdefault(call.state, {})
    honest(call, recording)
    last = seen.pop("last", None)
    if last is not None and last["row"].key not in {one.key for one in call.state.recordings if one.key}:
        call.state.recordings.put(last["row"])
    if recording.edge_site_id is None:
        seen["last"] = {"row": replace(recording, file_id=None)}


add(
    f"{PAGE}-333",
    "deleted-import-comes-back",
    "import_deleted",
    "A deleted import comes back when another one is deleted.",
    only(ONE, _back),
)
