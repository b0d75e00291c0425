"""sign_anew.py BUNDLE KEY WHAT… - sign a bundle anew with another key, and compute again all that follows: WHAT is
any of key (enclave.pub.pem), note (log/checkpoint.txt), statement."""
import base64
import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path


def sign(key, data):
    with tempfile.NamedTemporaryFile() as text:
        text.write(data)
        text.flush()
        return subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", key, "-in", text.name], check=True,
                              capture_output=True).stdout


def public(key, form):
    return subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-outform", form], check=True,
                          capture_output=True).stdout


def sign_note(path, key):
    """C2SP signed note: the text, an empty line, and one signature line that begins with a hash of name and key."""
    text, _ = path.read_bytes().split(b"\n\n", 1)
    text += b"\n"
    name = text.split(b"\n", 1)[0]
    print_ = hashlib.sha256(name + b"\n\x01" + public(key, "DER")[-32:]).digest()[:4]
    line = base64.b64encode(print_ + sign(key, text)).decode()
    path.write_bytes(text + "\n— {} {}\n".format(name.decode(), line).encode())


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def pae(kind, payload):
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def main(bundle, key, what):
    bundle = Path(bundle)
    if "key" in what:
        (bundle / "enclave.pub.pem").write_bytes(public(key, "PEM"))
    if "note" in what:
        sign_note(bundle / "log/checkpoint.txt", key)
    envelope = json.loads((bundle / "statement.dsse.json").read_text())
    statement = json.loads(base64.b64decode(envelope["payload"]))
    for subject in statement["subject"]:
        subject["digest"]["sha256"] = hashlib.sha256((bundle / subject["name"]).read_bytes()).hexdigest()
    if "statement" in what:
        payload = canonical(statement)
        signed = pae(envelope["payloadType"].encode(), payload)
        signature = sign(key, signed)
        envelope["payload"] = base64.b64encode(payload).decode()
        envelope["signatures"][0]["sig"] = base64.b64encode(signature).decode()
        if "keyid" in envelope["signatures"][0]:
            envelope["signatures"][0]["keyid"] = hashlib.sha256(public(key, "DER")).hexdigest()
        (bundle / "statement.dsse.json").write_bytes(canonical(envelope))
        (bundle / "statement.pae").write_bytes(signed)
        (bundle / "statement.sig").write_bytes(signature)
    names = sorted(str(p.relative_to(bundle)) for p in bundle.rglob("*") if p.is_file() and p.name != "SHA256SUMS")
    (bundle / "SHA256SUMS").write_text("".join(
        f"{hashlib.sha256((bundle / n).read_bytes()).hexdigest()}  {n}\n" for n in names))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
