#!/bin/sh
# demo.sh - officer, analyst and reviewer play one job from import to a verified release, on the example tables.
#
# Every command is printed before it runs; what it is expected to answer is checked, so a demo that stops early fails.
# SLUICE_BIN: the directory of the programs. SLUICE_DEMO_DIR: where to play (kept); else a temporary folder, removed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
bin=${SLUICE_BIN:?the directory with the sluice program}
PATH=$bin:$PATH
if [ -n "${SLUICE_DEMO_DIR:-}" ]; then
	mkdir -p "$SLUICE_DEMO_DIR"
	play=$SLUICE_DEMO_DIR
else
	play=$(mktemp -d)
	trap 'rm -rf "$play"' EXIT
fi
umask 077
cd "$play"

step() { printf '\n\033[1m# %s\033[0m\n' "$*"; }
# show COMMAND…: print it as it can be typed, run it, and expect it to answer with exit code $want.
want=0
show() {
	printf '$'
	for word in "$@"; do
		case $word in
		'' | *[!A-Za-z0-9_./=:@,+-]*) printf " '%s'" "$word" ;;
		*) printf ' %s' "$word" ;;
		esac
	done
	printf '\n'
	got=0
	"$@" || got=$?
	if [ "$got" -ne "$want" ]; then
		echo "demo: exit code $got where $want was expected" >&2
		exit 1
	fi
	[ "$want" -eq 0 ] || printf '(exit code %s, as it should be)\n' "$got"
	want=0
}

step "Three people, each with a key of their own"
for who in olga rui ana; do
	show ssh-keygen -q -t ed25519 -N '' -C "$who" -f "$who"
done

step "The operator makes an enclave; olga, the officer, is its root of trust. The anchor is for publishing"
show sluice init enclave --name demo --officer olga=olga.pub --anchor anchor.txt
show cat anchor.txt
export SLUICE_DIR="$play/enclave"
printf '$ export SLUICE_DIR=%s\n' "$SLUICE_DIR"

step "What this host gives the confined programs"
show sluice doctor

step "The operator imports three tables: persons, diagnoses, readings"
show sluice data import "$here/nafld/datapackage.json"
show sluice data ls

step "The officer writes a policy, has it judged, signs it; from now on it holds"
catalogue=$(sha256sum "$here/nafld/datapackage.json" | cut -d' ' -f1)
expires=$(date -u -d '+200 days' +%Y-%m-%d)
sed -e "s|@OLGA@|$(cut -d' ' -f1,2 olga.pub)|" -e "s|@RUI@|$(cut -d' ' -f1,2 rui.pub)|" \
	-e "s|@ANA@|$(cut -d' ' -f1,2 ana.pub)|" -e "s|@CATALOGUE@|$catalogue|" -e "s|@EXPIRES@|$expires|" \
	"$here/nafld/policy.json" > policy.json
printf '$ # policy.json: %s with the three keys, the catalogue and a date filled in\n' "examples/nafld/policy.json"
show sluice policy lint policy.json
show sluice policy sign policy.json --key olga
show sluice policy apply policy.json --signature policy.json.sig

step "The analyst asks: how many persons have each diagnosis, by age and sex? Nothing is run yet"
show cat "$here/nafld/diagnoses.lua"
show sluice job check "$here/nafld/diagnoses.lua" -p liver --key ana

step "A script that tries to read a row"
want=65 show sluice job run "$here/nafld/read-a-row.lua" -p liver --key ana

step "A plan without the right"
want=${DEMO_DENIED:-65} show sluice job run "$here/nafld/without-the-right.lua" -p liver --key ana

step "The job runs: the result is sealed, the analyst sees its shape only"
show sluice job run "$here/nafld/diagnoses.lua" -p liver --key ana
show sluice request new J-1 --context "Table 1 of the yearly report: persons by diagnosis, age band and sex" --key ana

step "The analyst cannot approve it"
want=3 show sluice review approve R-1 --key ana

step "The reviewer sees what would leave, findings first"
show sluice review ls --key rui
show sluice review show R-1 --key rui

step "The reviewer signs; the gate opens and releases"
show sluice review approve R-1 --comment "small cells are hidden; nothing else found" --key rui
show sluice release ls --key ana
show sluice release get L-1 --to release --key ana
show cat release/data/diagnoses.csv

step "A finding that hides nothing is left to the reviewer, who takes it on by name"
show sluice job run "$here/nafld/ages.lua" -p liver --key ana
show sluice request new J-2 --context "Table 2 of the yearly report: persons above 60 and above 70, by sex" --key ana
want=3 show sluice review approve R-2 --key rui
show sluice review show R-2 --key rui
show sluice review approve R-2 --acknowledge differencing --comment "thousands lie between 60 and 70" --key rui

step "Anybody verifies the release offline, with the published anchor"
show sluice release verify release --anchor anchor.txt
step "Without an anchor the signer is unknown"
want=5 show sluice release verify release
step "The same with stock tools"
show cat release/VERIFY.txt
show sh -c 'cd release && sha256sum --quiet -c SHA256SUMS && echo "SHA256SUMS: all files agree"'
show sh -c 'cd release && ssh-keygen -Y verify -f approvals/allowed_signers -I rui -n review@sluice -s approvals/rui.json.sig < approvals/rui.json'

step "One byte is changed, and found"
show sh -c 'sed "2s/[0-9][0-9]*\$/1/" release/data/diagnoses.csv > changed && ! cmp -s changed release/data/diagnoses.csv && cp changed release/data/diagnoses.csv'
want=6 show sluice release verify release --anchor anchor.txt

step "The log of all this, and that it hangs together"
show sluice audit log
show sluice audit verify

printf '\nDone. The release was checked, signed, exported, verified; the rows never left.\n'
