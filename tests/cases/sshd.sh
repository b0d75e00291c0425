# sshd.sh - a real sshd on loopback and one account for all who come in over it, or the case is skipped. A case sources it
# behind lib.sh. Programs and the example data are copied to where the account reaches them; $as runs a command as it.
sshd=$(command -v sshd || echo /usr/sbin/sshd)
[ -x "$sshd" ] || { echo "skipped: no sshd"; exit 77; }
account=$(id -un)
as=
if [ "$(id -u)" -eq 0 ]; then
	account=sluice$$
	mkdir -p /run/sshd
	useradd -r -M -d "$play/home" -s /bin/sh -p '*' "$account"
	as="runuser -u $account --"
fi
trap 'kill "$(cat "$play/sshd.pid" 2>/dev/null)" 2>/dev/null; sleep 0.2; [ -z "$as" ] || userdel "$account" 2>/dev/null; rm -rf "$play"' EXIT
chmod 711 "$play"
mkdir -m 755 bin data
cp "$SLUICE_BIN"/sluice "$SLUICE_BIN"/sluice-* bin/
chmod 755 bin/*
cp "$source_dir"/examples/nafld/*.csv.gz "$source_dir"/examples/nafld/datapackage.json data/
chmod 644 data/*
PATH=$play/bin:$PATH

# sshd_start: it lets in whom the file authorized_keys names, as often as that is written anew. Keys are agreed on in the
# quickest way: a case calls ssh some sixty times, and none is about that.
sshd_start() {
	[ -f authorized_keys ] || : > authorized_keys
	chmod 644 authorized_keys
	ssh-keygen -q -t ed25519 -N '' -f hostkey
	port=$((20000 + $$ % 20000))
	cat > sshd_config <<C
Port $port
ListenAddress 127.0.0.1
HostKey $play/hostkey
PidFile $play/sshd.pid
AuthorizedKeysFile $play/authorized_keys
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
KexAlgorithms curve25519-sha256
C
	"$sshd" -f "$play/sshd_config" -E "$play/sshd.log" || { cat sshd.log >&2; fail "sshd does not start"; }
	i=0
	until [ -s sshd.pid ] || [ $i -ge 50 ]; do sleep 0.1; i=$((i + 1)); done
}

# over WHO WORDS…: a command line that WHO's ssh sends.
over() {
	who=$1
	shift
	ssh -F /dev/null -p "$port" -i "$play/$who" -o IdentitiesOnly=yes -o BatchMode=yes -o UserKnownHostsFile="$play/known" \
		-o StrictHostKeyChecking=accept-new -o LogLevel=ERROR "$account@127.0.0.1" "$@"
}
