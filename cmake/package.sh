#!/bin/sh
# package.sh [bundle] - build/package/sluice_*.deb from build/release, tried out once without installing it.
# With bundle also build/package/bundle/: the package and everything it depends on, for a machine with no network.
set -eu
cd "$(dirname "$0")/.."
out=build/package
rm -rf "$out"
mkdir -p "$out"
cpack --config build/release/CPackConfig.cmake -B "$out" >"$out.log" 2>&1 || { cat "$out.log" >&2; exit 1; }
rm -rf "$out/_CPack_Packages"
deb=$(ls "$out"/sluice_*.deb)

# Unpacked elsewhere, the program must find itself and answer.
trial=$(mktemp -d)
trap 'rm -rf "$trial"' EXIT
dpkg-deb -x "$deb" "$trial"
"$trial/usr/bin/sluice" --help >/dev/null
for program in script engine check load; do
	test -x "$trial/usr/libexec/sluice/sluice-$program"
done

install_text() {
	cat <<END
Sluice for Debian 12, $(dpkg --print-architecture)

With a network:      sudo apt install ./$(basename "$deb")
$1
Then:                sluice --help
Remove:              sudo apt remove sluice
Nothing is started: Sluice has no service. Pages and examples are in /usr/share/doc/sluice.
END
}

if [ "${1:-}" = bundle ]; then
	mkdir "$out/bundle"
	depends=$(dpkg-deb -f "$deb" Depends | tr ',' '\n' | sed 's/(.*//; s/|.*//; s/:any//; s/ //g')
	# Against an empty package list apt names the whole closure, down to libc.
	: >"$out/empty-status"
	# shellcheck disable=SC2086 # a list of package names
	names=$(apt-get -q -s -o Dir::State::status="$PWD/$out/empty-status" --no-install-recommends install $depends |
		sed -n 's/^Inst \([^ ]*\) (\([^ ]*\).*/\1=\2/p')
	rm -f "$out/empty-status"
	# shellcheck disable=SC2086 # a list of package names
	(cd "$out/bundle" && apt-get -q download $names)
	cp "$deb" "$out/bundle/"
	install_text "Without a network:   sudo dpkg -i -E -G *.deb     (in this folder; -E -G leave what is already there, and newer, alone)" \
		>"$out/bundle/INSTALL.txt"
	(cd "$out/bundle" && sha256sum -- *.deb >SHA256SUMS)
	echo "$out/bundle: $(find "$out/bundle" -name '*.deb' | wc -l) packages, $(du -sh "$out/bundle" | cut -f1)"
fi
install_text "Without a network:   ./run package bundle makes a folder to carry" >"$out/INSTALL.txt"
echo "$deb"
cat "$out/INSTALL.txt"
