"""The second stage: right answers to the recordings' own questions, a frozen tower, exact resuming."""

from pathlib import Path

import numpy as np
import pytest
import torch

from einthoven.core.rng import rng
from einthoven.instruct.labels import Item, askable
from einthoven.model.config import EinthovenConfig
from einthoven.model.loading import load_language_model, load_model, text_config
from einthoven.model.modeling import EinthovenForConditionalGeneration
from einthoven.runtime.prompt import HOLE, default_tokenizer
from einthoven.runtime.tree_tensors import tree_batch
from einthoven.train import loop
from einthoven.train.language_stage import LanguageStage, answer_loss, items_of, runs_of, train_language
from einthoven.train.loop import Schedule
from einthoven.train.pack import Pack
from tests.support_model import CHANNELS, FINDINGS
from tests.train.watch import watched

STAGE = LanguageStage(Schedule(steps=4, peak_rate=1e-3), ecgs=3, views=2, rank=2, alpha=4.0)
ITEMS = [
    Item("Is this ECG normal?", "no", ("yes", "no"), "NORM"),
    Item("Which of these?", ("Myocardial infarction",), ("Myocardial infarction", "Hypertrophy"), "class", "any"),
    Item("What is the rhythm?", "atrial fibrillation", None, "rhythm"),
    Item("Which rhythm?", "AFIB", ("sinus rhythm", "AFIB"), "rhythm"),
]


def _model(language_model: Path) -> EinthovenForConditionalGeneration:
    base = load_language_model(str(language_model))
    torch.manual_seed(3)
    config = EinthovenConfig(CHANNELS, FINDINGS, text_config(base), str(language_model), projector_width=16)
    return EinthovenForConditionalGeneration(config, base)


def test_the_right_answers_stand_behind_their_questions_and_end() -> None:
    tokenizer = default_tokenizer()
    runs = runs_of(ITEMS, 24, tokenizer)
    assert (runs[0].parent, runs[0].ids.count(HOLE)) == (-1, 24)
    said = {}
    for index, run in enumerate(runs):
        if run.parent > 0:
            assert runs[run.parent].parent == 0
            assert run.ids[-1] == 2, "the end mark"
            said[tokenizer.decode(list(runs[run.parent].ids)).splitlines()[0]] = tokenizer.decode(list(run.ids))
        elif index:
            assert run.parent == 0
    assert said == {
        "Is this ECG normal?": "no",
        "Which of these? Answer yes or no for: myocardial infarction.": "yes",
        "Which of these? Answer yes or no for: hypertrophy.": "no",
        "What is the rhythm?": "atrial fibrillation",
        "Which rhythm? Options: sinus rhythm; AFIB.": "AFIB",
    }


def test_the_questions_of_a_step_are_about_the_recordings_labels() -> None:
    labels = [["NORM", "SR"], ["AFIB", "IMI"], ["CLBBB", "SR"], ["LVH", "NDT"]] * 10
    ask = askable(labels, at_least=5)
    items = items_of(["AFIB", "IMI"], ask, 4, rng("test items of"))
    yes = {item.key for item in items if item.answer == "yes"}
    assert {"MI", "abnormal"} <= yes
    assert {"NORM", "CD", "HYP", "STTC"} <= {item.key for item in items if item.answer == "no"}
    assert yes <= {"MI", "abnormal", "AFIB", "IMI"}
    assert len([item for item in items if item.key in ("rhythm", "findings", "class")]) == 1


def test_the_loss_is_the_mean_over_answers_by_tokens_before_the_end(model_folder: Path) -> None:
    """The witness: each question alone, as one row through the language model."""
    model = load_model(model_folder)
    runs = runs_of(ITEMS, 24, default_tokenizer())
    ecg = torch.from_numpy(rng("test loss").normal(0, 0.3, (1, 24, 32)).astype(np.float32))
    each = []
    with torch.no_grad():
        got = float(answer_loss(model, tree_batch([runs], torch.device("cpu")), ecg))
        for run in runs:
            if run.parent > 0:
                ids = [*runs[0].ids, *runs[run.parent].ids, *run.ids]
                embeds = model.get_input_embeddings()(torch.tensor([[max(number, 0) for number in ids]]))
                embeds[0, [place for place, number in enumerate(ids) if number == HOLE]] = ecg[0]
                logs = model.language_model(inputs_embeds=embeds).logits[0].log_softmax(-1)
                first = len(ids) - len(run.ids)
                total = sum(float(logs[first + i - 1, number]) for i, number in enumerate(run.ids))
                each.append(-total / max(1, len(run.ids) - 1))
    assert got == pytest.approx(np.mean(each), rel=1e-4)


def test_a_stopped_stage_resumes_to_the_same_bits_and_never_touches_the_tower(
    pack: Pack, language_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = _model(language_model)
    before = {name: value.clone() for name, value in whole.state_dict().items()}
    train_language(whole, pack, STAGE, 7, tmp_path / "whole")
    expected = whole.state_dict()
    own = loop._step

    def killed(*arguments: object) -> float:
        if arguments[-1] == 2:
            raise KeyboardInterrupt
        return own(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(loop, "SAVE_EVERY_S", -1.0)
        patch.setattr(loop, "_step", killed)
        with pytest.raises(KeyboardInterrupt):
            train_language(_model(language_model), pack, STAGE, 7, tmp_path / "part")
    resumed = _model(language_model)
    train_language(resumed, pack, STAGE, 7, tmp_path / "part")
    assert all(torch.equal(value, expected[name]) for name, value in resumed.state_dict().items())
    plain = {name.replace("base_model.model.", "").replace(".base_layer", ""): name for name in expected}
    for name, value in before.items():
        if not name.startswith("projector."):
            assert torch.equal(value, expected[plain[name]]), name
    learned = [name for name, value in expected.items() if "lora_B" in name and value.abs().sum() > 0]
    assert len(learned) == 7 * 2, "seven matrices in each of two layers"


def test_no_recording_of_valid_test_or_fold_0_is_ever_asked_about(
    pack: Pack, language_model: Path, tmp_path: Path
) -> None:
    watch = watched(pack)
    stage = LanguageStage(Schedule(steps=8, peak_rate=1e-3), ecgs=6, views=1, rank=2)
    train_language(_model(language_model), watch.pack, stage, 0, tmp_path)
    allowed = {place for place, row in enumerate(pack.rows) if row["split"] == "train" and row["fold"] != 0}
    assert watch.signals == allowed
    assert watch.rows == allowed
