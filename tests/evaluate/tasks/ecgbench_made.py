"""ECGBench in its released layout, made: a few rows a set, tiny pictures, both quirks; and archives for rebuilding."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

PNG = b"\x89PNG\r\n\x1a\n" + b"tiny"
JPEG = b"\xff\xd8\xff\xe0" + b"tiny"
ONLY = "Only answer based on the given Options without any explanation."
LETTERS = "\n".join(
    f"{letter}. {name}"
    for letter, name in zip(
        "ABCDEFGH",
        ("sinus bradycardia", "atrial flutter", "left axis deviation", "T wave abnormal", "ventricular bigeminy",
         "atrial fibrillation", "right bundle branch block", "ST depression"),
        strict=True,
    )
)  # fmt: skip
SUPER = ("<image>\nDetermine the abnormality: Normal ECG, Myocardial Infarction, ST/T Change, Conduction Disturbance, "
         "Hypertrophy.")  # fmt: skip
CPSC = (
    "<image>\nWhich is the appropriate diagnosis? normal ECG, ventricular ectopics, ST elevation, atrial fibrillation."
)
SIX = ("1dAVb(1st degree av block), RBBB(right bundle branch block), LBBB(left bundle branch block), "
       "SB(sinus bradycardia), ST(sinus tachycardia), AF(atrial fibrillation)")  # fmt: skip
WHICH = f"<image>\nWhich is it?\n{LETTERS}"
NEXT = "<image>\nWhat is next?\n(A) aspirin\n(B) a pacemaker\n(C) rest\n(D) surgery"
INLINE = "<image>\nWhich? (A) one (B) two (C) three (D) four\nOnly answer with a letter."
ALL_SIX = f"<image>\nSelect all: {SIX}. {ONLY}"
REPORT = "<image>\nPlease write a clinical report based on this ECG image."
BIGEMINY = "bigeminal pattern (unknown origin, supraventricular, or ventricular)"
ECG_QA: list[tuple[str, Any]] = [
    (
        f"<image>\nWhich leads show static noise? Options: lead I, lead II, lead aVF, none. {ONLY}",
        ["lead aVF", "lead I"],
    ),
    (f"<image>\nWhich rhythm is it? Options: {BIGEMINY}, sinus rhythm, none {ONLY}", [BIGEMINY]),
    (f"<image>\nIs it normal? Options: yes, no {ONLY}", ["no"]),
    (f"<image>\nWhich leads show burst noise? Options: none, lead V1, lead V2 {ONLY}", ["none"]),
    (f"<image>\nWhich rhythm is it? Options: {BIGEMINY}, sinus rhythm, none {ONLY}", list(BIGEMINY)),
    (f"<image>\nWhich leads show static noise? Options: lead I, lead II, lead aVF {ONLY}", list("lead II; lead aVF")),
]


def turns(prompt: Any, gold: Any) -> list[dict[str, Any]]:
    return [{"from": "human", "value": prompt}, {"from": "gpt", "value": gold}]


def row(id: Any, path: str, conversations: Any, key: str = "id") -> dict[str, Any]:
    image = {"bytes": PNG, "path": path.split("/")[-1]}
    return {key: id, "image_path": path, "image": image, "conversations": conversations}


ROWS: dict[str, list[dict[str, Any]]] = {
    "ptb-test": [
        row("ptb-1", "ptb_test_v4/00001_hr-0.png", turns(SUPER, "NORM")),
        row("ptb-2", "ptb_test_v4/00002_hr-0.png", turns(SUPER, "MI; STTC")),
        row("ptb-3", "ptb_test_v4/00003_hr-0.png", turns(SUPER, "Conduction Disturbance; Hypertrophy")),
    ],
    "ptb-test-report": [
        row("ptb-report-07190_hr-0", "t/07190_hr-0.png", turns(REPORT, "Sinus rhythm.")),
        row("ptb-report-03805_hr-0", "t/03805_hr-0.png", turns(REPORT, "I am sorry.")),
    ],
    "code15-test": [
        row("1", "code15_v4/11-0.png", turns(ALL_SIX, "1dAVb(1st degree av block), AF(atrial fibrillation)")),
        row("2", "code15_v4/12-0.png", turns(ALL_SIX, "ST(sinus tachycardia)")),
        row("3", "code15_v4/13-0.png", turns("<image>\nIs the ECG NORM or ABNORMAL?", "ABNORMAL")),
        row("4", "code15_v4/14-0.png", turns("<image>\nIs the ECG NORM or ABNORMAL?", "NORM")),
    ],
    "ecgqa-test": [
        row(str(number), f"q/{number:05}_hr-0.png", turns(list(prompt), gold))
        for number, (prompt, gold) in enumerate(ECG_QA, 1)
    ],
    "cpsc-test": [
        row("c1", "cpsc/A0001-0.png", turns(CPSC, "I-AVB; AF")),
        row("c2", "cpsc/A0002-0.png", turns(CPSC, "PVC(ventricular ectopics); STE(ST elevation)")),
        row("c3", "cpsc/A0003-0.png", turns(CPSC, "NORM")),
    ],
    "csn-test-no-cot": [
        row("s1", "csn/JS00001-0.png", turns(f"{WHICH}\n{ONLY}", "F. atrial fibrillation")),
        row("s2", "csn/JS00002-0.png", turns(f"{WHICH}\nThe last line is the letter.", "A")),
    ],
    "g12-test-no-cot": [
        row("g1", "g12/E00001-0.png", turns(f"{WHICH}\nProvide the correct letter.", "H. ST depression")),
        row("g2", "g12/E07510-0.png", turns(f"Answer the following question.\n{WHICH}", "(B) atrial flutter")),
    ],
    "mmmu-ecg": [
        row(7, "mmmu/7.jpg", turns(NEXT, "B"), "No"),
        row(8, "mmmu/8.jpg", turns(INLINE, "D"), "No"),
    ],
    "arena": [
        row("a1", "arena/1.jpg", [{"question": "<image>\nWhat is the rhythm?", "answer": "Flutter."},
                                  {"question": "What is the treatment?", "answer": "Ablation."}]),
    ],
}  # fmt: skip


def write_parquet(root: Path, name: str, rows: Sequence[dict[str, Any]] | None = None, per_group: int = 2) -> Path:
    """Write ROOT/ecgbench/NAME/test-00000-of-00001.parquet and return it."""
    path = root / "ecgbench" / name / "test-00000-of-00001.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(
        pa.Table.from_pylist(list(ROWS[name] if rows is None else rows)), path, row_group_size=per_group
    )
    return path


def write_json(root: Path, name: str, rows: Sequence[Any] | None = None, suffix: str = "json") -> Path:
    """Write ROOT/ecgbench/NAME.json, or of lines, as copies of the set without pictures are laid out."""
    path = root / "ecgbench" / f"{name}.{suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = [
        {key: value for key, value in one.items() if key != "image"} if isinstance(one, dict) else one
        for one in (ROWS[name] if rows is None else rows)
    ]
    text = json.dumps(plain) if suffix == "json" else "\n".join(json.dumps(one) for one in plain)
    path.write_text(text, encoding="utf-8")
    return path


def write_headers(folder: Path, codes: dict[str, str]) -> Path:
    """Write a WFDB header with a line Dx for each record, as the CinC Challenges issued archives."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, dx in codes.items():
        (folder / f"{name}.hea").write_text(f"{name} 1 500 5000\n{name}.dat 16 1000/mV 16 0 0 0 0 I\n# Dx: {dx}\n")
    return folder
