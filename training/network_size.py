"""A network's size from its tensors' shapes, and what shapes cannot tell from metadata or the official sizes: the rules of
models/sam2/infer-config.ts."""
import re

from torch import Tensor

from faults import Fault
from network import SIZES, Size

LARGEST_INPUT = 4096


def size_of(tensors: dict[str, Tensor], metadata: dict[str, str], file: str, image_size: int | None = None) -> Size:
    """
    @param tensors by official name
    @param image_size side of the input; goes before metadata, which goes before 1024
    @raises Fault checkpoint_mismatch, checkpoint_metadata, image_size_invalid
    """
    shape = lambda name: shape_of(tensors, name, file)
    count = lambda prefix: len({int(found[1]) for name in tensors if (found := re.match(re.escape(prefix) + r"(\d+)\.", name))})
    embed_dim, width = shape("image_encoder.trunk.patch_embed.proj.weight")[0], shape("no_mem_embed")[-1]
    blocks = stages(tensors, count("image_encoder.trunk.blocks."), file)
    known = next((size for size in SIZES.values() if (size.embed_dim, size.blocks) == (embed_dim, blocks)), None)
    numbers = lambda key, otherwise: numbers_of(metadata, key, otherwise, file)
    heads = numbers("masklet.heads", known and tuple(known.heads * 2**stage for stage in range(4)))
    if len(heads) != 4 or heads[0] < 1 or any(heads[stage] != heads[0] * 2**stage for stage in range(4)) or embed_dim % heads[0] != 0:
        raise Fault("checkpoint_metadata", file=file, key="masklet.heads", why="training needs heads that double from stage to stage")
    windows = numbers("masklet.windows", known and known.windows)
    decoder_heads = numbers("masklet.decoder_heads", (8,) if known and width == 256 else None)
    return Size(
        name=known.name if known else metadata.get("masklet.name", "of its own"), embed_dim=embed_dim, heads=heads[0], blocks=blocks,
        global_blocks=numbers("masklet.global_blocks", known and known.global_blocks), windows=windows,
        position_grid=shape("image_encoder.trunk.pos_embed")[-1], width=width, memory_width=shape("maskmem_tpos_enc")[-1],
        mask_channels=shape("sam_prompt_encoder.mask_downscaling.3.weight")[0], decoder_heads=decoder_heads[0],
        decoder_mlp=shape("sam_mask_decoder.transformer.layers.0.mlp.layers.0.weight")[0],
        iou_hidden=shape("sam_mask_decoder.iou_prediction_head.layers.0.weight")[0], attention_layers=count("memory_attention.layers."),
        attention_mlp=shape("memory_attention.layers.0.linear1.weight")[0],
        downsampler=tuple(shape(f"memory_encoder.mask_downsampler.encoder.{at}.weight")[0] for at in (0, 3, 6, 9)),
        image_size=side_of(metadata, image_size), occlusion="no_obj_embed_spatial" in tensors, licence=metadata.get("masklet.licence", ""))


def shape_of(tensors: dict[str, Tensor], name: str, file: str) -> list[int]:
    if name not in tensors:
        raise Fault("checkpoint_mismatch", file=file, network="SAM 2", why=f"1 tensors are missing ({name})")
    return list(tensors[name].shape)


def stages(tensors: dict[str, Tensor], total: int, file: str) -> tuple[int, ...]:
    """Blocks of each stage; a block that opens one has a projection of its own."""
    opening = [block for block in range(total) if f"image_encoder.trunk.blocks.{block}.proj.weight" in tensors]
    starts = [0, *opening, total]
    blocks = tuple(end - start for start, end in zip(starts, starts[1:]))
    if len(blocks) != 4 or min(blocks) < 1:
        raise Fault("checkpoint_mismatch", file=file, network="SAM 2", why=f"its trunk opens stages at the blocks {opening} of {total}, where four stages are needed")
    return blocks


def numbers_of(metadata: dict[str, str], key: str, otherwise: tuple[int, ...] | None, file: str) -> tuple[int, ...]:
    text = metadata.get(key)
    if text is None and otherwise is not None:
        return tuple(otherwise)
    if text is None or not re.fullmatch(r"\s*(\d{1,9}(\s*,\s*\d{1,9})*)?\s*", text):
        raise Fault("checkpoint_metadata", file=file, key=key, why="its size is not an official one" if text is None else f"{text[:80]!r} is no list of numbers")
    return tuple(int(part) for part in text.split(",") if part.strip())


def side_of(metadata: dict[str, str], asked: int | None) -> int:
    said = str(asked if asked is not None else metadata.get("masklet.image_size", "1024"))
    side = int(said) if re.fullmatch(r"\d{1,6}", said) else 0
    if side <= 0 or side % 32 != 0 or side > LARGEST_INPUT:
        raise Fault("image_size_invalid", imageSize=said[:40], multiple=32, limit=LARGEST_INPUT)
    return side


