from robowire_mocks.formats.recent import Recent


def value(size: int) -> memoryview:
    """Something of that many bytes."""
    return memoryview(bytes(size))


def test_a_value_is_made_once() -> None:
    """The second asking gets the first one's value."""
    recent: Recent[memoryview] = Recent(100)
    made = [recent.get("key", lambda: value(10)) for _ in range(2)]
    assert made[0] is made[1]


def test_the_least_recently_used_is_dropped() -> None:
    """What was used since stays."""
    recent: Recent[memoryview] = Recent(100)
    first = recent.get("first", lambda: value(40))
    recent.get("second", lambda: value(40))
    assert recent.get("first", lambda: value(40)) is first
    recent.get("third", lambda: value(40))
    assert recent.get("first", lambda: value(40)) is first
    assert recent.get("second", lambda: value(1)).nbytes == 1


def test_what_is_larger_than_the_limit_is_not_kept() -> None:
    """It is handed on, and what was kept stays."""
    recent: Recent[memoryview] = Recent(100)
    small = recent.get("small", lambda: value(100))
    assert recent.get("large", lambda: value(101)).nbytes == 101
    assert recent.get("large", lambda: value(5)).nbytes == 5
    assert recent.get("small", lambda: value(1)).nbytes == 1
    assert small.nbytes == 100


def test_two_that_make_the_same_value_keep_the_first() -> None:
    """While one thread makes a value another may have kept it; its bytes are counted once."""
    recent: Recent[memoryview] = Recent(100)
    inner: list[memoryview] = []

    def slow() -> memoryview:
        inner.append(recent.get("key", lambda: value(60)))
        return value(60)

    recent.get("key", slow)
    assert recent.get("key", lambda: value(1)) is inner[0]
    recent.get("other", lambda: value(40))
    assert recent.get("key", lambda: value(1)) is inner[0]
