"""Data packages and policies that another reader might take for something else."""
import json

from hostile import write

write("t.csv", "id,v\n1,2\n")
with open("datapackage.json", encoding="utf-8") as file:
    package = file.read()
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGEfKUm2vXYJFKZ4jBSZUZC5DxkVYVVGRZ2nBmwd6QGx"
policy = json.dumps({
    "sluice_policy": 1, "enclave": "demo", "serial": 1, "officers_needed": 1,
    "people": {"olga": {"roles": ["officer"], "key": KEY}, "ana": {"roles": ["analyst"], "key": KEY}},
    "catalogues": {}, "disclosure": {"profile": "tre-uk", "threshold": 10}, "projects": {}})


def both(name, change):
    """One file of each kind; change gets the text, a name in it and a number in it."""
    write(f"{name}.json", change(package, '"name": "t"', '"level": 3'))
    write(f"{name}-policy.json", change(policy, '"enclave": "demo"', '"threshold": 10'))


both("twice", lambda text, name, number: text.replace(number, number + ", " + number.split(":")[0] + ": 0", 1))
both("behind", lambda text, name, number: text + "{}")
both("nul", lambda text, name, number: text.replace(name, name[:-1] + "\\u0000x\"", 1))
both("raw-nul", lambda text, name, number: text.replace(name, name[:-1] + "\0x\"", 1))
both("huge", lambda text, name, number: text.replace(number, number.split(":")[0] + ": 1e400", 1))
both("whole", lambda text, name, number: text.replace(number, number.split(":")[0] + ": 9223372036854775808", 1))
both("negative", lambda text, name, number: text.replace(number, number.split(":")[0] + ": -1", 1))
both("zero", lambda text, name, number: text.replace(number, number.split(":")[0] + ": -0.0", 1))
both("nan", lambda text, name, number: text.replace(number, number.split(":")[0] + ": NaN", 1))
both("text", lambda text, name, number: text.replace(number, number.split(":")[0] + ": \"10\"", 1))
both("list", lambda text, name, number: text.replace(name, name.split(":")[0] + ": [\"t\"]", 1))
both("deep", lambda text, name, number: text.replace(number, number.split(":")[0] + ": " + "[" * 100000, 1))
both("misspelt", lambda text, name, number: text.replace(number, number.replace("l", "I", 1).replace("t", "T", 1), 1))
both("surrogate", lambda text, name, number: text.replace(name, name[:-1] + "\\ud800\"", 1))
both("bytes", lambda text, name, number: text.replace(name, name[:-1] + "\udcff\"", 1).encode("utf-8", "surrogateescape"))
both("bidi", lambda text, name, number: text.replace(name, name[:-1] + "\u202e\"", 1))
both("comment", lambda text, name, number: text.replace(number, number + " /* 0 */", 1))
both("empty", lambda text, name, number: "")
both("large", lambda text, name, number: text + " " * (20 << 20))
