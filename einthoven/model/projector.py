"""From the tower's space into the language model's: a few tokens for the whole ECG, then the tokens in time.

Two small MLPs as in LLaVA-1.5 (Liu et al. 2023). The summary also carries the tower's findings, so that what a linear
probe can read, the language model can read.
"""

import torch
from torch import Tensor, nn

from einthoven.model.tower import TowerOutput


class Projector(nn.Module):
    """TowerOutput -> (B, summary_tokens + time_tokens, text_width)."""

    def __init__(self, tower_width: int, findings: int, text_width: int, width: int, summary_tokens: int) -> None:
        super().__init__()
        self.summary_tokens = summary_tokens
        self.summary_norm = nn.LayerNorm(2 * tower_width)
        self.summary = nn.Sequential(
            nn.Linear(2 * tower_width + findings, width), nn.GELU(), nn.Linear(width, summary_tokens * text_width)
        )
        self.time = nn.Sequential(
            nn.LayerNorm(tower_width), nn.Linear(tower_width, width), nn.GELU(), nn.Linear(width, text_width)
        )

    def forward(self, ecg: TowerOutput) -> Tensor:
        whole = torch.cat([self.summary_norm(ecg.summary_BD), torch.tanh(ecg.logits_BF / 4)], 1)
        summary_BTD = self.summary(whole).unflatten(1, (self.summary_tokens, -1))
        return torch.cat([summary_BTD, self.time(ecg.tokens_BTD)], 1)

    def match_scale(self, embedding_rms: float) -> None:
        """Start with outputs as large as the language model's own embeddings."""
        for layer in (self.summary[-1], self.time[-1]):
            assert isinstance(layer, nn.Linear)
            nn.init.normal_(layer.weight, std=embedding_rms / (layer.in_features * 0.35) ** 0.5)
            nn.init.zeros_(layer.bias)
