"""Dictionaries fork, and share what neither of them has changed."""

import random
import sys

import pytest
from robowire_mocks.core.forked import ForkedDict


def content(one: ForkedDict[str, int]) -> list[tuple[str, int]]:
    """Keys and values in their order."""
    assert list(one.values()) == [one[key] for key in one]
    assert len(one) == len(list(one))
    return [(key, one[key]) for key in one]


@pytest.mark.parametrize("seed", range(20))
def test_forks_behave_as_copies_of_a_dict(seed: int) -> None:
    """Whatever is put, replaced, removed, put again and forked, in whatever order; nothing shows in another fork."""
    drawn = random.Random(seed)
    pairs: list[tuple[ForkedDict[str, int], dict[str, int]]] = [(ForkedDict(), {})]
    for number in range(1, 600):
        forked, plain = drawn.choice(pairs)
        key = f"k{drawn.randrange(40)}"
        match drawn.choice(("put", "put", "put", "remove", "fork")):
            case "put":
                forked[key] = plain[key] = number
            case "remove" if key in plain:
                del forked[key]
                del plain[key]
            case "fork" if len(pairs) < 12:
                pairs.append((forked.fork(), plain.copy()))
    for forked, plain in pairs:
        assert content(forked) == list(plain.items())
        for key in plain:
            assert key in forked


@pytest.mark.parametrize("seed", range(10))
def test_the_changes_to_another_make_it_the_same(seed: int) -> None:
    """Of forks, and of two that have nothing to do with one another."""
    drawn = random.Random(seed)
    one: ForkedDict[str, int] = ForkedDict()
    for number in range(100):
        one[f"k{number}"] = number
    other = one.fork() if seed % 2 else ForkedDict()
    for forked in (one, other):
        for number in range(drawn.randrange(40)):
            forked[f"k{drawn.randrange(120)}"] = 1000 + number
            for key in (f"k{drawn.randrange(120)}",):
                if key in forked:
                    del forked[key]
    for key, value in list(one.changes_to(other)):
        if value is None:
            del one[key]
        else:
            one[key] = value
    assert dict(content(one)) == dict(content(other))
    assert list(one.changes_to(other)) == []


def test_a_fork_costs_what_was_changed() -> None:
    """Many forks of a large one take next to nothing."""
    large: ForkedDict[int, int] = ForkedDict()
    for number in range(100_000):
        large[number] = number
    large = large.fork()
    forks = [large.fork() for _ in range(200)]
    for fork in forks:
        fork[5] = -1
        del fork[6]
    assert sum(sys.getsizeof(fork._own) + sys.getsizeof(fork._gone) for fork in forks) < 200_000
    assert len({id(fork._base) for fork in forks}) == 1
    assert (large[5], large[6], len(large)) == (5, 6, 100_000)
    assert (forks[0][5], forks[0].get(6), len(forks[0])) == (-1, None, 99_999)


def test_what_is_not_there() -> None:
    """Is a KeyError, or None where it is asked for with `get`."""
    one: ForkedDict[str, int] = ForkedDict()
    one["a"] = 1
    other = one.fork()
    del other["a"]
    assert other.get("a") is None
    with pytest.raises(KeyError):
        other["a"]
    with pytest.raises(KeyError):
        del other["a"]
    assert content(one) == [("a", 1)]
