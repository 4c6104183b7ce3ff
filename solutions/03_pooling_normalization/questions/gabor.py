"""gabor: 5 points. All but one group use odd waves on odd sizes, whose mean is 0 anyway: keeping the mean costs one group.

No sigma is 2: there, 2σ² with its 2 or its square forgotten gives the same.
"""

import numpy as np

from autograder.rubric import Function, Group, Mistake, any_of, case

QUARTER = np.pi / 2


def by_complex_wave(size, wavelength, angle, phase, sigma):
    """The real part of a turned complex wave; the bump as an outer product."""
    place = np.linspace(-(size - 1) / 2, (size - 1) / 2, size)
    bump = np.exp(-(place**2) / (2 * sigma**2))
    wave = np.exp(2j * np.pi / wavelength * np.add.outer(place * np.sin(angle), place * np.cos(angle)) + 1j * phase)
    kernel = (wave * np.outer(bump, bump)).real
    return (kernel - kernel.sum() / size**2).astype(np.float32)


def by_loops(size, wavelength, angle, phase, sigma):
    """One pixel at a time."""
    kernel, middle = np.zeros((size, size)), (size - 1) / 2
    for i, j in np.ndindex(size, size):
        x, y = j - middle, i - middle
        t = x * np.cos(angle) + y * np.sin(angle)
        kernel[i, j] = np.exp(-0.5 * (x * x + y * y) / sigma**2) * np.cos(2 * np.pi * t / wavelength + phase)
    return kernel - np.mean(kernel)


gabor = Function(
    "gabor",
    points=5,
    groups=[
        Group("a wave from left to right", 1, [
            case("angle 0, quarter wave", any_of(7, 9, 11), any_of(5.0, 6.0, 7.5), 0.0, QUARTER, any_of(1.5, 1.75, 3.0)),
        ]),
        Group("other directions", 1, [
            case("angle 90 degrees", any_of(7, 9), any_of(4.5, 6.0), QUARTER, QUARTER, any_of(1.75, 2.5)),
            case("a slanted wave", any_of(9, 7, 11), any_of(5.0, 6.5), any_of(0.6, 1.1, 2.3), QUARTER, any_of(1.75, 1.5), fresh=2),
        ]),
        Group("other phases, mean 0", 2, [
            case("phase 0", any_of(7, 9), any_of(5.0, 6.0), 0.0, 0.0, any_of(1.75, 1.5)),
            case("a phase of 1", any_of(9, 7), any_of(6.0, 4.5), any_of(0.4, 1.0), any_of(1.0, 0.7, 2.0), 1.75),
        ]),
        Group("even sizes", 1, [
            case("no pixel in the middle", any_of(8, 6, 10), any_of(5.0, 6.0), any_of(0.5, 1.2), QUARTER, any_of(1.75, 1.5)),
        ]),
    ],
    mistakes=[
        Mistake("rows and columns swapped", edit=('indexing="ij"', 'indexing="xy"'),
                say="`x` and `y` have changed places: `x` counts columns to the right, `y` counts rows downward."),
        Mistake("wave along the stripes", edit=("x * np.cos(angle) + y * np.sin(angle)", "y * np.cos(angle) - x * np.sin(angle)"),
                say="Your wave runs a quarter turn off. `angle` is the direction in which it goes up and down."),
        Mistake("turned the other way", edit=("x * np.cos(angle) + y * np.sin(angle)", "x * np.cos(angle) - y * np.sin(angle)"),
                say="The wave turns the other way round: `y` counts downward."),
        Mistake("angle in degrees", by=lambda right, size, wavelength, angle, phase, sigma:
                right(size, wavelength, np.radians(angle), phase, sigma),
                say="The angle is taken for degrees. It comes in radians, as `np.cos` wants it."),
        Mistake("wavelength taken for a frequency", edit=("along / wavelength", "along * wavelength"),
                say="You multiply by the wavelength. A longer wave goes up and down more slowly."),
        Mistake("no 2 pi", edit=("2 * np.pi * along", "along"),
                say="A full wave of the cosine is 2π long: one `wavelength` must make it go round once."),
        Mistake("2 missing in the bump", edit=("(2 * sigma**2)", "(sigma**2)"),
                say="The bump is too narrow: 2σ² stands below, not σ²."),
        Mistake("sigma not squared", edit=("(2 * sigma**2)", "(2 * sigma)"),
                say="The bump has σ in place of σ²."),
        Mistake("times sigma squared", edit=("/ (2 * sigma**2)", "/ 2 * sigma**2"),
                say="You divide by 2 and then multiply by σ². All of 2σ² stands below: it needs brackets."),
        Mistake("no bump", edit=("wave * bump", "wave"),
                say="The bump is missing: the wave goes on at full strength to the edge."),
        Mistake("middle on a pixel", edit=("(size - 1) / 2", "size // 2"),
                say="Your middle lies on a pixel even when the size is even. It is at (size − 1)/2."),
        Mistake("mean kept", edit=("kernel - kernel.mean()", "kernel"),
                say="The mean of the kernel is still in it, so it answers to mere light."),
        Mistake("mean of the wave taken off", edit=("kernel - kernel.mean()", "(wave - wave.mean()) * bump"),
                say="The mean was taken off before the bump came on, so the finished kernel's mean is not 0."),
        Mistake("phase ignored", edit=(" + phase", ""),
                say="`phase` has no effect in your kernel."),
        Mistake("phase taken off", edit=(" + phase", " - phase"),
                say="The phase is subtracted. The formula adds it."),
        Mistake("sine instead of cosine", edit=("np.cos(2 * np.pi", "np.sin(2 * np.pi"),
                say="Your wave is a sine. The formula has a cosine; `phase` makes the rest."),
        Mistake("scaled to weigh 1", edit=("kernel - kernel.mean()", "(kernel - kernel.mean()) / np.abs(kernel).sum()"),
                say="Your kernel is scaled once more. Only its mean is taken off."),
    ],
    variants=[by_complex_wave, by_loops],
    terms=lambda inputs: inputs["size"] ** 2,
)
