#!/usr/bin/env python3
"""lint_linkage.py BUILD/bin - what a program can do is what it links: reads the symbols of the built programs.

A program that is missing fails. So does one whose symbols cannot be read: a stripped program proves nothing.
Static OpenSSL brings its default provider along whole, so the engine's own objects are read as well: which
names of libcrypto they ask for.
"""
import os
import re
import subprocess
import sys

LUA = r"lua_|luaL_|luaopen_"
SQLITE = r"sqlite3_"
OPENSSL = r"EVP_|OPENSSL_|CRYPTO_|RSA_|EC_|SSL_|X509_|BIO_"
JANSSON = r"json_|jansson_"
SECCOMP_IN = r"(sl_confine_lock)$"
ARENA_IN = r"sl_arena_init$"
LIBC_ALLOCATOR = r"(_int_malloc|_int_free|_int_realloc|_int_memalign|sysmalloc|malloc_consolidate|ptmalloc_init)$"

# program: (may not have, must have). What it must have shows that the reading itself works.
PROGRAMS = {
    "sluice-script": (f"^({SQLITE}|{OPENSSL}|{JANSSON})", r"^lua_newstate|^luaL_"),
    "sluice-engine": (f"^({LUA}|{SQLITE}|{JANSSON}|SSL_)", r"^EVP_"),
    "sluice-check": (f"^({LUA}|{SQLITE}|{OPENSSL}|{JANSSON})", r"^sl_"),
    "sluice-load": (f"^({LUA}|{JANSSON}|SSL_)", r"^sqlite3_"),
    "sluice": (f"^({LUA})", r"^sqlite3_"),
}
CONFINED = [name for name in PROGRAMS if name != "sluice"]

# Of libcrypto, the objects the engine links itself may ask for these names.
ENGINE_OBJECTS = ("enclave/engine/", "enclave/vault/CMakeFiles/sl_cipher.dir/", "enclave/vault/CMakeFiles/sl_vault_manifest.dir/",
                  "enclave/vault/CMakeFiles/sl_vault_reader.dir/")
LIBCRYPTO = re.compile(r"^(EVP|OPENSSL|CRYPTO|RAND|HMAC|SHA\d*|RSA|EC|ECDSA|X509|PEM|BIO|SSL|TLS|OSSL|ERR|BN)_")
CIPHER_ONLY = re.compile(r"^(EVP_CIPHER|EVP_Cipher|EVP_aes_256_gcm$|EVP_Decrypt|OPENSSL_cleanse$|CRYPTO_memcmp$)")


def symbols(path):
    """Every symbol of a program or object, defined or wanted, static or dynamic; versions cut off."""
    names = set()
    for options in (["-P"], ["-P", "-D"]):
        run = subprocess.run(["nm", *options, path], capture_output=True, text=True, check=False)
        names.update(line.split()[0].split("@")[0] for line in run.stdout.splitlines() if line.split())
    return names


def needed(path):
    """Shared libraries the program asks for."""
    run = subprocess.run(["readelf", "-dW", path], capture_output=True, text=True, check=False)
    return re.findall(r"\(NEEDED\).*\[(.*?)\]", run.stdout)


def judge(program, names, libraries, static):
    """Faults of one program from its symbols and shared libraries."""
    forbidden, wanted = PROGRAMS[program]
    bad = sorted(n for n in names if re.match(forbidden, n))
    if bad:
        yield f"{program} links what it may not: {', '.join(bad[:5])}" + (f" and {len(bad) - 5} more" if len(bad) > 5 else "")
    if not any(re.match(wanted, n) for n in names):
        yield f"{program}: its symbols cannot be read ({len(names)} names, none like {wanted})"
    if program in CONFINED and static and libraries:
        yield f"{program} is confined and must be static, but asks for {', '.join(libraries)}"
    if program in CONFINED and static and not any(re.search(SECCOMP_IN, n) for n in names):
        yield f"{program} has no lock-down in it"
    if program in CONFINED and static:
        yield from judge_allocator(program, names)


def judge_allocator(program, names):
    """One arena serves every allocation, libraries' too: the C library's allocator, which asks the kernel, is not linked."""
    own = sorted(n for n in names if re.match(LIBC_ALLOCATOR, n))
    if own:
        yield f"{program} links the C library's allocator beside the arena: {', '.join(own)}"
    if not any(re.match(ARENA_IN, n) for n in names):
        yield f"{program} has no arena in it"


def judge_object(path, names):
    bad = sorted(n for n in names if LIBCRYPTO.match(n) and not CIPHER_ONLY.match(n))
    if bad:
        yield f"{path} asks libcrypto for more than a cipher: {', '.join(bad)}"


def check(bin_dir, static=True):
    for program in PROGRAMS:
        path = os.path.join(bin_dir, program)
        if not os.path.exists(path):
            yield f"{program} is missing in {bin_dir}"
            continue
        yield from judge(program, symbols(path), needed(path), static)
    build_dir = os.path.dirname(os.path.abspath(bin_dir))
    objects = []
    for part in ENGINE_OBJECTS:
        for folder, _, files in os.walk(os.path.join(build_dir, part)):
            objects += [os.path.join(folder, f) for f in files if f.endswith(".o")]
    if not objects:
        yield "no objects of the engine to read"
    for path in objects:
        yield from judge_object(os.path.relpath(path, build_dir), symbols(path))


def main():
    static = "--dynamic" not in sys.argv
    paths = [a for a in sys.argv[1:] if not a.startswith("--")]
    faults = list(check(paths[0], static))
    for fault in faults:
        print(fault)
    print(f"linkage: {len(faults)} faults" if faults else f"linkage: {len(PROGRAMS)} programs clean")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
