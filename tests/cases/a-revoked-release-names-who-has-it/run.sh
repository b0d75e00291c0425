. "$(dirname "$0")/../lib.sh"
study
people tom
sed -e 's|"serial": 1|"serial": 2|' \
	-e "s|\"people\": {|&\"tom\": {\"roles\": [\"auditor\"], \"key\": \"$(cut -d' ' -f1,2 tom.pub)\"},|" policy.json > two.json
expect 0 sluice policy sign two.json --key olga
expect 0 sluice policy apply two.json --signature two.json.sig
held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-1
release R-1 L-1
expect 0 sluice release get L-1 --to second --key rui
# Neither the author nor a reviewer takes a release back; an officer does, and says why.
expect 3 sluice release revoke L-1 --reason "a wrong year" --key ana
expect 3 sluice release revoke L-1 --reason "a wrong year" --key rui
expect 2 sluice release revoke L-1 --key olga
expect 2 sluice release revoke L-1 --reason "" --key olga
expect 1 sluice release revoke L-7 --reason "a wrong year" --key olga
expect 0 sluice release revoke L-1 --reason "a wrong year" --key olga
says "L-1 revoked; it was fetched by:"
says "  ana, 2"
says "  rui, 2"
expect 1 sluice release revoke L-1 --reason "again" --key olga
says "R-1 is revoked"
expect 0 sluice release ls --key ana
says "ana, rui"
says "by olga: a wrong year"
expect 0 sluice release ls --json --key ana
says '"reason":"a wrong year"'
expect 0 sluice request show R-1 --key ana
says "R-1 revoked"
# Nobody gets it anew but an auditor.
expect 3 sluice release get L-1 --to third --key ana
says "L-1 was revoked by olga"
says "rule: revoked"
[ ! -e third ] || fail "a revoked release was handed out"
expect 0 sluice release get L-1 --to kept --key tom
# The log has it, without the words; what left stays what it was.
expect 0 sluice audit verify
expect 0 sluice audit log --kind release.revoked --key olga
says '"release":"L-1"'
silent "a wrong year"
expect 0 sluice release verify release --anchor anchor.txt
says "release ls"
# A command killed at any moment leaves it revoked, with its leaf, or not at all.
held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-2
expect 0 sluice review approve R-2 --key rui
i=0
while [ $i -lt 8 ]; do
	setsid sluice release revoke L-2 --reason "a wrong year" --key olga >kill.out 2>&1 &
	pid=$!
	sleep "0.0$((i * 7 % 10))$i"
	kill -9 $pid 2>/dev/null || :
	wait $pid 2>/dev/null || :
	leaves=$(sluice audit log --kind release.revoked --key olga | grep -c '"L-2"') || :
	state=$(sluice request show R-2 --key ana | head -1)
	case $leaves:$state in
	0:*released*|1:*revoked*) ;;
	*) fail "$leaves leaves and $state" ;;
	esac
	i=$((i + 1))
done
expect 0 sluice audit verify
