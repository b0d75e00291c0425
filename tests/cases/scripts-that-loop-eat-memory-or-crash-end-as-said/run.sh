. "$(dirname "$0")/../lib.sh"
cp "$source_dir"/examples/nafld/persons.csv.gz "$source_dir"/examples/nafld/events.csv.gz "$source_dir"/examples/nafld/datapackage.json .
enclave
expect 0 sluice data import datapackage.json --table persons --table events
sed -e 's|"disclosure"|"limits": {"script_wall_ms": 5000, "script_cpu_ms": 4000}, "disclosure"|' \
	"$source_dir/examples/nafld/policy.json" > short.json
policy short.json datapackage.json
try() {
	printf '%s\n' "$2" > bad.lua
	got=0
	timeout 20 sluice job run bad.lua -p liver --key ana >out 2>err || got=$?
	case $got in
	"$1") ;;
	*) cat out err >&2; fail "exit code $got where $1 was expected: $2" ;;
	esac
}
try 65 'while true do end'
try 7 '("a"):rep(40000):find(("a*"):rep(30) .. "b")'
try 65 'local t = {} for i = 1, 1e9 do t[i] = ("x"):rep(1000000) .. i end'
try 65 'local function f() return 1 + f() end f()'
try 65 'os.execute("id")'
try 65 'io.open("/etc/passwd")'
try 65 'load("return 1")'
try 65 'output("x", 1)'
expect 0 sluice job ls --key ana
silent J-1
held "$source_dir/examples/nafld/diagnoses.lua" liver
expect 0 sluice audit verify
