"""A chat endpoint in OpenAI's form, `openai:URL#name`: the ECG goes as a picture of its page, the answer comes as text.

Nothing but the picture and the question leaves the machine: pages are drawn without a header, picture files are encoded
anew without metadata. Keys come from the environment when they are needed, and go into no message and no file.
"""

import base64
import json
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from einthoven.core.errors import ModelError
from einthoven.core.sample import Answer, Part, Sample
from einthoven.evaluate.systems.post import LOOPBACK, Reply, post

PREFIX = "openai:"
OWN_KEY, COMMON_KEY = "EINTHOVEN_OPENAI_KEY", "OPENAI_API_KEY"
NAMES = {2: ("Previous ECG", "Recent ECG")}
PAUSE_S, TIMEOUT_S, TRIES = 1.0, 120.0, 5
MAX_WAIT_S = 60.0
MAX_SAID = 300  # characters of what a server says is wrong
ONE = "Answer with exactly one of these options, word for word, and nothing else."
ANY = 'Answer with all of these options that hold, word for word, separated by "; ", or "none" if none holds.'


@dataclass(frozen=True)
class OpenAi:
    """A model behind `url`/chat/completions.

    tries: in all, where the server is busy or fails; pause_s: before the second, twice as long before each further one.
    """

    url: str
    name: str
    tries: int = TRIES
    pause_s: float = PAUSE_S
    timeout_s: float = TIMEOUT_S
    max_tokens: int = 1024
    samples_at_once: int = 1

    def __call__(self, samples: Iterable[Sample]) -> Iterator[Answer]:
        """Yield answers, in order. Raises ModelError where the endpoint gives none, InputError for an ECG."""
        for sample in samples:
            body = {
                "model": self.name,
                "messages": messages(sample),
                "temperature": 0,
                "max_tokens": self.max_tokens,
            }
            started = time.perf_counter()
            said = self._ask(json.dumps(body).encode("ascii"))
            seconds = round(time.perf_counter() - started, 4)
            yield Answer(sample.id, said, None, None, False, None, f"{PREFIX}{self.name}", seconds)

    def _ask(self, body: bytes) -> str:
        target, key = f"{self.url}/chat/completions", _key(self.url)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        for left in range(self.tries - 1, -1, -1):
            reply = post(target, body, headers, self.timeout_s)
            if not (left and _is_busy(reply.status)):
                break
            time.sleep(min(MAX_WAIT_S, max(self.pause_s * 2 ** (self.tries - 1 - left), reply.wait_s)))
        if reply.status != 200:
            said = _clean(reply.data.decode("utf-8", "replace"), key)
            said = "a redirect, which is not followed" if 300 <= reply.status < 400 else said
            raise ModelError(f"{target}: answers with status {reply.status}{f': {said}' if said else ''}")
        return _text(reply, target)


def openai_system(address: str) -> OpenAi:
    """Return the system of an address `openai:URL#name`, e.g. `openai:http://localhost:8000/v1#pulse`.

    URL is what stands before /chat/completions. The key is that of EINTHOVEN_OPENAI_KEY, else, over https or to this
    machine, that of OPENAI_API_KEY; none is needed. Raises ModelError for an address that is none.
    """
    url, _, name = address.removeprefix(PREFIX).partition("#")
    right = "write openai:URL#name, e.g. openai:http://localhost:8000/v1#pulse"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ModelError(f"the address of the endpoint is none ({error}); {right}") from None
    if parts.username is not None or parts.password is not None:
        raise ModelError(f"the address of {host} holds a password; give the key in the environment as {OWN_KEY}")
    if not address.startswith(PREFIX) or parts.scheme not in ("http", "https") or not host or not name or parts.query:
        raise ModelError(f"{address!r}: is no endpoint; {right}")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ModelError(f"{address!r}: a URL is plain ASCII without spaces; {right}")
    return OpenAi(url.rstrip("/").removesuffix("/chat/completions"), name)


def messages(sample: Sample) -> list[dict[str, Any]]:
    """Return a sample as chat messages: pictures where the ECGs stand, the last with the options and what to say."""
    found: list[dict[str, Any]] = []
    for place, turn in enumerate(sample.turns):
        content = [piece for part in turn.parts for piece in _pieces(sample, part)]
        if place == len(sample.turns) - 1 and sample.options is not None:
            listed = "".join(f"\n- {option}" for option in sample.options)
            content.append(_said(f"Options:{listed}\n{ONE if sample.pick == 'one' else ANY}"))
        plain = turn.role == "assistant"  # whose content may be nothing but text
        found.append({"role": turn.role, "content": turn.text if plain else content})
    return found


def _pieces(sample: Sample, part: Part) -> Iterator[dict[str, Any]]:
    place = part.ecg if part.ecg is not None else part.page
    if place is None:
        yield _said(part.text or "")
        return
    names = NAMES.get(len(sample.ecgs))
    if len(sample.ecgs) > 1:
        yield _said(f"{names[place] if names else f'ECG {place + 1}'}:")
    yield {"type": "image_url", "image_url": {"url": picture(sample.ecgs[place])}}


def _said(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


@lru_cache(maxsize=4)
def picture(path: str) -> str:
    """Return an ECG, drawn on a page without a header, or a picture file, as a data URL of a PNG. Raises InputError."""
    from einthoven.measure.files import read_beginning
    from einthoven.records.read import is_picture, read_page
    from einthoven.render.encode import encode
    from einthoven.render.page import render

    page = read_page(path) if is_picture(path) else render(read_beginning(path), preset="clean", text="none")
    return f"data:image/png;base64,{base64.b64encode(encode(page.pixels, 'png')).decode('ascii')}"


def _text(reply: Reply, target: str) -> str:
    """Return what the model said; nothing is an empty text. Raises ModelError for a reply of another form."""
    try:
        message = json.loads(reply.data)["choices"][0]["message"]
        said = message.get("content")
        if said is None:
            said = message.get("refusal") or ""
        if isinstance(said, list):
            said = "".join(piece["text"] for piece in said if piece["type"] == "text")
    except (ValueError, RecursionError, KeyError, IndexError, TypeError, AttributeError):
        said = None
    if not isinstance(said, str):
        raise ModelError(f"{target}: its reply is no chat completion (no choices[0].message.content)")
    return said


def _is_busy(status: int) -> bool:
    return status == 429 or status >= 500


def _key(url: str) -> str:
    """Return the key for it, "" for none; a key meant for another is not sent in the clear over a network."""
    parts = urlsplit(url)
    private = parts.scheme == "https" or parts.hostname in LOOPBACK
    key = os.environ.get(OWN_KEY) or (os.environ.get(COMMON_KEY) if private else None) or ""
    if not key.isascii() or not key.isprintable():
        raise ModelError(
            f"the key in {OWN_KEY} or {COMMON_KEY} holds signs that no key has; is there a line break in it?"
        )
    return key


def _clean(text: str, key: str) -> str:
    """Return what a server says is wrong on one line, without the key that it may repeat."""
    if key:
        text = text.replace(key, "***")
    return "".join(sign if sign.isprintable() else " " for sign in " ".join(text.split()))[:MAX_SAID]
