"""compare.py SOURCE SCHEMA - verdicts of a stock validator and of Sluice on the same policy files."""
import ast
import json
import os
import re
import subprocess
import sys

import jsonschema

# What a schema cannot say, by the name of the fault.
BEYOND = {
    "exception_of_nobody": "one place names another: people",
    "analyst_unknown": "one place names another: people",
    "analyst_without_role": "one place names another: a person's roles",
    "refresh_not_pinned": "one place names another: catalogues",
    "table_other_dataset": "one place names another: catalogues",
    "table_unpinned": "one place names another: catalogues",
    "refresh_no_day": "which days a month has",
    "expires_no_date": "which days a month has",
    "round_edge": "two numbers together: threshold and base",
    "limit_frames": "two numbers together: frames_max and plans_max",
    "p_percent_fine": "decimals as they are written: validators read binary fractions",
}


def literals(text):
    """The C texts of one initialiser, neighbours joined."""
    items, current = [], None
    for token in re.findall(r'"(?:[^"\\]|\\.)*"|,', text):
        if token == ",":
            if current is not None:
                items.append(current)
            current = None
        else:
            value = ast.literal_eval("b" + token) if token.isascii() else ast.literal_eval(token).encode()
            current = (current or b"") + value
    return items + ([current] if current is not None else [])


def faults(source):
    with open(os.path.join(source, "tests/unit/policy/test_policy_faults.c"), encoding="utf-8") as f:
        text = f.read()
    for body in re.findall(r"^\t\{\n(.*?)^\t\},", text, re.S | re.M):
        parts = literals(body)
        if len(parts) == 4:
            yield [p.decode("utf-8", "surrogateescape") for p in parts[:3]]


def unique(pairs):
    keys = [k for k, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError("a key twice")
    return dict(pairs)


def stock(validator, text):
    try:
        return validator.is_valid(json.loads(text, object_pairs_hook=unique))
    except ValueError:
        return False


def ours(text):
    with open("tried.json", "w", encoding="utf-8", errors="surrogateescape") as f:
        f.write(text)
    env = {k: v for k, v in os.environ.items() if k != "SLUICE_DIR"}
    return subprocess.run(["sluice", "policy", "lint", "tried.json"], env=env, capture_output=True).returncode in (0, 1)


def main(source, schema):
    with open(schema, encoding="utf-8") as f:
        schema = json.load(f)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    with open(os.path.join(source, "tests/data/policy/demo.json"), encoding="utf-8") as f:
        good = f.read()
    tried, wrong = 0, []
    for name, a, b in [("demo", "demo", "demo")] + list(faults(source)):
        text = good.replace(a, b, 1)
        tried += 1
        says, said = stock(validator, text), ours(text)
        if (says != said) != (name in BEYOND):
            wrong.append(f"{name}: the schema says {says}, Sluice {said}")
    print(f"{tried} files, {len(BEYOND)} beyond a schema")
    print("\n".join(wrong))
    return 1 if wrong or tried < 60 else 0


sys.exit(main(*sys.argv[1:]))
