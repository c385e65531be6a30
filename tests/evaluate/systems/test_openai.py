"""A chat endpoint, played by a server on loopback: what is sent, read and tried again, and what never leaks."""

import base64
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from einthoven.core.errors import ModelError
from einthoven.core.rng import rng
from einthoven.core.sample import Part, Sample, Turn
from einthoven.evaluate.run import answer_items, asked
from einthoven.evaluate.systems.openai import OpenAi, messages, openai_system
from einthoven.evaluate.systems.post import MAX_REPLY_BYTES
from einthoven.records.read import read
from einthoven.records.simulate import simulate
from einthoven.records.write import write_wfdb
from einthoven.render.page import render
from tests.evaluate.systems.fakes import item

KEY = "sk-very-secret"
Play = tuple[int, dict[str, str], bytes]


def chat(said: Any) -> Play:
    """A whole reply that says this."""
    return 200, {}, json.dumps({"choices": [{"message": {"role": "assistant", "content": said}}]}).encode()


class Endpoint:
    """A server that plays its replies in order, the last one for ever, and keeps what it was sent."""

    def __init__(self) -> None:
        self.replies: list[Play] = [chat("yes")]
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                endpoint.paths.append(self.path)
                endpoint.headers.append(dict(self.headers))
                endpoint.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                replies = endpoint.replies
                status, headers, data = replies.pop(0) if len(replies) > 1 else replies[0]
                self.send_response(status)
                for name, value in {"Content-Length": str(len(data)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def system(self, **more: Any) -> OpenAi:
        return OpenAi(self.url, "pulse", pause_s=0.001, timeout_s=5.0, **more)

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    monkeypatch.delenv("EINTHOVEN_OPENAI_KEY", raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    server = Endpoint()
    yield server
    server.close()


def words(**more: Any) -> Sample:
    """A question without ECG."""
    return asked(item("i0", ecgs=(), **more))


def ask(system: OpenAi, sample: Sample | None = None) -> Any:
    (one,) = system([sample or words()])
    return one.answer


def pixels_of(url: str) -> Any:
    assert url.startswith("data:image/png;base64,")
    data = np.frombuffer(base64.b64decode(url.partition(",")[2]), np.uint8)
    pixels = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert pixels is not None
    return cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)


def test_what_is_sent_and_read(endpoint: Endpoint) -> None:
    system = openai_system(f"openai:{endpoint.url}/#pulse")
    (said,) = system([words()])
    assert (said.id, said.answer, said.options, said.confidence, said.abstained) == ("i0", "yes", None, None, False)
    assert said.model == "openai:pulse"
    assert endpoint.paths == ["/v1/chat/completions"]
    (body,) = endpoint.asked
    assert (body["model"], body["temperature"]) == ("pulse", 0)
    assert [message["role"] for message in body["messages"]] == ["user"]
    assert [piece["text"] for piece in body["messages"][0]["content"]] == [
        "Question i0?",
        "Options:\n- yes\n- no\nAnswer with exactly one of these options, word for word, and nothing else.",
    ]
    assert "Authorization" not in endpoint.headers[0]


def test_any_options_and_free_answers_are_asked_for_in_their_way() -> None:
    any_said = messages(words(options=("a", "b"), pick="any", gold=("a",)))[0]["content"][-1]["text"]
    assert any_said.startswith("Options:\n- a\n- b\n")
    assert 'separated by "; ", or "none"' in any_said
    assert [piece["text"] for piece in messages(words(options=None))[0]["content"]] == ["Question i0?"]


def test_a_talk_is_sent_as_it_went() -> None:
    turns = (Turn("user", (Part(text="What rhythm?"),)), Turn("assistant", (Part(text="AF."),)),
             Turn("user", (Part(text="What now?"),)))  # fmt: skip
    assert messages(Sample("i0", (), turns)) == [
        {"role": "user", "content": [{"type": "text", "text": "What rhythm?"}]},
        {"role": "assistant", "content": "AF."},
        {"role": "user", "content": [{"type": "text", "text": "What now?"}]},
    ]


def test_ecgs_go_as_pages_and_pictures_as_they_are(endpoint: Endpoint, tmp_path: Path) -> None:
    ecg = simulate([], seed=1, seconds=5.0).ecg
    record = write_wfdb(ecg, tmp_path, "rec").with_suffix("")
    photo = rng("photo").integers(255, size=(60, 80, 3), dtype=np.uint8)
    named = PngInfo()
    named.add_text("Patient", "Jane Doe")
    Image.fromarray(photo).save(tmp_path / "photo.png", pnginfo=named)
    assert b"Jane" in (tmp_path / "photo.png").read_bytes()
    ask(endpoint.system(), asked(item("i0", ecgs=(str(record), str(tmp_path / "photo.png")))))
    content = endpoint.asked[0]["messages"][0]["content"]
    kinds = [piece.get("text") or piece["type"] for piece in content]
    assert kinds[:5] == ["Previous ECG:", "image_url", "Recent ECG:", "image_url", "Question i0?"]
    page, sent = (pixels_of(content[place]["image_url"]["url"]) for place in (1, 3))
    assert np.array_equal(page, render(read(record), preset="clean", text="none").pixels)
    assert np.array_equal(sent, photo)
    assert b"Jane" not in base64.b64decode(content[3]["image_url"]["url"].partition(",")[2])


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("No.", "No."),
        ("", ""),
        (None, ""),
        ([{"type": "text", "text": "lead I; "}, {"type": "text", "text": "lead II"}], "lead I; lead II"),
    ],
)
def test_what_the_model_says_is_taken_as_it_is(endpoint: Endpoint, said: Any, read: str) -> None:
    endpoint.replies = [chat(said)]
    assert ask(endpoint.system()) == read


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again(endpoint: Endpoint, status: int) -> None:
    endpoint.replies = [(status, {"Retry-After": "0.01"}, b"busy")] * 2 + [chat("no")]
    assert ask(endpoint.system()) == "no"
    assert len(endpoint.asked) == 3


