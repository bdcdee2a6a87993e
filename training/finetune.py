"""Fine-tunes SAM 2 on a training set of Masklet. Progress goes to stdout, one JSON object a line; `masklet finetune` reads it.

    python finetune.py --data set/ --base weights.safetensors --output tuned.safetensors [--train decoder|memory|all] ...
    python finetune.py --resume tuned.run [--steps N]
"""
import argparse
import os
import sys
import traceback
from pathlib import Path


def options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0], allow_abbrev=False)
    add = parser.add_argument
    add("--data"), add("--base"), add("--base-licence"), add("--output"), add("--resume")
    add("--train", choices=("decoder", "memory", "all"), default="decoder")
    for name, kind in (("steps", int), ("epochs", int), ("batch", int), ("rate", float), ("seed", int), ("sigma", float), ("clip", int), ("corrections", int),
                       ("variants", int), ("check-every", int), ("check-objects", int), ("patience", int), ("ema", float), ("image-size", int), ("threads", int)):
        add(f"--{name}", type=kind)
    add("--device", choices=("auto", "cpu", "cuda"), default="auto")
    add("--precision", choices=("auto", "fp32", "bf16"))
    add("--weights", choices=("fp16", "fp32"), default="fp16")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    asked = options(arguments)
    # Said first, because loading torch takes seconds.
    from faults import Fault, say
    try:
        import run as whole
        whole.run(asked)
        return 0
    except Fault as fault:
        say("error", code=fault.code, details=fault.details)
        return 3
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        memory = "out of memory" in str(error).lower() or isinstance(error, MemoryError)
        why = "there was too little memory; use a smaller --batch or --clip" if memory else f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else 'no message'} ({Path(where.filename).name}:{where.lineno})"
        traceback.print_exc(file=sys.stderr)
        say("error", code="finetune_failed", details={"why": why[:300]})
        return 1


if __name__ == "__main__":
    # Some operations of CUDA are repeatable only so; must be set before torch is loaded.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    sys.exit(main(sys.argv[1:]))
