"""Which parameters learn, and how fast: AdamW with the groups and the schedule of SAM 2's fine-tuning."""
import math
import re

import torch

from network import Network
from settings import Settings

MEMORY_OWN = ("maskmem_tpos_enc", "no_mem_embed", "no_obj_ptr", "no_obj_embed_spatial")
MEMORY_PARTS = ("memory_attention", "memory_encoder", "obj_ptr_proj", "obj_ptr_tpos_proj", "mask_downsample")
SLOWEST = 0.1


def trained_parts(network: Network, mode: str) -> list[torch.nn.Module]:
    """
    Sets what learns. With `decoder` and `memory` the two convolutions that prepare high-resolution features stay, because they belong to what is
    cached, as in Masklet's image encoder.
    @returns the modules that learn
    """
    names = ["sam_mask_decoder", "sam_prompt_encoder"] + ([] if mode == "decoder" else list(MEMORY_PARTS)) + (["image_encoder"] if mode == "all" else [])
    for one in network.parameters():
        one.requires_grad_(False)
    parts = [getattr(network, name) for name in names]
    for part in parts:
        part.requires_grad_(True)
    if mode != "decoder":
        for name in MEMORY_OWN:
            if getattr(network, name) is not None:
                getattr(network, name).requires_grad_(True)
    if mode != "all":
        network.sam_mask_decoder.conv_s0.requires_grad_(False)
        network.sam_mask_decoder.conv_s1.requires_grad_(False)
    return parts


def optimizer_of(network: Network, settings: Settings) -> torch.optim.AdamW:
    """No weight decay for biases, norms and single vectors; the encoder slower, its early blocks slower still."""
    groups: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
    blocks = sum(network.size.blocks)
    for name, value in network.named_parameters():
        if value.requires_grad:
            rate = settings.rate * encoder_factor(name, blocks, settings)
            decay = 0.0 if value.ndim <= 1 or name.split(".")[-1] in MEMORY_OWN or "embed" in name else settings.weight_decay
            groups.setdefault((rate, decay), []).append(value)
    return torch.optim.AdamW([{"params": values, "lr": rate, "highest": rate, "weight_decay": decay} for (rate, decay), values in groups.items()])


def encoder_factor(name: str, blocks: int, settings: Settings) -> float:
    if not name.startswith("image_encoder."):
        return 1.0
    block = re.match(r"image_encoder\.trunk\.blocks\.(\d+)\.", name)
    if block is None:
        # Position embeddings and the neck keep the encoder's full rate.
        return settings.encoder_rate
    return settings.encoder_rate * settings.layer_decay ** (blocks - 1 - int(block[1]))


def rate_at(step: int, settings: Settings) -> float:
    """Of the highest: up during the first steps, then a cosine down to a tenth."""
    warm = max(1, round(settings.warm_up * settings.steps))
    part = min(1.0, step / max(1, settings.steps))
    return min(1.0, (step + 1) / warm) * (SLOWEST + (1 - SLOWEST) * 0.5 * (1 + math.cos(math.pi * part)))
