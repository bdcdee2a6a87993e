"""What one training is: everything that decides its weights, beside the set and the base."""
from dataclasses import asdict, dataclass, fields
from typing import Any

MODES = ("decoder", "memory", "all")
# Highest learning rates: SAM 2's own fine-tuning 5e-6 on 8 cards, MedSAM2 5e-5; a decoder alone on a small set takes more.
RATES = {"decoder": 1e-4, "memory": 5e-5, "all": 5e-5}


@dataclass(frozen=True)
class Settings:
    train: str = "decoder"
    steps: int = 1000
    batch: int = 4
    rate: float = 1e-4
    encoder_rate: float = 0.6  # of the rate
    layer_decay: float = 0.9  # of the rate, from each trunk block to the one before
    weight_decay: float = 0.1
    clip_norm: float = 0.1
    warm_up: float = 0.05  # of the steps
    dropout: bool = True  # of the memory attention; scenes without end need none
    ema: float = 0.0  # 0 is off
    seed: int = 1
    sigma: float = 1.0  # of the view's Gaussian
    clip: int = 6  # planes
    corrections: int = 3  # clicks
    box_part: float = 0.5  # of the prompts that are no mask
    mask_part: float = 0.5  # of the clips, begun with the object's mask
    second_part: float = 0.5  # of the clips, prompted on a second plane too
    server_part: float = 0.0  # of the corrections, asked as the server asks
    forced_part: float = 0.0  # of the clips, whose memories are of the true masks
    prompts: str = "noisy"  # as SAM 2 draws them, or as `people` give them (scenes/prompts.py)
    cut: int | None = None  # side of what is cut from scenes, when the network sees a crop of it
    still_part: float = 0.0  # of the batches of scenes, single planes
    ends_part: float = 0.0  # of the clips of scenes, begun so late that the object ends within
    stills: int = 1  # of each row of such a batch
    first_looks: float = 0.3  # of single planes, those in the wide window that a click is looked at in
    long_part: float = 0.0  # of the batches of scenes, clips of twice the length
    variants: int = 4  # of each plane: itself, and turned and lighter or darker
    check_every: int = 50  # steps, then held-out Dice and a checkpoint
    check_objects: int = 48
    patience: int = 10  # checks without a better Dice
    precision: str = "auto"
    image_size: int | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(values: dict[str, Any]) -> "Settings":
        known = {one.name for one in fields(Settings)}
        return Settings(**{name: value for name, value in values.items() if name in known})
