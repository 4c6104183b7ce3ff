"""What is compared of two models: how they compute, not what their layers are called."""

from __future__ import annotations


def test_names_of_layers_change_nothing_in_what_a_model_computes():
    import keras
    from keras import layers

    from common.models.architecture import hand_over, unnamed

    def forked(*names):
        x = keras.Input((4,), name=names[0])
        y = layers.Dense(4, name=names[1])(x)
        return keras.Model(x, layers.Add(name=names[2])([layers.Dense(4, name=names[3])(y), y]))

    first, second = hand_over(forked("a", "b", "c", "d")), hand_over(forked("relu", "linear", "a", "b"))
    assert first != second and unnamed(first) == unnamed(second)
    crossed = keras.Input((4,), name="a")
    y = layers.Dense(4, name="b")(crossed)
    other = keras.Model(crossed, layers.Add(name="c")([layers.Dense(4, name="d")(y), layers.Identity(name="e")(y)]))
    assert unnamed(hand_over(other)) != unnamed(first)


def test_a_models_output_is_computed_in_double_precision():
    import keras
    import numpy as np
    from keras import layers

    from common.models.architecture import hand_over
    from common.models.measure import measure

    model = keras.Sequential([keras.Input((3,)), layers.Dense(2, activation="tanh")])
    content, x = np.frombuffer(hand_over(model), np.uint8), np.full((1, 3), 0.125)
    out = measure(content, "function", x, 5, 100)
    assert (np.round(out, 9) == out).all()
    assert (out.astype(np.float32) != out).any()


def test_a_layer_without_a_call_is_an_error_in_the_students_line_while_the_stub_is_not_written_yet():
    import linecache

    import keras

    from common.calling import call
    from common.cases import Case, Outcome, Status
    from common.cases.judge import judge_case
    from common.models.architecture import build

    lines = ["import keras", "class Unit(keras.layers.Layer):", "    pass", "def net(x):", "    return Unit()(x)"]
    lines += ["def todo(x):", "    raise NotImplementedError"]
    linecache.cache["<cell>"] = (0, None, [f"{line}\n" for line in lines], "<cell>")
    cell: dict[str, object] = {}
    exec(compile("\n".join(lines), "<cell>", "exec"), cell)

    def judged(name):
        case = Case("a model", "all", {"arguments": {}}, Outcome({"total": 0}))
        inputs = {"x": keras.Input((4,))}
        return judge_case(case, call(lambda: build(cell[name], inputs), {}), "model")

    unwritten = judged("net")
    assert unwritten.status is Status.ERROR and "(line 5: `return Unit()(x)`)" in unwritten.why, unwritten.why
    assert judged("todo").status is Status.MISSING and judged("todo").why == "not written yet."


def test_a_model_read_from_a_file_can_stand_in_another_one_whatever_keras_has_counted_before():
    import keras
    from keras import layers

    from common.models.architecture import flatten, hand_over, rebuild
    from common.models.symbolic import numbered_anew

    with numbered_anew():
        inner = keras.Sequential([keras.Input((4,)), keras.Sequential([keras.Input((4,)), layers.Dense(3)])])
        content = hand_over(inner)
    assert b"convert_to_tensor" in content
    for counted in range(3):
        with numbered_anew():
            for _ in range(counted):
                keras.ops.convert_to_tensor(keras.Input((4,)))
            outer = keras.Sequential([keras.Input((4,)), layers.Rescaling(2.0), rebuild(content)])
            assert [each.name for each in flatten(outer).layers][-1].startswith("dense")
