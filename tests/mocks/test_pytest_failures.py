"""A test that fails shows what it asked of its mocks, by fixtures and in decorated classes."""

from pathlib import Path

from pytest_runs import run_pytest


def test_a_failure_shows_the_requests(tmp_path: Path) -> None:
    """What a failed test asked its mocks, and what they answered where they refused; others show nothing."""
    source = """
        import requests

        def test_fails(foxglove_mock, bags_mock):
            requests.get(f"{foxglove_mock.url}/devices/nobody", headers={"Authorization": "Bearer nobody's-key"})
            requests.get("https://api.foxglove.dev/v1/devcies")
            assert False

        def test_passes(foxglove_mock):
            requests.get(f"{foxglove_mock.url}/sites")
        """
    run = run_pytest(tmp_path, "-p", "xdist.plugin", "-n", "1", test_failing=source)
    section = run.stdout.partition("robowire requests (foxglove) ---")[2].partition("short test summary")[0]
    assert "GET /v1/devices/nobody -> 401 getDevice" in section, run.stdout
    assert '{"error":' in section
    assert "/v1/devcies -> 404 (" in section
    assert "nobody's-key" not in section
    assert "sites" not in section
    assert "robowire requests (bags)" not in run.stdout


def test_a_failure_in_a_decorated_class_shows_the_requests(tmp_path: Path) -> None:
    """Once for each mock, wherever in the class it is, and in classes that are derived from it."""
    source = """
        import unittest

        import requests
        from robowire_mocks.testing import mock_bags, mock_losant

        def ask(name, host="http://192.168.25.25:8090"):
            requests.get(f"{host}/{name}")

        @mock_losant
        @mock_bags
        class TestBase:
            def test_passes(self):
                ask("passes")

        class TestDerived(TestBase):
            def test_fails(self):
                ask("fails")
                ask("fails", "https://api.losant.com")
                assert False

        @mock_bags
        class TestSetUp:
            def setup_method(self):
                ask("prepares")
                assert False

            def test_never(self): ...

        @mock_bags
        class TestCase(unittest.TestCase):
            def test_case(self):
                ask("case")
                self.fail()
        """
    run = run_pytest(tmp_path, test_failing=source)
    assert "2 failed, 2 passed, 1 error" in run.stdout
    assert run.stdout.count("- robowire requests (bags) -") == 1, run.stdout
    assert run.stdout.count("- robowire requests (losant) -") == 1
    assert run.stdout.count("robowire requests (bags):\n") == 2  # notes, which the set-up and unittest's test have
    assert run.stdout.count("GET /fails -> 404") == 2
    assert run.stdout.count("GET /prepares -> 404") == 1
    assert run.stdout.count("GET /case -> 404") == 1
    assert "GET /passes" not in run.stdout
