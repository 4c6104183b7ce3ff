"""The questions of nbgrader's own fixture notebooks: a value and an answer in words."""

from autograder.rubric import Assignment, Entry, Mistake, Values, Written

a = Values("a", points=1, entries=[Entry("a", 1)],
           mistakes=[Mistake("two", edit=('a["a"] = 1', 'a["a"] = 2'), say="One is enough.")])

baz = Written("baz", points=2, marks=[(2, "anything")])

assignment = Assignment("A problem set", minutes=5, questions=[a, baz])
