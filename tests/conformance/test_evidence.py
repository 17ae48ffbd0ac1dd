"""Evidence repeats a request exactly and never shows a secret."""

import base64
import subprocess

import pytest
from robowire_conformance.evidence import Exchange, Received, Redactor, Sent, curl, printable

SECRET = "fox_sk_v3ry/s3cret"


@pytest.mark.parametrize(
    "text",
    [
        f"Bearer {SECRET}",
        f"http://robot/x?token={SECRET}&a=b",
        "http://robot/x?access_token=unknown-to-us",
        "http://robot/x?X-Amz-Signature=abcdef123456",
        "http://user:passw0rd-unknown@robot/x",
        f'{{"echo": "{SECRET}"}}',
        "fox_sk_v3ry%2Fs3cret",
        base64.b64encode(SECRET.encode()).decode(),
        "authorization: Basic dXNlcjpwYXNzdw",
    ],
)
def test_no_spelling_of_a_secret_is_shown(text: str) -> None:
    """A token is taken out as it is, escaped, encoded, in a URL's query and before its host."""
    clean = Redactor([SECRET]).text(text)
    assert "<redacted>" in clean
    for part in (SECRET, "fox_sk", "unknown", "abcdef123456", "passw0rd", "dXNlcjpw", "Zm94X3Nr"):
        assert part not in clean


def test_harmless_text_stays() -> None:
    """What is no secret is shown as it is, and nothing so short as to be everywhere counts as one."""
    text = "http://robot/bags/?start_time=1&monkey=2 bearer of news"
    assert Redactor(["a", ""]).text(text) == text


def test_an_exchange_shows_no_secret_anywhere() -> None:
    """Request, response, member names, redirects and the curl line are all clean."""
    clean = Redactor([SECRET])
    fields = (("Authorization", f"Bearer {SECRET}"), ("X-Note", SECRET))
    exchange = Exchange(
        Sent("POST", f"http://robot/{SECRET}", clean.headers(fields), SECRET.encode(), len(SECRET)),
        Received(200, clean.headers((("Set-Cookie", "session=1"),)), f'{{"{SECRET}": 1}}'.encode(), 99),
        redirects=(f"http://robot/?t={SECRET}",),
        redactor=clean,
    )
    shown = f"{exchange.request} {exchange.response} {exchange.curl}"
    assert SECRET not in shown
    assert "session=1" not in shown
    assert "$TOKEN" in exchange.curl


HOSTILE = "a'b\"c $(touch x) `id` \\ ; rm -rf ~\n#%"


@pytest.mark.parametrize("body", [b"", HOSTILE.encode(), b"@/etc/passwd", b"\xff\x00\x01"])
def test_a_curl_line_says_exactly_what_was_sent(body: bytes) -> None:
    """Run by a shell, the line gives curl the very request, whatever is in it."""
    sent = Sent("PUT", f"http://robot/{HOSTILE}", (("X-Note", HOSTILE), ("X-Empty", "")), body, len(body))
    script = 'curl() { for word in "$@"; do printf "%s\\0" "$word"; done; }\n' + curl(sent)
    done = subprocess.run(["sh", "-c", script], capture_output=True, check=True)
    words = done.stdout.split(b"\0")[:-1]
    assert words[-1] == sent.url.encode()
    assert words[words.index(b"-X") + 1] == b"PUT"
    assert f"X-Note: {HOSTILE}".encode() in words
    assert b"X-Empty;" in words
    if body:
        data = words[words.index(b"--data-binary") + 1]
        assert data == (b"@-" if body[:1] in b"@\xff" else body)


def test_a_curl_line_says_where_it_is_cut() -> None:
    """A body that was cut for the evidence is said to be."""
    assert curl(Sent("POST", "http://robot/", (), b"abc", 5000)).endswith("# the body is cut short here")
    assert curl(Sent("HEAD", "http://robot/")) == "curl -sS -i -g --path-as-is -I http://robot/"


def test_long_bodies_say_their_size() -> None:
    """Evidence that is cut tells how much there was."""
    received = Received(200, (), b"abc", 5000)
    response = Exchange(Sent("GET", "http://robot/"), received).response
    assert response is not None
    assert response["body"] == "abc … (5000 bytes in all)"


def test_control_characters_are_shown_as_escapes() -> None:
    """No terminal sequence and no change of writing direction gets through."""
    assert printable("a\x1b[2Jb\x00\u202ec\td") == "a\\x1b[2Jb\\x00\\u202ec\td"
