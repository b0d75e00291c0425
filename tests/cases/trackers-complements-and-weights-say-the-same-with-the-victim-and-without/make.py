"""make.py WORLD DIR - tables of made-up persons, each panel of them the ground of one attack, and one person, the victim.

Person 1 of a panel is its victim V. WORLD "with": V has what the attack asks about; "without": V has not, or is not there at
all. Nothing else differs.
"""
import csv
import os
import sys

world, folder = sys.argv[1:]
there = world == "with"
COLUMNS = ["id", "panel", "part", "age", "dx", "ill", "flag", "ward", "cost", "balance", "x", "y", "grade"]
persons, visits = [], []


def person(panel, part, **differs):
    """Age 50 is nobody's but V's: it is the proxy by which an attacker knows V."""
    i = len(persons) + 1
    row = {"id": i, "panel": panel, "part": part, "age": 20 + i % 30, "dx": "AB"[i % 2], "ill": i % 3 // 2, "flag": i % 2,
           "ward": f"w{3 + i % 2}", "cost": 100 + i % 7, "balance": 50 + i % 9, "x": i % 11, "y": 3 * (i % 11) + i % 4,
           "grade": i % 5}
    row.update(differs)
    persons.append(row)
    visits.extend((i, kind, 10 + i % 5) for kind in "ab")
    return i


def people(n, panel, part, **differs):
    for _ in range(n):
        person(panel, part, **differs)


# Four queries: P+Q+V, P+R, Q+S, R+S. Each pair differs by sixty; the first and the last less the others are V.
person("tracker", "t", age=50 if there else 51)
for letter in "pqrst":
    people(30, "tracker", letter)
# A, and A without V by proxy. A and B together, and A: V is all there is of B.
person("parts", "a" if there else "t", age=50)
people(30, "parts", "a")
person("parts", "b" if there else "t")
people(30, "parts", "t")
# All but one have diagnosis X, or all.
person("diagnosis", "p", dx="A" if there else "X")
people(40, "diagnosis", "p", dx="X")
for letter in "qr":
    people(20, "diagnosis", letter, dx="X")
    people(40, "diagnosis", letter)
# One ward has five persons, or six; its sibling, and the other districts, are large.
person("wards", "p", ward="w1" if there else "w3")
people(5, "wards", "p", ward="w1")
people(40, "wards", "p", ward="w2")
people(80, "wards", "p")
# Everybody ill but perhaps V; nobody but perhaps V; a mixture.
person("share", "p", ill=1 if there else 0)
people(30, "share", "p", ill=1)
person("share", "q", ill=0 if there else 1)
people(30, "share", "q", ill=0)
people(40, "share", "r")
people(30, "share", "s", flag=1)
# A heavy one; two that cancel each other; one who is heavy by many small rows.
heavy = 10**9 if there else 2 * 10**9
person("weight", "p", cost=heavy, balance=heavy)
person("weight", "p", cost=100, balance=-heavy)
people(30, "weight", "p")
people(30, "weight", "q")
# The greatest is far above all others.
person("extremes", "p", cost=heavy)
people(60, "extremes", "p")
# Eleven on a line but for V: nine degrees of freedom.
person("line", "p", y=90 if there else 20)
people(10, "line", "p")
people(30, "line", "q")
# Nine ill persons, and V.
person("nine", "p", ill=1 if there else 0, age=50)
people(9, "nine", "p", ill=1)
people(40, "nine", "p", ill=0)

# V's thousand visits of a kind that nobody else has, or none of it; and in a cell of many, a thousand visits or two.
visits.extend((1, "z", 10) for _ in range(1000 if there else 0))
visits.extend((2, "b", 1000) for _ in range(1000 if there else 2000))


def write(name, columns, rows):
    with open(os.path.join(folder, name), "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(columns)
        out.writerows(rows)


write("persons.csv", COLUMNS, ([row[c] for c in COLUMNS] for row in persons))
write("visits.csv", ["id", "kind", "amount"], visits)
write("wards.csv", ["code", "name", "district", "city"],
      [("w1", "First", "east", "one"), ("w2", "Second", "east", "one"), ("w3", "Third", "west", "one"),
       ("w4", "Fourth", "west", "one")])
