# boot.sh QEMU KERNEL BUILD KIND [ROUNDS] - boot a host of that kind with the programs and tests of a build directory in
# its memory, and judge by what inside.sh says last. Nothing of this host but those files and their libraries is in it.
# ROUNDS: bench_start so often, and no tests; emulated times are for comparing kinds with each other.
set -eu
qemu=$1
kernel=$2
build=$3
kind=$4
rounds=${5:-}
here=$(cd "$(dirname "$0")" && pwd)
for tool in busybox cpio setpriv; do
	command -v "$tool" >/dev/null || { echo "skipped: no $tool"; exit 77; }
done
root=$(mktemp -d)
trap 'rm -rf "$root" "$root.cpio"' EXIT
mkdir -p "$root/bin" "$root/proc" "$root/sys" "$root/dev" "$root/tmp" "$root/etc" "$root/$build/bin" "$root/$build/test-bin"
cp "$(command -v busybox)" "$root/bin/busybox"
cp "$(command -v setpriv)" "$root/bin/as"
cp "$build"/bin/sluice "$build"/bin/sluice-* "$root/$build/bin/"
for test in test_cgroup test_programs test_keeper_faults test_one_layer_removed test_mark_delegated; do
	cp "$build/test-bin/$test" "$root/$build/test-bin/"
done
cp "$build"/test-bin/test_actor_* "$root/$build/test-bin/"
[ -z "$rounds" ] || cp "$build/bin/bench_start" "$root/$build/bin/"
find "$root" -type f -perm -100 | while read -r program; do
	ldd "$program" 2>/dev/null | grep -o '/[^ ]*' || true
done | sort -u | while read -r library; do
	mkdir -p "$root$(dirname "$library")"
	cp -L "$library" "$root$library"
done
echo root:x:0:0:root:/:/bin/sh > "$root/etc/passwd" # what the attacks are after
cp "$here/inside.sh" "$root/init"
chmod 755 "$root/init"
(cd "$root" && find . | cpio -o -H newc 2>/dev/null) > "$root.cpio"
"$qemu" -accel tcg,thread=multi -cpu max -m 2048 -smp 2 -nographic -no-reboot -kernel "$kernel" -initrd "$root.cpio" \
	-append "console=ttyS0 quiet panic=-1 kind=$kind build=$build rounds=$rounds" </dev/null | tr -d '\r' > "$root/log"
cat "$root/log"
grep -q "^host of kind $kind: all as it should be" "$root/log"
