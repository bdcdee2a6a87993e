"""Loss and held-out Dice over the steps: curves.csv, and the same as pictures."""
import csv
import io
import math
from pathlib import Path

from checkpoint import write_whole

NAMES = {"box": "one box, one plane", "click": "one click, one plane", "clip_box": "one box, clip", "clip_click": "one click, clip"}


def write_curves(stem: Path, curves: list[dict[str, float]]) -> None:
    """@param stem a path without suffix @param curves rows of step, loss, dice and a value for each kind"""
    columns = ["step", "loss", *[name for name in curves[0] if name not in ("step", "loss")]]
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(columns)
    for row in curves:
        table.writerow(["" if isinstance(row[name], float) and math.isnan(row[name]) else round(row[name], 6) for name in columns])
    write_whole(stem.with_name(f"{stem.name}.curves.csv"), text.getvalue())
    for suffix in ("png", "svg"):
        write_whole(stem.with_name(f"{stem.name}.curves.{suffix}"), picture(curves, suffix))


def picture(curves: list[dict[str, float]], kind: str) -> bytes:
    # Slow to load, and needed once.
    import matplotlib
    matplotlib.use("Agg")
    matplotlib.rcParams["svg.hashsalt"] = "masklet"
    from matplotlib import pyplot

    figure, (upper, lower) = pyplot.subplots(2, 1, sharex=True, figsize=(7, 6), layout="constrained")
    steps = [row["step"] for row in curves]
    upper.plot(steps, [row["loss"] for row in curves], color="black", marker=".")
    upper.set_ylabel("mean loss of a pass")
    for name, said in NAMES.items():
        if name in curves[0]:
            lower.plot(steps, [row[name] for row in curves], marker=".", label=said)
    lower.set_ylabel("held-out Dice")
    lower.set_xlabel("step")
    lower.legend(fontsize="small")
    for axes in (upper, lower):
        axes.grid(alpha=0.3)
    held = io.BytesIO()
    figure.savefig(held, format=kind, dpi=120, metadata={"Date": None} if kind == "svg" else None)
    pyplot.close(figure)
    return held.getvalue()
