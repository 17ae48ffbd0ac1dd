import pytest
from robowire_generators.definitions import OWN_DEFINITIONS, definition
from robowire_generators.robot import TOPICS


@pytest.mark.parametrize(
    ("name", "md5"),
    [
        ("std_msgs/String", "992ce8a1687cec8c8bd883ec73ca41d1"),
        ("nav_msgs/Odometry", "cd5e73d190d741a2f92e81eda573aca7"),
        ("sensor_msgs/LaserScan", "90c7ef2dc6895d81024acba2ac42f369"),
        ("sensor_msgs/Image", "060021388200f6f0f447d0fcd9c64743"),
        ("tf2_msgs/TFMessage", "94810edda583a504dfda3829e70d7eec"),
    ],
)
def test_the_sums_are_those_of_ros(name: str, md5: str) -> None:
    """As every ROS 1 installation has them."""
    assert definition(name).md5 == md5


@pytest.mark.parametrize("topic", list(TOPICS.values()), ids=lambda topic: topic.name)
def test_a_definition_defines_every_type_that_it_uses(topic: object) -> None:
    """After the separator that ROS uses, each once."""
    first, *used = definition(topic.type).text.split("=" * 80 + "\n")  # type: ignore[attr-defined]
    assert not first.startswith("MSG:")
    names = [part.split("\n", 1)[0].removeprefix("MSG: ") for part in used]
    assert len(names) == len(set(names))
    assert ("std_msgs/Header" in names) == any("Header " in part for part in (first, *used))


def test_own_definitions_keep_their_comments() -> None:
    """As they do in bags of real robots."""
    assert definition("robowire_msgs/Alerts").text.startswith(OWN_DEFINITIONS["robowire_msgs/Alerts"])
    assert "# One thing that a person should look at." in definition("robowire_msgs/Alerts").text


def test_an_unknown_type_is_refused() -> None:
    """By its name."""
    with pytest.raises(Exception, match="no_msgs/msg/Nothing"):
        definition("no_msgs/Nothing")
