import subprocess
import sys


def test_importing_the_generators_loads_nothing_heavy() -> None:
    """A command line that only prints its help must not wait for numpy, rosbags or Hypothesis."""
    code = (
        "import sys, robowire_generators.rosbag1, robowire_generators.demo, robowire_generators.broken,"
        "robowire_generators.robot, robowire_generators.mcap.recording, robowire_generators.mcap.broken,"
        "robowire_generators.mcap.rosbag2;"
        "print(*sorted({'numpy', 'rosbags', 'hypothesis', 'lz4', 'zstandard', 'google', 'sqlite3'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == ""
