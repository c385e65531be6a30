"""One POST over http or https with the standard library: bounded in time and size, and never sent on elsewhere."""

import http.client
import time
import urllib.error
import urllib.request
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from einthoven.core.errors import ModelError

MAX_REPLY_BYTES = 4 * 2**20
MAX_ERROR_BYTES = 4096
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Reply(NamedTuple):
    """What came back; wait_s: how long the server asks to wait before the next try, 0 where it does not say."""

    status: int
    data: bytes
    wait_s: float


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry key and ECG to another server than the one that was named."""

    def redirect_request(self, *_: Any) -> None:
        return None


def post(url: str, body: bytes, headers: dict[str, str], timeout_s: float) -> Reply:
    """Send JSON and return the reply, whatever its status; proxies of the environment are used but for loopback.

    Raises ModelError when the server cannot be reached, is too slow, or sends more than MAX_REPLY_BYTES.
    """
    request = urllib.request.Request(url, body, {"Content-Type": "application/json", **headers}, method="POST")
    try:
        with _opener(url).open(request, timeout=timeout_s) as response:
            return Reply(response.status, _whole(response, url, time.monotonic() + timeout_s), 0.0)
    except urllib.error.HTTPError as error:
        with error:
            return Reply(error.code, _beginning(error), _wait_s(error.headers.get("Retry-After")))
    except (OSError, http.client.HTTPException) as error:
        why = getattr(error, "reason", None) or error
        raise ModelError(f"{url}: no reply ({why or type(error).__name__}); is the server running?") from None


def _whole(response: http.client.HTTPResponse, url: str, deadline_s: float) -> bytes:
    """Return all that is sent: each wait for a piece has its limit, and so have the whole's time and size."""
    data = bytearray()
    while piece := response.read1(1 << 16):
        data += piece
        if len(data) > MAX_REPLY_BYTES:
            raise ModelError(f"{url}: its reply is longer than {MAX_REPLY_BYTES >> 20} MiB")
        if time.monotonic() > deadline_s:
            raise ModelError(f"{url}: its reply takes too long to come")
    return bytes(data)


def _opener(url: str) -> urllib.request.OpenerDirector:
    """Return what opens http and https and nothing else."""
    proxies = urllib.request.ProxyHandler({} if urlsplit(url).hostname in LOOPBACK else None)
    opener = urllib.request.OpenerDirector()
    for handler in (
        proxies,
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        _NoRedirect(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
    ):
        opener.add_handler(handler)
    return opener


def _beginning(error: urllib.error.HTTPError) -> bytes:
    try:
        return error.read(MAX_ERROR_BYTES)
    except (OSError, http.client.HTTPException):
        return b""


def _wait_s(header: str | None) -> float:
    try:
        seconds = float(header or 0)
    except ValueError:  # a date
        return 0.0
    return seconds if 0 <= seconds < 1e6 else 0.0