def test_waits_grow_and_heed_the_server(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("einthoven.evaluate.systems.openai.time.sleep", waits.append)
    endpoint.replies = [(503, {}, b""), (503, {}, b""), (429, {"Retry-After": "7"}, b""),
                        (429, {"Retry-After": "9999"}, b""), (500, {}, b"still down")]  # fmt: skip
    with pytest.raises(ModelError, match="status 500: still down"):
        ask(OpenAi(endpoint.url, "pulse", tries=5, pause_s=1.0))
    assert waits == [1.0, 2.0, 7.0, 60.0]


def test_what_is_wrong_with_the_question_is_not_tried_again(endpoint: Endpoint) -> None:
    endpoint.replies = [(400, {}, b'{"error": "too\nlong"}' + b"x" * 10_000)]
    with pytest.raises(ModelError) as failed:
        ask(endpoint.system())
    assert len(endpoint.asked) == 1
    assert 'status 400: {"error": "too long"}xxx' in str(failed.value)
    assert len(str(failed.value)) < 450


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ((200, {}, b"<html>"), "no chat completion"),
        ((200, {}, b'{"choices": []}'), "no chat completion"),
        ((200, {}, b"[" * 100_000), "no chat completion"),
        (chat({"a": 1}), "no chat completion"),
        (chat([{"type": "text"}]), "no chat completion"),
        ((200, {}, b" " * (MAX_REPLY_BYTES + 1)), "longer than 4 MiB"),
        ((200, {"Content-Length": "1000"}, b'{"choices'), "no chat completion"),
        ((302, {"Location": "http://127.0.0.1:9/other"}, b""), "status 302: a redirect, which is not followed"),
        ((307, {"Location": "file:///etc/passwd"}, b""), "status 307: a redirect"),
        ((308, {"Location": "http://127.0.0.1:9/other"}, b""), "status 308: a redirect"),
    ],
)  # fmt: skip
def test_a_reply_of_another_form_is_an_error(endpoint: Endpoint, reply: Play, why: str) -> None:
    endpoint.replies = [reply]
    with pytest.raises(ModelError, match=why):
        ask(endpoint.system())
    assert len(endpoint.asked) == 1


