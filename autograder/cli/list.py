"""`course list`."""

from __future__ import annotations

import click

from autograder.cli.output import json_option, print_json, print_table


@click.command("list")
@json_option
def command(as_json: bool) -> None:
    """List assignments, questions, kinds and points.

    Example: course list
    """
    from autograder.course import find_course

    course = find_course()
    loaded = [course.load(name) for name in course.names()]
    if as_json:
        print_json(
            {
                "assignments": [
                    {
                        "name": each.name,
                        "title": each.rubric.title,
                        "points": each.rubric.points,
                        "questions": [
                            {"name": question.name, "kind": question.kind, "points": question.points}
                            for question in each.rubric.questions
                        ],
                    }
                    for each in loaded
                ]
            }
        )
        return
    rows = [
        (each.name, question.name, question.kind, question.points)
        for each in loaded
        for question in each.rubric.questions
    ]
    print_table(("assignment", "question", "kind", "points"), rows)
