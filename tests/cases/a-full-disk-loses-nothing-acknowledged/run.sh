. "$(dirname "$0")/../lib.sh"
[ "$(id -u)" -eq 0 ] || { echo "skipped: a small disk can be mounted by root only"; exit 77; }
mkdir disk
mount -t tmpfs -o size=1600k,mode=700 tmpfs disk 2>/dev/null || { echo "skipped: no tmpfs can be mounted here"; exit 77; }
trap 'umount -l "$play/disk" 2>/dev/null; rm -rf "$play"' EXIT
people olga rui ana
cp "$source_dir"/examples/nafld/*.csv.gz "$source_dir"/examples/nafld/datapackage.json .
expect 0 sluice init disk/enclave --keys keys --name demo --officer olga=olga.pub --anchor anchor.txt
SLUICE_DIR=$play/disk/enclave
export SLUICE_DIR
got=0
sluice data import datapackage.json >out 2>err || got=$?
case $got in 7 | 74) ;; *) cat out err >&2; fail "an import that does not fit ended with $got" ;; esac
[ -z "$(find disk -name '*.seg')" ] || fail "a segment that did not fit was left behind"
expect 0 sluice audit verify
expect 0 sluice data import datapackage.json --table persons --table events
policy "$source_dir/examples/nafld/policy.json" datapackage.json
held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-1
dd if=/dev/zero of=disk/filler bs=4096 >dd.out 2>&1 || :
got=0
sluice job run "$source_dir/examples/nafld/diagnoses.lua" -p liver --key ana >out 2>err || got=$?
[ "$got" -ne 0 ] || fail "a job on a full disk says it was done"
case $got in 1 | 74) ;; *) cat out err >&2; fail "a job on a full disk ended with $got" ;; esac
zcat events.csv.gz | head -n 2001 > more.csv
for command in "append datapackage.json --table events --file more.csv" "forget study.persons --all"; do
	got=0
	# shellcheck disable=SC2086
	sluice data $command >out 2>err || got=$?
	case $got in 7 | 74 | 75) ;; *) cat out err >&2; fail "data $command on a full disk ended with $got" ;; esac
done
rm disk/filler
expect 0 sluice data verify
expect 0 sluice data append datapackage.json --table events --file more.csv
says "2000 rows added to 34340"
expect 0 sluice audit verify
expect 0 sluice request ls --key ana
says R-1
release R-1 L-1
expect 0 sluice release verify release --anchor anchor.txt
