"""The tower: absent leads are not looked at, tokens keep time, and its sizes are as announced."""

import pytest
import torch

from einthoven.model.tower import EcgTower, tokens_in_time

SAMPLES = 2500


@pytest.fixture
def tower() -> EcgTower:
    torch.manual_seed(0)
    return EcgTower((8, 8, 8, 8, 8, 16), 7, 5, 0.2).eval()


def test_sizes(tower: EcgTower) -> None:
    with torch.no_grad():
        out = tower(torch.randn(3, 12, SAMPLES), torch.ones(3, 12))
    assert (out.tokens_BTD.shape, out.summary_BD.shape, out.logits_BF.shape) == ((3, 20, 16), (3, 32), (3, 5))


@pytest.mark.parametrize("samples", [2500, 2499, 1000, 130])
@pytest.mark.parametrize("channels", [4, 6])
def test_the_number_of_tokens_is_as_announced(samples: int, channels: int) -> None:
    tower = EcgTower((8,) * channels, 7, 5, 0.0).eval()
    with torch.no_grad():
        assert tower(torch.zeros(1, 12, samples), torch.ones(1, 12)).tokens_BTD.shape[1] == tokens_in_time(
            samples, channels
        )


@torch.no_grad()
def test_what_stands_in_an_absent_lead_is_not_seen_but_its_absence_is(tower: EcgTower) -> None:
    x, mask = torch.randn(1, 12, SAMPLES), torch.ones(1, 12)
    mask[0, 4] = 0
    other = x.clone()
    other[0, 4] = 100.0
    assert torch.equal(tower(x, mask).logits_BF, tower(other, mask).logits_BF)
    zeroed = x.clone()
    zeroed[0, 4] = 0
    assert not torch.allclose(tower(zeroed, torch.ones(1, 12)).logits_BF, tower(zeroed, mask).logits_BF)


@torch.no_grad()
def test_the_company_in_a_batch_does_not_matter(tower: EcgTower) -> None:
    x, mask = torch.randn(4, 12, SAMPLES), torch.ones(4, 12)
    together = tower(x, mask)
    alone = tower(x[2:3], mask[2:3])
    assert torch.allclose(together.tokens_BTD[2:3], alone.tokens_BTD, atol=1e-5)
    assert torch.allclose(together.logits_BF[2:3], alone.logits_BF, atol=1e-5)


@torch.no_grad()
def test_tokens_keep_time(tower: EcgTower) -> None:
    """A change in the second half of the recording leaves the tokens of its beginning as they were."""
    x, mask = torch.randn(1, 12, SAMPLES), torch.ones(1, 12)
    other = x.clone()
    other[:, :, 1500:] += 1.0
    changed = (tower(other, mask).tokens_BTD - tower(x, mask).tokens_BTD).abs().amax(2)[0] > 1e-6
    assert not changed[:8].any()
    assert changed[13:].all()
