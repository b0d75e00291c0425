"""compare.py SOURCE SCHEMA [catalogue] - verdicts of a stock validator and of Sluice on the same files."""
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
    "random_edge": "two numbers together: threshold and base",
    "limit_frames": "two numbers together: frames_max and plans_max",
    "p_percent_fine": "decimals as they are written: validators read binary fractions",
}

BEYOND_CATALOGUE = {
    "enum_number_and_its_text": "a number and its text are one value of a source",
    "unit_column_unknown": "one place names another: fields",
    "reference_key_unknown": "one place names another: fields",
    "label_of_nobody": "one place names another: the enum",
    "domain_unknown": "one place names another: resources",
    "domain_no_reference": "one place names another: resources",
    "attribute_with_a_domain": "one place names another: which table is a reference",
    "scale_missing": "one place names another: only the unit column needs none",
    "field_twice": "names among others: a schema compares whole objects",
    "resource_twice": "names among others: a schema compares whole objects",
    "label_twice": "names among others: a schema compares whole objects",
    "bands_label_twice": "names among others: a schema compares whole objects",
    "public_unknown_column": "one place names another: fields",
    "public_unit": "one place names another: fields",
    "public_free_text": "one place names another: fields",
    "public_name_twice": "names among others: a schema compares whole objects",
    "true_is_false": "two values together",
    "bands_fall": "two numbers together: cut points rise",
    "bands_overlap": "two numbers together: bands",
    "minimum_above_maximum": "two numbers together: minimum and maximum",
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


def faults(source, kind):
    with open(os.path.join(source, f"tests/unit/policy/test_{kind}_faults.c"), encoding="utf-8") as f:
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


def import_says(text):
    """A catalogue is judged when it is imported, before its tables are looked for."""
    with open("tried.json", "w", encoding="utf-8", errors="surrogateescape") as f:
        f.write(text)
    ran = subprocess.run(["sluice", "data", "import", "tried.json"], capture_output=True, text=True)
    missing = re.search(r"tried\.json:[0-9]+:[0-9]+: cannot open .* No such file", ran.stderr) is not None
    assert missing or re.search(r"^sluice: tried\.json:[0-9]+:[0-9]+: ", ran.stderr), ran.stderr
    return missing


def lint_says(text):
    with open("tried.json", "w", encoding="utf-8", errors="surrogateescape") as f:
        f.write(text)
    env = {k: v for k, v in os.environ.items() if k != "SLUICE_DIR"}
    return subprocess.run(["sluice", "policy", "lint", "tried.json"], env=env, capture_output=True).returncode in (0, 1)


def main(source, schema, kind="policy"):
    with open(schema, encoding="utf-8") as f:
        schema = json.load(f)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    ours, beyond, good = {"policy": (lint_says, BEYOND, "policy/demo.json"),
                          "catalogue": (import_says, BEYOND_CATALOGUE, "catalogue/study.json")}[kind]
    with open(os.path.join(source, "tests/data", good), encoding="utf-8") as f:
        good = f.read()
    tried, wrong = 0, []
    for name, a, b in [("demo", "demo", "demo")] + list(faults(source, kind)):
        text = good.replace(a, b, 1)
        tried += 1
        says, said = stock(validator, text), ours(text)
        if (says != said) != (name in beyond):
            wrong.append(f"{name}: the schema says {says}, Sluice {said}")
    print(f"{tried} files, {len(beyond)} beyond a schema")
    print("\n".join(wrong))
    return 1 if wrong or tried < 60 else 0


sys.exit(main(*sys.argv[1:]))
