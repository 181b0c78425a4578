"""Lines of a TOML text."""

from yika.standards.lines import lines_of, nearest

TEXT = '''a = 1
# [no] = "table"
[t]
"quoted key" = 'x # y'
long = """
[not.a.table]
b = 2
"""
many = [
  "]", # ]
  "[[x]]",
]
inline = { c = 3 }
after = 1

[[rows]]
k = 1
[rows.sub]
z = 1
[[rows]]
k = \'\'\'
k = 9
\'\'\'
n.m = 1
'''


def test_every_key_has_its_line() -> None:
    lines = lines_of(TEXT)
    wanted = {
        ("a",): 1,
        ("t",): 3,
        ("t", "quoted key"): 4,
        ("t", "long"): 5,
        ("t", "many"): 9,
        ("t", "inline"): 13,
        ("t", "after"): 14,
        ("rows",): 16,
        ("rows", 0): 16,
        ("rows", 0, "k"): 17,
        ("rows", 0, "sub"): 18,
        ("rows", 0, "sub", "z"): 19,
        ("rows", 1): 20,
        ("rows", 1, "k"): 21,
        ("rows", 1, "n"): 24,
        ("rows", 1, "n", "m"): 24,
    }
    assert dict(lines) == wanted


def test_what_has_no_line_of_its_own_has_that_around_it() -> None:
    lines = lines_of(TEXT)
    assert nearest(lines, ("t", "inline", "c")) == 13
    assert nearest(lines, ("rows", 1, "missing")) == 20
    assert nearest(lines, ("nowhere",)) == 1
