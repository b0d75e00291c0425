# lib.sh - what every case begins with: a temporary folder, three people with keys, and short words for long commands.
# A case sources it: . "$(dirname "$0")/../lib.sh"
set -eu
PATH=${SLUICE_BIN:?}:$PATH
case_dir=$(cd "$(dirname "$0")" && pwd)
source_dir=${SLUICE_SOURCE:?}
play=$(mktemp -d)
trap 'rm -rf "$play"' EXIT
umask 077
cd "$play"
unset SLUICE_KEY SLUICE_DIR

fail() {
	echo "case: $*" >&2
	exit 1
}

# expect CODE COMMAND…: run it, out and err kept in the files out and err; another exit code fails the case.
expect() {
	want=$1
	shift
	got=0
	"$@" >out 2>err || got=$?
	if [ "$got" -ne "$want" ]; then
		cat out err >&2
		fail "exit code $got where $want was expected: $*"
	fi
}

# says TEXT, silent TEXT: out or err of the last command has, or has not, that text.
says() { cat out err | grep -qF -- "$1" || { cat out err >&2; fail "does not say: $1"; }; }
silent() { ! cat out err | grep -qF -- "$1" || { cat out err >&2; fail "says what it must not: $1"; }; }

# sample SET: the folder of a sample data set, or the case is skipped.
sample() {
	sample=${SLUICE_SHARED_DATA:-/nonexistent}/$1
	[ -d "$sample" ] || { echo "skipped: sample data not present ($1)"; exit 77; }
}

# locked_up: the programs confine themselves in full, or the case is skipped: the sanitizers' do without arena and filter.
locked_up() {
	sluice doctor 2>&1 | grep -q '^seccomp  *required ok' || { echo "skipped: a build without its filter"; exit 77; }
}

people() {
	for who in "$@"; do
		[ -f "$who" ] || ssh-keygen -q -t ed25519 -N '' -C "$who" -f "$who"
	done
}

# enclave [NAME]: an enclave "demo" with olga as officer; people olga rui ana.
enclave() {
	rm -f anchor.txt
	people olga rui ana
	expect 0 sluice init enclave --name "${1:-demo}" --officer olga=olga.pub --anchor anchor.txt
	SLUICE_DIR=$play/enclave
	export SLUICE_DIR
}

# policy FILE: fill a policy in (keys, digest of datapackage.json given second) and put it in force. A slot of a second a
# job would only cost time, and who takes longer is counted: there is none where the file does not name its own.
policy() {
	slot=
	grep -q '"slot_ms"' "$1" || slot='"slot_ms": 0'
	if grep -q '"limits"' "$1"; then
		slot=${slot:+s|\"limits\": *{|&$slot, |}
	else
		slot=${slot:+s|\"disclosure\"|\"limits\": {$slot\}, &|}
	fi
	sed -e "$slot" -e "s|@OLGA@|$(cut -d' ' -f1,2 olga.pub)|" -e "s|@RUI@|$(cut -d' ' -f1,2 rui.pub)|" \
		-e "s|@ANA@|$(cut -d' ' -f1,2 ana.pub)|" -e "s|@EXPIRES@|2099-12-31|" \
		-e "s|@CATALOGUE@|$(sha256sum "$2" | cut -d' ' -f1)|" "$1" > policy.json
	expect 0 sluice policy sign policy.json --key olga
	expect 0 sluice policy apply policy.json --signature policy.json.sig
}

# held SCRIPT PROJECT: run a job as ana. ask J-n: request it as ana. release R-n L-n
# [--acknowledge RULE]…: approve as rui, fetch to ./release.
held() { expect 0 sluice job run "$1" -p "$2" --key ana; }
ask() { expect 0 sluice request new "$1" --context "Table 1: a case of the test suite" --key ana; }
release() {
	approved=$1 left=$2
	shift 2
	expect 0 sluice review approve "$approved" --comment "seen" "$@" --key rui
	expect 0 sluice release get "$left" --to "$play/release" --key ana
}

# study: enclave with the example tables and policy in force.
study() {
	cp "$source_dir"/examples/nafld/*.csv.gz "$source_dir"/examples/nafld/datapackage.json .
	enclave
	expect 0 sluice data import datapackage.json
	policy "$source_dir/examples/nafld/policy.json" datapackage.json
}
