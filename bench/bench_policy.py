"""bench_policy.py DATA PLAY - the example's policy, filled in, with a second project that is granted the readings."""
import datetime
import hashlib
import json
import pathlib
import sys

data, play = map(pathlib.Path, sys.argv[1:])
text = (data / "policy.json").read_text()
for who in ("olga", "rui", "ana"):
    key = " ".join((play / f"{who}.pub").read_text().split()[:2])
    text = text.replace(f"@{who.upper()}@", key)
text = text.replace("@CATALOGUE@", hashlib.sha256((data / "datapackage.json").read_bytes()).hexdigest())
text = text.replace("@EXPIRES@", str(datetime.date.today() + datetime.timedelta(days=200)))
policy = json.loads(text)
policy["projects"]["readings"] = dict(policy["projects"]["liver"], purpose="How high readings are",
                                      tables={"study.labs": {"test": ["group"], "value": ["measure"]}})
# What is measured is the work; a slot would only hide it.
policy["limits"] = {"slot_ms": 0}
json.dump(policy, sys.stdout, indent=2)
