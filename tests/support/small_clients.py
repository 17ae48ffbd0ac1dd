"""Small clients that people write with requests: some right, some not; each does one piece of work at a place."""

import contextlib
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from robowire_mocks.rehearsal import Place

PAUSE_S = 0.2
CREATED = {"deviceName": "tug-01", "start": "2026-01-01T00:00:00Z", "end": "2026-01-01T00:00:01Z"}
STATUSES = ("none", "pending", "importing", "failed", "complete")

Answer = requests.Response


def key(place: Place) -> dict[str, str]:
    """The header that tells who asks."""
    return {"Authorization": f"Bearer {place.token}"}


def ask(place: Place, method: str, path: str, **options: Any) -> Answer:
    """One request, by who knows the key."""
    return requests.request(method, place.url + path, headers=key(place), timeout=10, **options)


def patient(send: Callable[[], Answer], tries: int = 5) -> Answer:
    """Ask until there is a whole answer, as told by Retry-After, else ever more slowly."""
    for number in range(tries):
        with contextlib.suppress(requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            answer = send()
            if answer.status_code not in {429, 503}:
                answer.raise_for_status()
                return answer
            time.sleep(told_to_wait(answer) or PAUSE_S * 2**number)
            continue
        time.sleep(PAUSE_S * 2**number)
    raise RuntimeError("no answer")


def told_to_wait(answer: Answer) -> float:
    """The seconds of Retry-After, in whichever form."""
    told = answer.headers.get("Retry-After", "0")
    return float(told) if told.isdecimal() else max(0.0, parsedate_to_datetime(told).timestamp() - time.time())


# ---- what happens to any call


def lists_patiently(place: Place) -> None:
    """Asks until it has the list."""
    patient(lambda: ask(place, "GET", "/devices")).json()


def lists_once(place: Place) -> None:
    """Asks once, and says so if that was nothing."""
    answer = ask(place, "GET", "/devices")
    answer.raise_for_status()
    answer.json()


def lists_carelessly(place: Place) -> None:
    """Takes whatever comes, if anything comes, for a list."""
    with contextlib.suppress(requests.RequestException, ValueError):
        ask(place, "GET", "/devices").json()


def lists_hastily(place: Place) -> None:
    """Asks again and again, without a pause, and gives up late."""
    for _ in range(30):
        with contextlib.suppress(requests.RequestException):
            answer = ask(place, "GET", "/devices")
            if answer.ok:
                return
    raise RuntimeError("no answer")


def lists_with_the_key_in_the_url(place: Place) -> None:
    """Puts the key where every log shows it."""
    lists_patiently(place)
    ask(place, "GET", f"/devices?api_key={place.token}").raise_for_status()


# ---- creating


def creates_once(place: Place) -> None:
    """Creates an event, and says so if it got no answer."""
    ask(place, "POST", "/events", json=CREATED).raise_for_status()


def creates_blindly(place: Place) -> None:
    """Creates it again if it got no answer."""
    patient(lambda: ask(place, "POST", "/events", json=CREATED))


def creates_after_a_look(place: Place) -> None:
    """Looks whether it was created before it creates it again."""
    try:
        creates_once(place)
    except requests.ConnectionError:
        found = ask(place, "GET", "/events", params={"start": CREATED["start"], "end": CREATED["end"]}).json()
        if not found:
            creates_once(place)


def creates_and_forgets(place: Place) -> None:
    """Does not care for the answer."""
    with contextlib.suppress(requests.RequestException):
        creates_once(place)


def creates_and_goes_on(place: Place) -> None:
    """Does not care for the answer, and asks for something else."""
    creates_and_forgets(place)
    ask(place, "GET", "/sites").raise_for_status()


# ---- what is not known yet


def reads_recordings(place: Place) -> None:
    """Takes what it knows, and leaves the rest."""
    recordings = ask(place, "GET", "/recordings").json()
    assert [one["id"] for one in recordings if one["importStatus"] == "complete"]


def reads_recordings_strictly(place: Place) -> None:
    """Knows five statuses and not one more."""
    for recording in ask(place, "GET", "/recordings").json():
        STATUSES.index(recording["importStatus"])


def reads_devices_strictly(place: Place) -> None:
    """Knows six members and not one more."""
    known = {"id", "name", "orgId", "createdAt", "updatedAt", "properties"}
    for device in ask(place, "GET", "/devices").json():
        if set(device) - known:
            raise TypeError(f"unexpected: {set(device) - known}")


# ---- data behind links


def link_of(place: Place) -> str:
    """A link to the data of a recording."""
    recordings = ask(place, "GET", "/recordings", params={"importStatus": "complete"}).json()
    answer = ask(place, "POST", "/data/stream", json={"recordingId": recordings[0]["id"]})
    return str(answer.json()["link"])


def downloads_once(place: Place) -> None:
    """Follows a link, and says so if that leads to nothing."""
    answer = requests.get(link_of(place), timeout=10)
    answer.raise_for_status()


def downloads_patiently(place: Place) -> None:
    """Asks for a new link if one leads to nothing."""
    for _ in range(3):
        with contextlib.suppress(requests.RequestException):
            downloads_once(place)
            return
    raise RuntimeError("no data")


def downloads_whatever_comes(place: Place) -> None:
    """Takes what the link gives for data, errors and half of a file too."""
    with contextlib.suppress(requests.exceptions.ChunkedEncodingError):
        requests.get(link_of(place), timeout=10)


def downloads_with_the_key(place: Place) -> None:
    """Sends its key wherever a link leads."""
    requests.get(link_of(place), headers=key(place), timeout=10).raise_for_status()


def downloads_an_attachment(place: Place) -> None:
    """Follows a redirect as requests does, which keeps the key to itself."""
    attachment = ask(place, "GET", "/recording-attachments").json()[0]["id"]
    ask(place, "GET", f"/recording-attachments/{attachment}/download").raise_for_status()


# ---- uploads


def upload(place: Place, **told: str) -> Answer:
    """Put a file to a link."""
    asked = {"filename": "a.mcap", **(told or {"deviceName": "tug-01"})}
    link = ask(place, "POST", "/data/upload", json=asked).json()["link"]
    return requests.put(link, data=b"data", headers={"Content-Type": "application/octet-stream"}, timeout=10)


def uploads_patiently(place: Place) -> None:
    """Puts it until it is taken."""
    patient(lambda: upload(place))


def uploads_with_one_key(place: Place) -> None:
    """Knows by which key the file is known."""
    patient(lambda: upload(place, key="a"))


def uploads_with_new_keys(place: Place) -> None:
    """Makes up a key for each attempt."""
    keys = iter("abcde")
    patient(lambda: upload(place, key=next(keys)))


def uploads_and_hopes(place: Place) -> None:
    """Does not look at the answer, nor whether there is one."""
    with contextlib.suppress(requests.ConnectionError):
        upload(place)


# ---- bags


def bag_of(place: Place) -> str:
    """Where the first bag is found."""
    return str(requests.get(f"{place.url}/bags/", timeout=10).json()[0]["download_url"])


def resumes(place: Place, *, gap: int = 0) -> None:
    """Goes on where a download broke off; or, with a gap, somewhat later."""
    url, has = bag_of(place), b""
    for _ in range(3):
        ranged = {"Range": f"bytes={len(has) + gap}-"} if has else {}
        with requests.get(url, headers=ranged, stream=True, timeout=10) as answer:
            if answer.status_code == 416:  # there is no more
                return
            try:
                for block in answer.iter_content(100):
                    has += block
            except requests.exceptions.ChunkedEncodingError:
                continue
            return
    raise RuntimeError("no bag")


def resumes_with_a_gap(place: Place) -> None:
    """Counts wrongly."""
    resumes(place, gap=50)


def keeps_half_a_bag(place: Place) -> None:
    """Takes what came for all there is."""
    with contextlib.suppress(requests.exceptions.ChunkedEncodingError):
        requests.get(bag_of(place), timeout=10)


def takes_all_bags(place: Place, *, stop: bool = False) -> None:
    """Downloads what there is; with `stop`, until something is not."""
    for bag in requests.get(f"{place.url}/bags/", timeout=10).json():
        answer = requests.get(bag["download_url"], timeout=10)
        if stop:
            answer.raise_for_status()


def takes_bags_until_one_is_gone(place: Place) -> None:
    """Is thrown by what the document tells will happen."""
    takes_all_bags(place, stop=True)


def insists_on_a_bag(place: Place) -> None:
    """Asks for what is gone again and again."""
    url = bag_of(place)
    for _ in range(5):
        if requests.get(url, timeout=10).ok:
            return
