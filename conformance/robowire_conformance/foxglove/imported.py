"""Section "List imports": recordings as imports, found by the filenames of the suite's own files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.judging import formed
from robowire_conformance.foxglove.library import Library
from robowire_conformance.foxglove.uploads import Uploaded
from robowire_conformance.foxglove.whole import whole
from robowire_conformance.verdict import NotTested, Violation

LIST = "GET /data/imports"


def import_id(api: Api, uploaded: Uploaded) -> str:
    """The id of a recording's import: as its pending import told it, or as the list of imports does.

    Raises:
        NotTested: Neither does.
    """
    if uploaded.import_id is not None:
        return uploaded.import_id
    listed = whole(api, LIST, {"filename": uploaded.filename})
    for one in listed.body if listed.done else ():
        if one.get("filename") == uploaded.filename and isinstance(one.get("importId"), str):
            return str(one["importId"])
    raise NotTested("neither pending imports nor imports tell the importId of a recording")


@dataclass(frozen=True, slots=True)
class Imports:
    """The imports of the library as they are listed, by hint."""

    api: Api
    library: Library
    items: Mapping[str, Mapping[str, Any]]
    reply: Reply

    def ask(self, **params: Any) -> Reply:
        """A whole list of imports with these parameters."""
        return whole(self.api, LIST, params)

    def hints(self, reply: Reply) -> list[str]:
        """The hints of the library's imports in an answer, in its order."""
        items: Any = reply.body if reply.done else []
        ids = {one["importId"]: hint for hint, one in self.items.items() if isinstance(one.get("importId"), str)}
        return [ids[one["importId"]] for one in items if one.get("importId") in ids]


def find_imports(library: Library) -> Imports:
    """The imports of the library.

    Raises:
        Violation: Some of its recordings are not listed as imports.
    """
    reply = whole(library.api, LIST)
    names = {one.filename: one.hint for one in library.all}
    ids = {one.import_id: one.hint for one in library.all if one.import_id is not None}
    items: dict[str, Mapping[str, Any]] = {}
    body: Any = formed(reply)
    for one in body:
        hint = ids.get(one.get("importId")) or names.get(one.get("filename"))
        if hint is not None:
            items[hint] = one
    lacking = sorted(set(names.values()) - set(items))
    if lacking:
        text = "Recordings that are imported are not in the list of imports"
        raise Violation(text, actual=lacking, exchange=reply.exchange, requirement="FOXGLOVE-IMPORTS-301")
    return Imports(library.api, library, items, reply)
