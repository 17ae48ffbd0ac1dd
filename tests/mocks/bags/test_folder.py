"""Nothing leaves the folder, by whatever name it is asked for."""

import http.client
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from robowire_mocks.bags import BagsMock
from robowire_mocks.bags.errors import BagNotFound
from robowire_mocks.bags.folder import Folder, is_bag_name
from robowire_mocks.bags.world import World
from robowire_mocks.core.serving import Server, serve

SECRET = b"#ROSBAG V2.0\nsecret"

TRAVERSALS = [
    "..", ".", "...", "../secret.bag", "../../secret.bag", "..\\secret.bag", "sub/../../secret.bag", "sub/inner.bag",
    "/etc/passwd", "//etc/passwd", "C:\\secret.bag", "./in.bag", "in.bag/", "in.bag/.", "in.bag/../in.bag", "~/in.bag",
    "in.bag\0", "in.bag\0.bag", "\0", "in.bag\n", "%2e%2e/secret.bag", "..%2fsecret.bag", "..%252fsecret.bag",
    "%2e%2e%2fsecret.bag", "..%5csecret.bag", "..%c0%afsecret.bag", "%c0%ae%c0%ae/secret.bag", "..%u2215secret.bag",
    "..\uff0fsecret.bag",
    "\u2024\u2024/secret.bag", "in.bag%00", "in.bag%00.bag", "file:///etc/passwd", "|in.bag", "link.bag",
    "linked/secret.bag",
    "folder.bag", ".hidden.bag", "in.BAG", "a" * 5000 + ".bag", "",
]  # fmt: skip


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one bag, and with everything that could lead out of it."""
    outside = tmp_path_factory.mktemp("outside")
    folder = outside / "bags"
    (folder / "sub").mkdir(parents=True)
    (folder / "folder.bag").mkdir()
    for secret in (outside / "secret.bag", folder / "sub" / "inner.bag", folder / ".hidden.bag", folder / "other.txt"):
        secret.write_bytes(SECRET)
    (folder / "in.bag").write_bytes(b"inside")
    (folder / "link.bag").symlink_to(outside / "secret.bag")
    (folder / "linked").symlink_to(outside)
    (folder / "loop.bag").symlink_to(folder / "loop.bag")
    (folder / "dangling.bag").symlink_to(folder / "nothing")
    (folder / "alias.bag").symlink_to(folder / "in.bag")
    os.mkfifo(folder / "pipe.bag")
    return folder


@pytest.fixture(scope="module")
def server(guarded: Path) -> Iterator[Server]:
    """A server on that folder."""
    mock = BagsMock(World(folder=guarded), None, control=False)
    with serve(mock) as served:
        yield served
    mock.close()


def fetch(server: Server, path: str) -> tuple[int, bytes]:
    """What the server answers to a path that is sent as it stands."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        connection.putrequest("GET", path, skip_host=False)
        connection.endheaders()
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def encodings(name: str) -> set[str]:
    """A name as paths may carry it: whole in hexadecimal, once and twice, or as far as needed."""
    raw = name.encode("utf-8", "surrogateescape")
    every = "".join(f"%{byte:02x}" for byte in raw)
    needed = "".join(chr(byte) if 0x21 <= byte < 0x7F and byte not in b"?#" else f"%{byte:02X}" for byte in raw)
    return {every, needed, every.replace("%", "%25"), needed.replace("%", "%25")}


@pytest.mark.parametrize("name", TRAVERSALS)
def test_over_a_socket_nothing_from_outside_is_given(server: Server, name: str) -> None:
    """The player answers 400, the download 404, in every encoding; the path may also be refused as a whole."""
    for encoded in encodings(name):
        for operation, due in (("player", 400), ("download", 404)):
            status, body = fetch(server, f"/bags/{encoded}/{operation}")
            assert status in {due, 413, 414}, encoded
            assert b"secret" not in body.replace(name.encode("utf-8", "replace"), b"").replace(b"secret.bag", b"")
            assert b'"error"' in body


@pytest.mark.parametrize("name", TRAVERSALS)
def test_in_process_nothing_from_outside_is_given(guarded: Path, make_mock: Callable[..., BagsMock], name: str) -> None:
    """The same without a server that may have cleaned the path."""
    client = make_mock(guarded).app.test_client()
    for encoded in encodings(name):
        for operation, due in (("player", 400), ("download", 404)):
            answer = client.get(f"/bags/{encoded}/{operation}")
            assert (answer.status_code, list(answer.get_json())) == (due, ["error"]), encoded


def test_only_bags_of_the_folder_are_listed(guarded: Path) -> None:
    """No hidden files, folders, pipes, other files, nor symlinks that lead out, in circles or nowhere."""
    assert [bag.name for bag in Folder(guarded).bags()] == ["alias.bag", "in.bag"]


def test_a_symlink_within_the_folder_is_a_bag(guarded: Path) -> None:
    """And so is every bag of a folder that is a symlink itself."""
    assert Path(Folder(guarded).find("alias.bag").path).read_bytes() == b"inside"
    other = guarded.parent / "elsewhere"
    other.symlink_to(guarded)
    assert [bag.name for bag in Folder(other).bags()] == ["alias.bag", "in.bag"]


def test_a_name_that_is_no_text_is_left_out(tmp_path: Path) -> None:
    """JSON could not carry it."""
    try:
        (tmp_path / os.fsdecode(b"\xff.bag")).touch()
    except OSError:
        pytest.skip("this file system takes no such name")
    assert Folder(tmp_path).bags() == []


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=20) | st.text("./\\%2ef0\0", max_size=20).map(lambda text: text + ".bag"))
def test_what_is_found_is_listed(guarded: Path, name: str) -> None:
    """Whatever name is asked for, it is one of the list or it is not found."""
    listed = [bag.name for bag in Folder(guarded).bags()]
    if name in listed:
        assert Folder(guarded).find(name).name == name
    else:
        with pytest.raises(BagNotFound):
            Folder(guarded).find(name)
        assert not is_bag_name(name) or not (guarded / name).is_file() or (guarded / name).is_symlink()


def test_a_stored_bag_is_another_when_it_is_replaced(tmp_path: Path) -> None:
    """By size, time or inode."""
    bag = tmp_path / "a.bag"
    bag.write_bytes(b"1")
    first = Folder(tmp_path).find("a.bag")
    assert Folder(tmp_path).find("a.bag") == first
    os.utime(bag, ns=(1, 1))
    assert Folder(tmp_path).find("a.bag") != first
