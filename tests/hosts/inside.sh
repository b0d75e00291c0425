#!/bin/busybox sh
# inside.sh - the first process of a host that boot.sh made: gives control groups of the kind, runs the tests, ends it.
busybox=/bin/busybox
# A root that can be exchanged: the kernel's first one cannot.
if [ ! -e /second ]; then
	$busybox mkdir /next
	$busybox mount -t tmpfs -o mode=0755 next /next
	for name in /*; do
		[ "$name" = /next ] || $busybox cp -a "$name" /next/
	done
	$busybox touch /next/second
	exec $busybox switch_root /next /init
fi
$busybox --install -s /bin
PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs -o mode=1777 tmp /tmp
ip link set lo up
# shellcheck disable=SC2013 # words, not lines
for word in $(cat /proc/cmdline); do
	case $word in kind=*) kind=${word#kind=} ;; build=*) build=${word#build=} ;;
	rounds=*) rounds=${word#rounds=} ;; esac
done

groups=/sys/fs/cgroup
given=$groups/sluice
scope=$groups/run-1.scope
user="as --reuid 1000 --regid 1000 --clear-groups"
gives=ok
case $kind in
v2-*)
	mount -t cgroup2 groups $groups
	echo "+memory +pids" > $groups/cgroup.subtree_control ;;
v1-*)
	mount -t tmpfs groups $groups
	for name in memory pids; do
		mkdir $groups/$name
		mount -t cgroup -o $name $name $groups/$name
	done ;;
esac
case $kind in
v2-root)
	mkdir $given
	user= ;;
v2-user)
	mkdir -p $given/people
	chown 1000:1000 $given $given/cgroup.procs $given/cgroup.subtree_control $given/people $given/people/cgroup.procs
	echo $$ > $given/people/cgroup.procs ;;
v2-delegated)
	mkdir $scope
	chown 1000:1000 $scope $scope/cgroup.procs $scope/cgroup.subtree_control
	"$build/test-bin/test_mark_delegated" $scope ;;
v2-outside)
	mkdir $given
	chown 1000:1000 $given $given/cgroup.procs $given/cgroup.subtree_control
	gives=weaker ;;
v1-root)
	mkdir $groups/memory/sluice $groups/pids/sluice
	user= ;;
v1-user)
	mkdir $groups/memory/sluice $groups/pids/sluice
	chown 1000:1000 $groups/memory/sluice $groups/pids/sluice ;;
none)
	user=
	gives=weaker ;;
esac

# As systemd starts a command in a scope: the first is in it, it moves aside by itself.
run() {
	if [ "$kind" = v2-delegated ]; then
		at=$scope
		[ ! -d $scope/keeper ] || at=$scope/keeper
		# shellcheck disable=SC2016,SC2086 # expanded by the inner shell; $user is several words
		sh -c 'echo $$ > "$0/cgroup.procs" && exec "$@"' $at $user "$@"
	else
		# shellcheck disable=SC2086
		$user "$@"
	fi
}

failed=0
cd /tmp || failed=1
run "$build/bin/sluice" doctor > said || failed=$((failed + 1))
cat said
grep -q "^cgroup  *wanted  *$gives  *$gives  *$gives  *$gives" said || failed=$((failed + 1))
tests="test_cgroup test_programs test_keeper_faults test_one_layer_removed"
if [ -n "$rounds" ]; then
	tests=
	run "$build/bin/bench_start" "$rounds" || failed=$((failed + 1))
fi
for test in $tests; do
	mkdir -m 777 /tmp/$test
	cd /tmp/$test || failed=$((failed + 1))
	run "$build/test-bin/$test" > out 2>&1 || failed=$((failed + 1))
	cat out
	# Where a group is given, its tests are not skipped.
	if [ $test = test_cgroup ] && [ $gives = ok ] && grep -q "not on this host" out; then
		failed=$((failed + 1))
	fi
done
if [ -n "$(find $groups -type d -name 'job-*')" ]; then
	find $groups -type d -name 'job-*'
	failed=$((failed + 1))
fi
if [ $failed -eq 0 ]; then
	echo "host of kind $kind: all as it should be"
else
	echo "host of kind $kind: $failed things are not as they should be"
fi
sync
echo o > /proc/sysrq-trigger
sleep 60
