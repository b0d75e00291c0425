. "$(dirname "$0")/../lib.sh"
[ "$(id -u)" -eq 0 ] || { echo "skipped: a small disk can be mounted by root only"; exit 77; }
mkdir disk
mount -t tmpfs -o size=8m,mode=700 tmpfs disk 2>/dev/null || { echo "skipped: no tmpfs can be mounted here"; exit 77; }
trap 'umount -l "$play/disk" 2>/dev/null; rm -rf "$play"' EXIT
people olga rui ana
cp "$source_dir"/examples/nafld/*.csv.gz "$source_dir"/examples/nafld/datapackage.json .
expect 0 sluice init disk/enclave --keys disk/keys --name demo --officer olga=olga.pub --anchor anchor.txt
SLUICE_DIR=$play/disk/enclave
export SLUICE_DIR
expect 0 sluice data import datapackage.json --table persons --table events
policy "$source_dir/examples/nafld/policy.json" datapackage.json
held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-1
ask J-1
sqlite3 disk/enclave/state.db ".backup before.db"
release R-1 L-1
mv release first
release R-2 L-2
mv release second
cp disk/keys/log.note far.note

# pages N: all but N pages of the disk are taken.
pages() {
	rm -f disk/filler disk/room
	if [ "$1" -gt 0 ]; then dd if=/dev/zero of=disk/room bs=4096 count="$1" 2>dd.out; fi
	dd if=/dev/zero of=disk/filler bs=4096 2>dd.out || :
	rm -f disk/room
}
refused=0
for room in 0 1 2 4 6 8 12 16 20 24 32 40 48 64 80 100; do
	rm -rf disk/filler disk/enclave/state.db* disk/enclave/releases
	cp before.db disk/enclave/state.db
	cp far.note disk/keys/log.note
	pages $room
	got=0
	sluice recover --release first --release second >out 2>err || got=$?
	case $got in
	0) ;;
	7 | 74)
		refused=$((refused + 1))
		grep -qiE "disk is full|no space left" err || { cat err >&2; fail "does not say that the disk is full"; }
		got=0
		sluice review approve R-1 --comment "seen" --key rui >out 2>err || got=$?
		[ $got -ne 0 ] || fail "with room for $room pages the gate opened before all was entered"
		;;
	*) cat out err >&2; fail "with room for $room pages it ended with $got" ;;
	esac
	rm -f disk/filler
	expect 0 sluice recover --release first --release second
	expect 0 sluice audit verify
	[ "$(sqlite3 disk/enclave/state.db 'SELECT count(*), (SELECT count(*) FROM recovered) FROM release')" = "2|2" ] ||
		fail "with room for $room pages: not each release once"
	sluice audit log --kind egress >out
	[ "$(grep -c release.recovered out)" -eq 2 ] && [ "$(grep -c log.restored out)" -eq 1 ] ||
		fail "with room for $room pages: not each leaf once"
	for left in first second; do
		cmp "$left/SHA256SUMS" "disk/enclave/releases/L-$([ $left = first ] && echo 1 || echo 2)/SHA256SUMS"
	done
	[ -z "$(find disk/enclave/releases disk/keys -name '*.tmp*')" ] || fail "with room for $room pages something half-written is left"
done
[ $refused -ge 4 ] || fail "the disk was full in $refused of the tries only"
