"""What the image encoder says of a picture. While the encoder is frozen it is asked once for each picture; its answers are kept on disk by the
picture's content and the encoder's weights, so that no set, setting or resumed run can meet features that are not its own."""
import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from faults import Fault
from network import Network

LEAST_FREE_BYTES = 1 << 30
AT_ONCE = 8


@dataclass(frozen=True)
class Seen:
    """Of B pictures: s0 [B, D/8, 4g, 4g], s1 [B, D/4, 2g, 2g], s2 [B, D, g, g], as Masklet's image encoder answers."""

    s0: torch.Tensor
    s1: torch.Tensor
    s2: torch.Tensor

    def of(self, rows: Tensor) -> "Seen":
        return Seen(self.s0[rows], self.s1[rows], self.s2[rows])


def encode(network: Network, inputs: Tensor) -> Seen:
    """With gradients, where they are wanted. @param inputs [B, 3, S, S]"""
    return Seen(*network.forward_image(inputs)["backbone_fpn"])


class FeatureStore:
    """Features of a frozen encoder. @param folder None keeps nothing @param device of the network"""

    def __init__(self, network: Network, folder: Path | None, device: torch.device) -> None:
        self.network, self.folder, self.device = network, folder, device
        self.encoder = encoder_hash(network) if folder is not None else ""
        self.computed = self.found = 0

    @torch.no_grad()
    def of(self, inputs: Tensor) -> Seen:
        """@param inputs [B, 3, S, S] on the CPU @returns Seen on the device, in float32; rounded to float16 whether kept or new"""
        keys = [self.key(one) for one in inputs]
        kept = {at: found for at, key in enumerate(keys) if (found := self.read(key)) is not None}
        missing = [at for at in range(len(keys)) if at not in kept]
        for start in range(0, len(missing), AT_ONCE):
            rows = missing[start : start + AT_ONCE]
            seen = encode(self.network, inputs[rows].to(self.device))
            parts = [one.detach().clamp(-65504, 65504).half() for one in (seen.s0, seen.s1, seen.s2)]
            for nth, at in enumerate(rows):
                kept[at] = tuple(one[nth] for one in parts)
                self.write(keys[at], kept[at])
        self.computed, self.found = self.computed + len(missing), self.found + len(keys) - len(missing)
        return Seen(*(torch.stack([kept[at][level].to(self.device).float() for at in range(len(keys))]) for level in range(3)))

    def key(self, picture: Tensor) -> str:
        return hashlib.sha256(self.encoder.encode() + picture.contiguous().numpy().tobytes()).hexdigest()

    def read(self, key: str) -> tuple[Tensor, ...] | None:
        """Anything wrong with a file is a miss."""
        if self.folder is None or not (path := self.folder / key[:2] / f"{key}.pt").is_file():
            return None
        try:
            held = torch.load(path, map_location="cpu", weights_only=True)
            return tuple(held) if len(held) == 3 else None
        except Exception:
            return None

    def write(self, key: str, parts: tuple[Tensor, ...]) -> None:
        if self.folder is None:
            return
        path = self.folder / key[:2] / f"{key}.pt"
        path.parent.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(path.parent).free < LEAST_FREE_BYTES:
            raise Fault("disk_full", file=str(self.folder))
        half = path.with_suffix(f".{os.getpid()}")
        torch.save([one.cpu().clone() for one in parts], half)
        os.replace(half, path)


def encoder_hash(network: Network) -> str:
    """Of the weights that features depend on."""
    whole = hashlib.sha256(str(network.image_size).encode())
    for name, value in sorted(network.state_dict().items()):
        if name.startswith(("image_encoder.", "sam_mask_decoder.conv_s")):
            whole.update(name.encode() + value.detach().cpu().contiguous().numpy().tobytes())
    return whole.hexdigest()
