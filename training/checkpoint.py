"""Reads and writes weights: the files that `masklet models add` takes under official names."""
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from faults import Fault
from network import Network, Size, build
from network_size import size_of

PATCH_EMBEDDING = "image_encoder.trunk.patch_embed.proj.weight"
TRANSFORMERS_PATCH_EMBEDDING = "vision_encoder.backbone.patch_embed.projection.weight"


@dataclass(frozen=True)
class Base:
    """The network that a training begins with."""

    network: Network
    metadata: dict[str, str]  # of the file; empty for .pt
    sha256: str
    name: str


def open_base(path: str | Path, image_size: int | None = None) -> Base:
    """@returns a Base in float32, evaluation mode. @raises Fault file_missing, checkpoint_invalid, checkpoint_unsupported,
    checkpoint_mismatch, checkpoint_metadata, image_size_invalid, weights_not_finite"""
    path = Path(path)
    if not path.is_file():
        raise Fault("file_missing", file=str(path))
    tensors, metadata = read_tensors(path)
    for name, value in tensors.items():
        if value.is_floating_point() and not bool(torch.isfinite(value).all()):
            raise Fault("weights_not_finite", file=str(path), tensor=name, count=int((~torch.isfinite(value)).sum()))
    network = build(size_of(tensors, metadata, str(path), image_size))
    wanted = network.state_dict()
    missing = [name for name in wanted if name not in tensors]
    unfit = [name for name in wanted if name in tensors and tensors[name].shape != wanted[name].shape]
    if missing or unfit:
        why = f"{len(missing)} tensors are missing ({', '.join(missing[:4])})" if missing else f"{unfit[0]} has the shape {list(tensors[unfit[0]].shape)} where {list(wanted[unfit[0]].shape)} is needed"
        raise Fault("checkpoint_mismatch", file=str(path), network="SAM 2", why=why)
    network.load_state_dict({name: tensors[name].float() for name in wanted})
    return Base(network, metadata, file_sha256(path), path.name)


def read_tensors(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """@returns tensors by name, and metadata"""
    if path.suffix == ".safetensors":
        try:
            with safe_open(path, "pt") as file:
                tensors, metadata = {name: file.get_tensor(name) for name in file.keys()}, dict(file.metadata() or {})
        except SafetensorError as error:
            raise Fault("checkpoint_invalid", file=str(path), why=str(error)[:200]) from error
    else:
        try:
            # Weights alone: nothing in the file is executed.
            held = torch.load(path, map_location="cpu", weights_only=True)
        except Exception as error:
            raise Fault("checkpoint_invalid", file=str(path), why=first_line(error)) from error
        held = held.get("model", held) if isinstance(held, dict) else {}
        tensors, metadata = {name: value for name, value in held.items() if isinstance(value, torch.Tensor)}, {}
    if PATCH_EMBEDDING not in tensors:
        other = TRANSFORMERS_PATCH_EMBEDDING in tensors
        why = "its tensors have the names of transformers, and training needs the official ones; give the .pt that SAM 2 publishes" if other else f"it has no {PATCH_EMBEDDING}"
        raise Fault("checkpoint_mismatch", file=str(path), network="SAM 2", why=why)
    return tensors, metadata


def first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


def file_sha256(path: str | Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def metadata_of(size: Size) -> dict[str, str]:
    """What tensors cannot say, as Masklet reads it."""
    numbers = lambda values: ",".join(str(value) for value in values)
    return {
        "masklet.family": "sam2.1" if size.occlusion else "sam2", "masklet.image_size": str(size.image_size),
        "masklet.heads": numbers(size.heads * 2**stage for stage in range(4)), "masklet.global_blocks": numbers(size.global_blocks),
        "masklet.windows": numbers(size.windows), "masklet.decoder_heads": str(size.decoder_heads),
    }


def save_weights(path: str | Path, network: Network, metadata: dict[str, str], dtype: torch.dtype) -> None:
    """Whole or not at all. @param metadata strings, beside what metadata_of says"""
    tensors = {name: value.detach().to("cpu", dtype).contiguous() for name, value in network.state_dict().items()}
    for name, value in tensors.items():
        if not bool(torch.isfinite(value).all()):
            raise Fault("weights_not_finite", file=str(path), tensor=name, count=int((~torch.isfinite(value)).sum()))
    write_whole(path, save(tensors, metadata={**metadata_of(network.size), **metadata}))


def write_whole(path: str | Path, data: bytes | str) -> None:
    """Bytes or text in place of what was there, whole at every moment. @raises Fault disk_full, file_not_written"""
    path = Path(path)
    half = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(half, "wb") as file:
            file.write(data.encode() if isinstance(data, str) else data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, path)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise (Fault("disk_full", file=str(path)) if error.errno == 28 else Fault("file_not_written", file=str(path), why=error.strerror or str(error))) from error
