"""The demo runs anywhere and leaves what it promises."""

import re
from pathlib import Path

import pytest

from einthoven.records.read import read, read_page
from examples import demo


def test_it_answers_every_question_and_leaves_the_ecg_and_its_picture(
    tiny_default: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    demo.main()
    out, err = capfd.readouterr()
    assert err == ""
    for question, _ in demo.QUESTIONS:
        assert f"question     {question}" in out
    assert out.count("  answer       ") == out.count("  probability  ") == len(demo.QUESTIONS)
    assert "Research use only" in out
    assert re.search(r"measured heart rate \d+ bpm, PR \d+ ms, QRS \d+ ms, QT \d+ ms, QTc Fridericia \d+ ms", out)
    assert sorted(path.name for path in (tmp_path / "demo").iterdir()) == [
        "measured.png",
        "simulated.dat",
        "simulated.hea",
        "simulated.png",
    ]
    assert read(tmp_path / "demo" / "simulated").seconds == 10.0
    assert read_page(tmp_path / "demo" / "simulated.png").pixels.shape[2] == 3
