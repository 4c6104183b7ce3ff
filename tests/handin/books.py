"""Notebooks of 01_convolution as tests change them, and whether their questions still find the right answers."""

from autograder.handin.match import find_answer, program

QUESTIONS = ("conv1d", "conv_output_shape", "conv2d")


def right(handin, solved, stubs):
    """Questions whose program, run, leaves a function of the solution's code behind."""
    return {name for name in QUESTIONS if runs_like(handin, name, solved[name], stubs.get(name, ""))}


def runs_like(handin, name, solution, stub):
    answer = find_answer(handin, name, stub)
    if answer is None:
        return False
    namespace, expected = {"np": None, "__name__": "x"}, {}
    for _, source in program(handin, answer, [("<given cell>", "np = None")], name).cells:
        try:
            exec(source, namespace)
        except Exception:
            continue
    exec(solution, expected)
    made = namespace.get(name)
    return hasattr(made, "__code__") and made.__code__.co_code == expected[name].__code__.co_code


def grade_id(cell):
    return cell["metadata"].get("nbgrader", {}).get("grade_id")


def at(book, name):
    return next(index for index, cell in enumerate(book["cells"]) if grade_id(cell) == name)


def code(source, **metadata):
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": [], "execution_count": None}
