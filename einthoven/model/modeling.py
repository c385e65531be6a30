"""Tower -> projector -> causal language model, in the shape that Hugging Face tools expect.

ECG places are given by position (row and first column of each), so no token is added to any vocabulary.
Shapes: B batch, T tokens, E ECGs, L leads, S samples, D width of the language model, V vocabulary.
"""

from typing import Any

import torch
from torch import Tensor
from transformers import AutoModelForCausalLM, GenerationMixin, PreTrainedModel
from transformers.modeling_outputs import CausalLMOutputWithPast

from einthoven.core.errors import ModelError
from einthoven.model.config import EinthovenConfig
from einthoven.model.projector import Projector
from einthoven.model.tower import EcgTower, TowerOutput, tokens_in_time
from einthoven.runtime.arrays import SAMPLES


class EinthovenForConditionalGeneration(PreTrainedModel, GenerationMixin):
    """Answers questions about ECGs. `from_pretrained` and `save_pretrained` hold the whole model (safetensors)."""

    config_class = EinthovenConfig
    main_input_name = "input_ids"
    _supports_sdpa = True
    _tied_weights_keys = {"language_model.lm_head.weight": "language_model.model.embed_tokens.weight"}  # noqa: RUF012

    def __init__(self, config: EinthovenConfig, language_model: PreTrainedModel | None = None) -> None:
        super().__init__(config)
        given = tokens_in_time(SAMPLES, len(config.tower_channels))
        if given != config.time_tokens:
            raise ModelError(f"this tower gives {given} tokens in time, its configuration says {config.time_tokens}")
        self.tower = EcgTower(
            tuple(config.tower_channels), config.tower_width, len(config.findings), config.tower_dropout
        )
        self.language_model = language_model or AutoModelForCausalLM.from_config(config.text_config)
        width = self.language_model.config.hidden_size
        self.projector = Projector(
            config.tower_channels[-1], len(config.findings), width, config.projector_width, config.summary_tokens
        )
        self.post_init()

    def _init_weights(self, module: torch.nn.Module) -> None:
        """Keep torch's own initialisation; a checkpoint overwrites it."""

    def get_input_embeddings(self) -> torch.nn.Module:
        embeddings: torch.nn.Module = self.language_model.get_input_embeddings()
        return embeddings

    def read_ecgs(self, x_ELS: Tensor, mask_EL: Tensor) -> TowerOutput:
        """Run the tower (millivolt, 250 Hz, 12 leads)."""
        output: TowerOutput = self.tower(x_ELS, mask_EL)
        return output

    def embed(self, input_ids_BT: Tensor, spans_E2: Tensor | None, ecg_ETD: Tensor | None) -> Tensor:
        """Return token embeddings with ECG embeddings over the places that `spans_E2` (row, first column) names."""
        embeds_BTD: Tensor = self.get_input_embeddings()(input_ids_BT.clamp_min(0))
        if spans_E2 is None or ecg_ETD is None or len(spans_E2) == 0:
            return embeds_BTD
        if len(spans_E2) != len(ecg_ETD):
            raise ModelError(f"{len(spans_E2)} ECG places in the prompt but {len(ecg_ETD)} ECGs")
        embeds_BTD = embeds_BTD.clone()
        columns_ET = spans_E2[:, 1:] + torch.arange(ecg_ETD.shape[1], device=spans_E2.device)
        embeds_BTD[spans_E2[:, :1], columns_ET] = ecg_ETD.to(embeds_BTD.dtype)
        return embeds_BTD

    def forward(
        self,
        input_ids: Tensor | None = None,
        spans: Tensor | None = None,
        x: Tensor | None = None,
        mask: Tensor | None = None,
        inputs_embeds: Tensor | None = None,
        **further: Any,
    ) -> CausalLMOutputWithPast:
        """input_ids (B, T), spans (E, 2), x (E, L, S) millivolt, mask (E, L); the rest goes to the language model."""
        if inputs_embeds is None:
            if input_ids is None:
                raise ModelError("forward needs input_ids or inputs_embeds")
            ecg = self.projector(self.read_ecgs(x, mask)) if x is not None and mask is not None else None
            inputs_embeds = self.embed(input_ids, spans, ecg)
        output: CausalLMOutputWithPast = self.language_model(inputs_embeds=inputs_embeds, **further)
        return output

    @torch.no_grad()
    def generate(
        self,
        input_ids: Tensor,
        spans: Tensor | None = None,
        x: Tensor | None = None,
        mask: Tensor | None = None,
        **further: Any,
    ) -> Tensor:
        """Return the ids of what is said after the prompt (B, new tokens); arguments as in `forward`."""
        ecg = self.projector(self.read_ecgs(x, mask)) if x is not None and mask is not None else None
        embeds = self.embed(input_ids, spans, ecg)
        ids: Tensor = self.language_model.generate(inputs_embeds=embeds, **further)
        return ids