def test_an_item_that_fails_is_an_error_line_and_is_tried_at_the_next_run(endpoint: Endpoint, tmp_path: Path) -> None:
    items = [item(f"i{n}", ecgs=()) for n in range(4)]
    endpoint.replies = [chat("yes"), (400, {}, b"no"), (400, {}, b"no"), chat("no"), chat("yes")]
    first = answer_items(endpoint.system(), items, tmp_path, label="")
    assert [one.answer for one in first.values()] == ["yes", None, "no", "yes"]
    count = len(endpoint.asked)
    second = answer_items(endpoint.system(), items, tmp_path, label="")
    assert [one.answer for one in second.values()] == ["yes", "yes", "no", "yes"]
    assert len(endpoint.asked) == count + 1


def test_a_server_that_is_not_there_is_told_at_once(endpoint: Endpoint) -> None:
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as taken:
        port = taken.server_port
    with pytest.raises(ModelError, match=r"no reply .*is the server running"):
        ask(OpenAi(f"http://127.0.0.1:{port}/v1", "pulse"))


def test_a_server_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        with pytest.raises(ModelError, match="no reply"):
            ask(OpenAi(address, "pulse", timeout_s=0.05))


@pytest.mark.parametrize("name", ["EINTHOVEN_OPENAI_KEY", "OPENAI_API_KEY"])
def test_the_key_is_sent_and_never_told(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setenv(name, KEY)
    endpoint.replies = [(401, {}, f"Incorrect API key provided: {KEY}".encode())]
    system = endpoint.system()
    found = answer_items(system, [item("i0", ecgs=())], tmp_path, label="")
    assert endpoint.headers[0]["Authorization"] == f"Bearer {KEY}"
    assert "Incorrect API key provided: ***" in (found["i0"].reason or "")
    assert KEY not in repr(system) + "".join(path.read_text() for path in tmp_path.iterdir())


def test_the_common_key_goes_to_no_other_machine_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, str]] = []

    def caught(url: str, body: bytes, headers: dict[str, str], timeout_s: float) -> Any:
        sent.append(headers)
        raise ModelError("not sent in a test")

    monkeypatch.setattr("einthoven.evaluate.systems.openai.post", caught)
    monkeypatch.delenv("EINTHOVEN_OPENAI_KEY", raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    for url in ("http://models.invalid/v1", "https://models.invalid/v1"):
        with pytest.raises(ModelError, match="not sent"):
            ask(OpenAi(url, "pulse"))
    monkeypatch.setenv("EINTHOVEN_OPENAI_KEY", "own")
    with pytest.raises(ModelError, match="not sent"):
        ask(OpenAi("http://models.invalid/v1", "pulse"))
    assert sent == [{}, {"Authorization": f"Bearer {KEY}"}, {"Authorization": "Bearer own"}]


def test_a_key_with_a_line_break_is_refused_untold(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", f"{KEY}\r\nHost: elsewhere")
    with pytest.raises(ModelError, match="line break") as failed:
        ask(endpoint.system())
    assert KEY not in str(failed.value)
    assert endpoint.asked == []


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("openai:http://localhost:8000/v1", "is no endpoint; write openai:URL#name"),
        ("openai:#pulse", "is no endpoint"),
        ("http://localhost:8000/v1#pulse", "is no endpoint"),
        ("openai:ftp://localhost/v1#pulse", "is no endpoint"),
        ("openai:file:///etc/passwd#pulse", "is no endpoint"),
        ("openai:http://localhost:99999/v1#pulse", "the address of the endpoint is none"),
        ("openai:http://[::1/v1#pulse", "the address of the endpoint is none"),
        ("openai:http://localhost/v1?key=x#pulse", "is no endpoint"),
        ("openai:http://localhost/v 1#pulse", "plain ASCII"),
        ("openai:http://me:secret@localhost/v1#pulse", "holds a password"),
    ],
)
def test_an_address_that_is_none_is_refused(address: str, why: str) -> None:
    with pytest.raises(ModelError, match=why) as failed:
        openai_system(address)
    assert "secret" not in str(failed.value)


def test_a_picture_that_is_none_is_an_error_of_its_item(endpoint: Endpoint, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"no picture")
    found = answer_items(endpoint.system(), [item("i0", ecgs=(str(tmp_path / "a.png"),)), item("i1", ecgs=())],
                         tmp_path / "out", label="")  # fmt: skip
    assert [one.answer for one in found.values()] == [None, "yes"]
    assert len(endpoint.asked) == 1
