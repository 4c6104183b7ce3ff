"""data_*.png: a contact sheet of each embedded data set."""

from __future__ import annotations

from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("agg")
import matplotlib.pyplot as plt

from common.data import Dataset, SceneExamples, digits, glyphs, scenes

DOTS = {"dpi": 100, "metadata": {"Software": None}}  # no version in the file
COLOURS = matplotlib.colors.ListedColormap(["black", *plt.get_cmap("Set2").colors, "white"])


def by_class(data: Dataset, path: Path, zoom: float, shown: tuple[int, int] = (12, 6)) -> None:
    """A row for each class, its name in front: `shown` images to train on, then after a gap some to test on."""
    height, width, channels = data.train.images.shape[1:]
    train, test = shown
    rows, gaps = [], ((0, 0), (0, 1), (0, 1), (0, 0))
    for label in range(len(data.classes)):
        row = []
        for part, count in ((data.train, train), (data.test, test)):
            row += [*np.pad(part.images[part.labels == label][:count], gaps, constant_values=255)]
            row.append(np.full((height + 1, width // 2, channels), 255, np.uint8))
        rows.append(np.concatenate(row[:-1], axis=1))
    sheet = np.concatenate(rows)
    size = (sheet.shape[1] * zoom / 100 + 0.9, sheet.shape[0] * zoom / 100 + 0.35)
    figure = plt.figure(figsize=size)
    axis = figure.add_axes((0.85 / size[0], 0.02 / size[1], sheet.shape[1] * zoom / 100 / size[0], 1 - 0.37 / size[1]))
    axis.imshow(sheet.squeeze(), cmap="gray", interpolation="nearest", aspect="auto")
    axis.set_yticks((np.arange(len(data.classes)) + 0.5) * (height + 1), data.classes, fontsize=12)
    ends = train * (width + 1)
    axis.set_xticks([ends / 2, (ends + width / 2 + sheet.shape[1]) / 2], ["train", "test"], fontsize=12)
    axis.xaxis.tick_top()
    axis.tick_params(length=0)
    axis.spines[:].set_visible(False)
    figure.savefig(path, **DOTS)
    plt.close(figure)


def labelled(examples: SceneExamples, parts: tuple[str, ...], concepts: tuple[str, ...], path: Path) -> None:
    """One scene of each class with all that is known about it: box, keypoints, mask of parts, concepts."""
    chosen = [int(np.flatnonzero(examples.labels == label)[1]) for label in range(10)]
    figure, axes = plt.subplots(4, 5, figsize=(11, 9.6), layout="constrained")
    for place, number in enumerate(chosen):
        above, below = axes[place // 5 * 2, place % 5], axes[place // 5 * 2 + 1, place % 5]
        above.imshow(examples.images[number])
        top, left, bottom, right = examples.boxes[number]
        box = plt.Rectangle((left - 0.5, top - 0.5), right - left, bottom - top, fill=False, edgecolor="lime")
        above.add_patch(box)
        named = [name for name, seen in zip(concepts, examples.concepts[number], strict=True) if seen]
        above.set_title("\n".join([", ".join(named[:-3]), ", ".join(named[-3:])]), fontsize=7)
        _, colours = np.unique(examples.masks[number], return_inverse=True)
        below.imshow(colours.reshape(examples.masks[number].shape), cmap=COLOURS, vmax=9, interpolation="nearest")
        for part, (row, column) in zip(parts, examples.keypoints[number], strict=True):
            if not np.isnan(row):
                below.plot(column - 0.5, row - 0.5, ".", color="white", markeredgecolor="black")
                below.text(column + 1, row - 1, part, fontsize=8, color="white")
    for axis in axes.flat:
        axis.set_axis_off()
    figure.savefig(path, **DOTS)
    plt.close(figure)


def make(images: Path) -> None:
    """Draw all of them."""
    by_class(digits(), images / "data_digits.png", zoom=4)
    by_class(glyphs(train=1000, test=500), images / "data_glyphs.png", zoom=1.4)
    by_class(scenes(train=1000, test=500), images / "data_scenes.png", zoom=1.25, shown=(8, 4))
    large = scenes(train=0, validation=0, test=100, side=64)
    labelled(large.test, large.parts, large.concepts, images / "data_scenes_labels.png")
