"""descend: 6 points. Steps with momentum, then noise, then the drop of the rate; losses and end earn alone."""

import numpy as np

from autograder.rubric import Function, Group, Mistake, any_of, case, entries, numbers

NAMES = ("the losses", "the end")
ONLY_LOSSES, ONLY_END = (entries(place, of=NAMES) for place in range(2))


def valley(weights):
    """A start and how steep each direction is: all above 0, none equal."""
    return numbers(weights), numbers(weights).map(lambda each: np.abs(each) + np.arange(1, len(each) + 1))


def quiet(updates, weights):
    """No noise."""
    return numbers(updates, weights).map(np.zeros_like)


# --- right answers in other styles ------------------------------------------------------------------------------------


def by_recursion(start, steepness, noise, rate, drop):
    """One weight after the other, with Python's own numbers."""
    losses, end = np.zeros(len(noise)), []
    for w, steep, pushes in zip(start.tolist(), steepness.tolist(), noise.T.tolist()):
        v = 0.0
        for update, push in enumerate(pushes):
            losses[update] += 0.5 * steep * w * w
            v = 0.9 * v - (rate if update < drop else 0.1 * rate) * (steep * w + push)
            w += v
        end.append(w)
    return losses, np.array(end)


def by_list_of_rates(start, steepness, noise, rate, drop):
    """All rates first; lists instead of arrays, as a list."""
    rates = np.where(np.arange(len(noise)) < drop, rate, rate / 10)
    w, v, losses = np.array(start), 0 * start, []
    for each, push in zip(rates, noise):
        losses.append(steepness @ w**2 / 2)
        v = 0.9 * v - each * steepness * w - each * push
        w = w + v
    return [np.array(losses), w]


descend = Function(
    "descend",
    points=6,
    groups=[
        Group("the losses", 2, [
            case("one weight, no noise, no drop", *valley(1), quiet(4, 1), any_of(0.125, 0.25), 9, holds=ONLY_LOSSES),
            case("three weights, no noise, no drop", *valley(3), quiet(any_of(5, 4, 6), 3), 0.125, 9, holds=ONLY_LOSSES),
        ]),
        Group("the end", 1, [
            case("where three weights end", *valley(3), quiet(any_of(5, 4, 6), 3), 0.125, 9, holds=ONLY_END),
        ]),
        Group("noise", 1, [
            case("noise in the gradient", *valley(2), numbers(any_of(5, 4, 6), 2), 0.125, 9),
        ]),
        Group("the drop", 2, [
            case("the rate drops", *valley(2), numbers(7, 2), 0.125, any_of(3, 2, 4), fresh=2),
            case("the rate drops before the last update", *valley(2), numbers(5, 2), 0.25, 4),
        ]),
    ],
    mistakes=[
        Mistake("never dropped", edit=("if update == drop:", "if False:"),
                say="The rate never drops: all updates are made with `rate`."),
        Mistake("one update late", edit=("if update == drop:", "if update == drop + 1:"),
                say="The rate drops one update too late: `drop` updates are made with the large one, no more."),
        Mistake("one update early", edit=("if update == drop:", "if update == drop - 1:"),
                say="The rate drops one update too early: `drop` updates are made with the large one."),
        Mistake("dropped again and again", edit=("if update == drop:", "if update >= drop:"),
                say="The rate is divided by 10 at each update from the drop on. It drops once and stays there."),
        Mistake("no momentum", edit=("velocity = 0.9 * velocity - rate * gradient", "velocity = -rate * gradient"),
                say="These are plain steps downhill: each one forgets the one before. The velocity keeps 0.9 of itself."),
        Mistake("momentum lost at the drop", edit=("rate = rate / 10", "rate, velocity = rate / 10, np.zeros(len(start))"),
                say="At the drop your velocity begins at 0 again. Only the rate changes; the velocity goes on."),
        Mistake("velocity without the rate",
                edit=("velocity = 0.9 * velocity - rate * gradient\n        w = w + velocity",
                      "velocity = 0.9 * velocity - gradient\n        w = w + rate * velocity"),
                say="Your rate multiplies the whole velocity, so a drop also slows what was gathered before. It belongs to the gradient alone."),
        Mistake("uphill", edit=("velocity = 0.9 * velocity - rate", "velocity = 0.9 * velocity + rate"),
                say="You step along the gradient. Downhill is against it."),
        Mistake("noise ignored", edit=("steepness * w + noise[update]", "steepness * w"),
                say="`noise` has no effect: it is added to the gradient of each update."),
        Mistake("one noise for all", edit=("noise[update]", "noise[0]"),
                say="Every update of yours gets the first row of `noise`. Each has a row of its own."),
        Mistake("loss behind the update",
                edit=("        losses[update] = (steepness * w**2).sum() / 2\n        gradient = steepness * w + noise[update]\n        velocity = 0.9 * velocity - rate * gradient\n        w = w + velocity\n",
                      "        gradient = steepness * w + noise[update]\n        velocity = 0.9 * velocity - rate * gradient\n        w = w + velocity\n        losses[update] = (steepness * w**2).sum() / 2\n"),
                say="Your losses are those behind each update. Asked are those in front of it: the first one is that of `start`."),
        Mistake("half forgotten", edit=("(steepness * w**2).sum() / 2", "(steepness * w**2).sum()"),
                say="Your losses are twice as large as the formula says: there is a ½ in it."),
        Mistake("steepness forgotten in the gradient", edit=("gradient = steepness * w +", "gradient = w +"),
                say="Your gradient is the same in all directions. The derivative of ½ s w² is s w."),
        Mistake("works on the start itself", by=lambda right, start, *rest: (right(start, *rest), start.fill(0))[0],
                say="Your function changes `start`. Whoever called it may want to begin there again: work on a copy."),
    ],
    variants=[by_recursion, by_list_of_rates],
    terms=lambda inputs: 4**len(inputs["noise"]),
    decimals=12,
)
