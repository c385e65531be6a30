"""What a checkpoint is: sizes of tower and projector, the findings it was taught, its language model."""

from typing import Any

from transformers import AutoConfig, PretrainedConfig


class EinthovenConfig(PretrainedConfig):
    """Configuration of one checkpoint; plain JSON.

    tower_channels, tower_width: channels of the stages and kernel width of the signal tower.
    findings: what its head was trained on, superclasses first.
    summary_tokens, time_tokens: how many language-model tokens stand for one ECG.
    text_config: the language model's own configuration; language_model: its name and hash.
    lora_rank, lora_alpha, lora_targets: shape of the adapters; rank 0 for a model without them.
    ecgs_trained: how many ECGs a question may be about.
    """

    model_type = "einthoven"
    sub_configs = {"text_config": AutoConfig}  # noqa: RUF012

    def __init__(
        self,
        tower_channels: tuple[int, ...] = (32, 48, 64, 96, 128, 192),
        findings: tuple[str, ...] = (),
        text_config: dict[str, Any] | PretrainedConfig | None = None,
        language_model: str = "",
        **further: Any,
    ) -> None:
        self.tower_channels = list(tower_channels)
        self.tower_width = int(further.pop("tower_width", 7))
        self.tower_dropout = float(further.pop("tower_dropout", 0.2))
        self.findings = list(findings)
        self.summary_tokens = int(further.pop("summary_tokens", 4))
        self.time_tokens = int(further.pop("time_tokens", 20))
        self.projector_width = int(further.pop("projector_width", 512))
        if isinstance(text_config, dict):
            text = dict(text_config)
            text_config = AutoConfig.for_model(text.pop("model_type", "llama"), **text)
        self.text_config = text_config
        self.language_model = language_model
        self.lora_rank = int(further.pop("lora_rank", 8))
        self.lora_alpha = float(further.pop("lora_alpha", 16.0))
        self.lora_targets = list(further.pop("lora_targets", LORA_TARGETS))
        self.ecgs_trained = int(further.pop("ecgs_trained", 1))
        super().__init__(**further)

    @property
    def tokens_per_ecg(self) -> int:
        """Language-model tokens that stand for one ECG."""
        return self.summary_tokens + self.time_tokens


LORA_TARGETS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
