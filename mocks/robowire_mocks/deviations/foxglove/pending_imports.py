"""Deviations of pending imports (section "List pending imports")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, only
from robowire_mocks.deviations.foxglove.filtering import (
    anything,
    by,
    by_device_name,
    declare_devices,
    declare_filters,
    declare_orders,
)
from robowire_mocks.deviations.foxglove.resources import listed_in_object, missing_members, wrong_members
from robowire_mocks.foxglove.references import said
from robowire_mocks.foxglove.times import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.contents import Trouble
    from robowire_mocks.foxglove.rows import PendingImport

PAGE, LIST, THING = "PENDING", "list_pending_imports", "pending-imports"
_HOUR = 3600 * SECOND

listed_in_object(f"{PAGE}-001", LIST, "pending imports")
declare_devices(PAGE, LIST, "pending_device", THING, (103, 104, 105, 107))
declare_filters(
    PAGE,
    "pending_condition",
    THING,
    (
        ("101", "request-ignored", "requestId", "filters nothing", anything),
        ("101", "request-prefix", "requestId", "needs not be whole", lambda text: lambda job: job.id[:4] == text[:4]),
        ("102", "key-ignored", "key", "filters nothing", anything),
        ("102", "key-in-vain", "key", "finds nothing", lambda _: lambda __: False),
        ("109", "error-ignored", "error", "filters nothing", anything),
        ("109", "error-in-vain", "error", "finds nothing", lambda _: lambda __: False),
        ("110", "filename-ignored", "filename", "filters nothing", anything),
        (
            "110",
            "filename-prefix",
            "filename",
            "needs not be whole",
            lambda text: lambda job: job.filename.startswith(text) or text.startswith(job.filename[:-5]),
        ),
        ("110", "filename-part", "filename", "may be a part", lambda text: lambda job: text in job.filename),
        ("111", "since-ignored", "updatedSince", "filters nothing", anything),
        ("111", "since-before", "updatedSince", "is the latest", lambda bound: lambda job: job.updated_at <= bound),
        ("112", "completed-hidden", "showCompleted", "shows none", lambda _: lambda job: job.status != "complete"),
        ("118", "site-ignored", "siteId", "filters nothing", anything),
        ("118", "site-in-vain", "siteId", "finds nothing", lambda _: lambda __: False),
    ),
)


def _flag(name: str, *, said: bool) -> Wrapper:
    """A wrapper of `pending_condition`: what is to be hidden is shown where the request says so, or does not say it."""

    def wrapper(honest: Wrapper, call: Call, parameter: str, value: Any) -> Any:
        shown = parameter == name and value is False and (name in call.query) is said
        return anything(None) if shown else honest(call, parameter, value)

    return wrapper


for _numbers, _name, _slug in (
    (("113", "114"), "showCompleted", "completed"),
    (("116", "117"), "showQuarantined", "quarantined"),
):
    for _number, _said in zip(_numbers, (True, False), strict=True):
        add(
            f"{PAGE}-{_number}",
            f"pending-imports-{_slug}-shown-{'anyway' if _said else 'by-default'}",
            "pending_condition",
            f"{'With ' + _name + ' false' if _said else 'Without ' + _name}, {_slug} requests are shown.",
            _flag(_name, said=_said),
        )


def _with_completed(honest: Wrapper, call: Call, parameter: str, value: Any) -> Any:
    alone = parameter == "showQuarantined" and call.query.get("showCompleted") != "true"
    return honest(call, parameter, False if alone else value)


add(
    f"{PAGE}-115",
    "pending-imports-quarantined-with-completed",
    "pending_condition",
    "showQuarantined true shows none unless showCompleted is true as well.",
    _with_completed,
)


def _any_flag(name: str) -> Wrapper:
    """A wrapper of `parameter`: what is neither true nor false is false."""

    def wrapper(honest: Wrapper, call: Call, member: Any) -> Any:
        odd = member.name == name and call.query.get(name, "true") not in {"true", "false"}
        return None if odd else honest(call, member)

    return only(LIST, wrapper)


for _number, _name, _slug in (("119", "showCompleted", "completed"), ("120", "showQuarantined", "quarantined")):
    add(
        f"{PAGE}-{_number}",
        f"pending-imports-any-{_slug}",
        "parameter",
        f"A {_name} that is neither true nor false is passed over.",
        _any_flag(_name),
    )

declare_orders(
    PAGE,
    "pending_keys",
    THING,
    (
        ("131", "created-by-filename", "createdAt", "their filenames", by("filename")),
        ("132", "device-id-by-name", "deviceId", "the names of devices", by_device_name),
        ("132", "device-id-by-filename", "deviceId", "their filenames", by("filename")),
        ("133", "device-name-by-id", "deviceName", "the ids of devices", by("device_id")),
        ("134", "dotted-name-by-id", "device.name", "the ids of devices", by("device_id")),
        ("135", "dotted-id-by-name", "device.id", "the names of devices", by_device_name),
        ("135", "dotted-id-by-filename", "device.id", "their filenames", by("filename")),
        (
            "136",
            "error-by-length",
            "error",
            "the length of errors",
            lambda _: lambda job: job.error and -len(job.error),
        ),
        ("136", "error-by-id", "error", "their ids", by("id")),
        ("137", "import-by-filename", "importId", "their filenames", by("filename")),
        ("138", "request-by-filename", "requestId", "their filenames", by("filename")),
        ("139", "updated-by-filename", "updatedAt", "their filenames", by("filename")),
    ),
)

_WRONG: dict[str, tuple[str, Any]] = {
    "201": ("createdAt", "now"),
    "202": ("deviceId", 1),
    "203": ("deviceName", 1),
    "204": ("error", ["broken"]),
    "205": ("filename", 1),
    "206": ("importId", 1),
    "207": ("orgId", 1),
    "208": ("pipelineStage", 3),
    "210": ("siteId", 1),
    "212": ("updatedAt", 0),
    "213": ("quarantinedAt", True),
}
wrong_members(PAGE, "pending_import", "a pending import", _WRONG)
missing_members(
    PAGE,
    "pending_import",
    "a pending import",
    {
        "201": "createdAt",
        "205": "filename",
        "207": "orgId",
        "208": "pipelineStage",
        "210": "siteId",
        "212": "updatedAt",
    },
)


def _shown(change: Callable[[dict[str, Any], PendingImport], dict[str, Any]]) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, job: PendingImport) -> Any:
        return change(honest(call, job), job)

    return wrapper


def _told(name: str, value: Callable[[Any], Any]) -> Wrapper:
    return _shown(lambda shown, _: {**shown, name: value(shown[name])} if name in shown else shown)


add(
    f"{PAGE}-209",
    "pending-import-error-request-number",
    "pending_import",
    "The requestId of a pending import that failed is a number.",
    _shown(lambda shown, job: {**shown, "requestId": 1} if job.quarantined_at is not None else shown),
)
add(
    f"{PAGE}-211",
    "pending-import-quarantined-status",
    "pending_import",
    "The status of a pending import that is quarantined is quarantined.",
    _shown(lambda shown, job: {**shown, "status": "quarantined"} if job.quarantined_at is not None else shown),
)
add(
    f"{PAGE}-301",
    "pending-imports-when-read",
    "list_pending_imports",
    "An import is pending from the time on at which its file was read.",
    lambda honest, call: [one for one in honest(call) if one["status"] in {"complete", "error"}],
)
add(
    f"{PAGE}-302",
    "pending-import-other-request",
    "pending_import",
    "The requestId of a pending import that failed is another one.",
    _shown(lambda shown, job: {**shown, "requestId": f"{job.id}-1"} if job.status == "error" else shown),
)
add(
    f"{PAGE}-303",
    "pending-import-filename-in-capitals",
    "pending_import",
    "The filename of a pending import is in capitals.",
    _told("filename", str.upper),
)
add(
    f"{PAGE}-304",
    "pending-import-device-name-is-id",
    "pending_import",
    "The deviceName of a pending import is the device's id.",
    _shown(lambda shown, job: {**shown, "deviceName": job.device_id} if "deviceName" in shown else shown),
)


def _first_only(honest: Wrapper, call: Call, asked: Any) -> list[Any]:
    """One condition, besides those of showCompleted and showQuarantined, which are always there."""
    conditions: list[Any] = honest(call, asked)
    plain = len(conditions) - 2 - (1 if said(asked) else 0)
    return [conditions[0], *conditions[plain : plain + 2]] if plain > 0 else conditions


add(
    f"{PAGE}-121",
    "pending-imports-first-filter-only",
    "pending_conditions",
    "Of several parameters that filter pending imports only one is read.",
    _first_only,
)
add(
    f"{PAGE}-305",
    "pending-import-other-site",
    "pending_import",
    "The siteId of a pending import is that of no site.",
    _told("siteId", lambda known: f"{known}-1"),
)


def _hosted_site(honest: Wrapper, call: Call, job: PendingImport) -> Any:
    hosted = next((site.id for site in call.state.sites if site.type == "foxglove-hosted"), job.site_id)
    return {**honest(call, job), "siteId": hosted}


add(
    f"{PAGE}-305",
    "pending-import-of-inbox-hosted",
    "pending_import",
    "The siteId of every pending import is that of the hosted site.",
    _hosted_site,
)
add(
    f"{PAGE}-306",
    "pending-import-complete-with-error",
    "pending_import",
    "A pending import that is complete has an error, too.",
    _shown(lambda shown, job: {**shown, "error": "none"} if job.status == "complete" else shown),
)
add(
    f"{PAGE}-306",
    "pending-import-error-empty",
    "pending_import",
    "The error of a pending import that is not quarantined is empty.",
    _shown(lambda shown, job: {**shown, "error": ""} if job.status == "error" and not job.quarantined_at else shown),
)
add(
    f"{PAGE}-307",
    "pending-import-id-early",
    "pending_import",
    "A pending import has an importId from the beginning.",
    _shown(
        lambda shown, job: shown if "importId" in shown or job.status == "error" else {**shown, "importId": "imp_0"}
    ),
)
add(
    f"{PAGE}-307",
    "pending-import-failed-with-import-id",
    "pending_import",
    "A pending import that failed has an importId.",
    _shown(lambda shown, job: {**shown, "importId": "imp_0"} if job.status == "error" else shown),
)
add(
    f"{PAGE}-308",
    "pending-import-updated-before-created",
    "import_stage",
    "The updatedAt of a pending import is an hour before its createdAt.",
    lambda honest, call, job, status: replace(honest(call, job, status), updated_at=job.created_at - _HOUR),
)


def _without_end(honest: Wrapper, call: Call, job: PendingImport) -> Any:
    shown = honest(call, job)
    ended = {**shown, "status": "ready for indexing", "pipelineStage": "indexing"}
    return {key: one for key, one in ended.items() if key != "importId"} if job.status == "complete" else shown


add(
    f"{PAGE}-309",
    "pending-import-without-end",
    "pending_import",
    "The pending import of a valid file is shown as ready for indexing for ever.",
    _without_end,
)


def _completes(honest: Wrapper, call: Call, job: PendingImport, trouble: Trouble) -> None:
    """A file that cannot even be opened is done with."""
    if job.recording_id is None:
        call.state.pending_imports.put(call.steps.import_stage(call, job, "complete"))
    else:
        honest(call, job, trouble)


add(
    f"{PAGE}-310",
    "pending-import-of-broken-file-completes",
    "import_failed",
    "The pending import of a file that cannot be opened comes to the status complete.",
    _completes,
)


def _quarantined(honest: Wrapper, call: Call, job: PendingImport) -> Any:
    shown = honest(call, job)
    return {**shown, "quarantinedAt": shown["updatedAt"]} if job.status == "complete" else shown


add(
    f"{PAGE}-311",
    "pending-import-complete-quarantined",
    "pending_import",
    "A pending import that is complete has a quarantinedAt.",
    _quarantined,
)
add(
    f"{PAGE}-312",
    "pending-import-other-organisation",
    "pending_import",
    "The orgId of a pending import is that of nobody.",
    _told("orgId", lambda _: "00000000-0000-4000-8000-000000000000"),
)
add(
    f"{PAGE}-313",
    "pending-import-created-early",
    "pending_import",
    "The createdAt of a pending import is an hour early.",
    lambda honest, call, job: honest(call, replace(job, created_at=job.created_at - _HOUR)),
)
add(
    f"{PAGE}-313",
    "pending-import-created-by-update",
    "import_stage",
    "The createdAt of a pending import that ends is an hour later than before.",
    lambda honest, call, job, status: replace(
        honest(call, job, status),
        created_at=job.created_at + _HOUR * (status == "complete"),
        updated_at=job.created_at + _HOUR * (status == "complete") + SECOND,
    ),
)
add(
    f"{PAGE}-314",
    "pending-import-stage-empty",
    "pending_import",
    "The pipelineStage of a pending import is empty.",
    _told("pipelineStage", lambda _: ""),
)
for _slug, _summary, _by in (
    ("early", "The quarantinedAt of a pending import is an hour early.", -_HOUR),
    ("late", "The quarantinedAt of a pending import is an hour ahead.", _HOUR),
):

    def _quarantined_at(by: int) -> Wrapper:
        return lambda honest, call, job: honest(
            call, replace(job, quarantined_at=None if job.quarantined_at is None else job.quarantined_at + by)
        )

    add(f"{PAGE}-315", f"pending-import-quarantined-{_slug}", "pending_import", _summary, _quarantined_at(_by))
