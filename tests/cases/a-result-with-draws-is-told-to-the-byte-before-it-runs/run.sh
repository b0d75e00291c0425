. "$(dirname "$0")/../lib.sh"
cp "$source_dir"/examples/nafld/*.csv.gz "$source_dir"/examples/nafld/datapackage.json .
enclave
expect 0 sluice data import datapackage.json
serial=0

# in_force DISCLOSURE LIMITS: a policy with both.
in_force() {
	serial=$((serial + 1))
	sed -e "s|\"serial\": 1|\"serial\": $serial|" -e "s|\"profile\": \"tre-uk\"|&, \"threshold\": 12$1|" \
		-e "s|\"disclosure\"|\"limits\": {$2}, &|" "$source_dir/examples/nafld/policy.json" > limits.json
	policy limits.json datapackage.json
}

# Six cells of three numbers, 18 draws of two numbers of 8 bytes each.
cat > draws.lua <<'L'
output("by_band", from "study.persons" :derive { band = "bands(age)" } :group_by("band", "male")
  :summarise { n = "units()", rows = "count()", adults = "count_if(age > 40)" })
L
needed() {
	expect 3 sluice job check draws.lua -p liver --key ana
	sed -n "s/.*$1 \([0-9]*\) bytes.*/\1/p" err
}
in_force '' '"output_bytes_max": 1024'
plain=$(needed 'the results take')
in_force ', "random": 3' '"output_bytes_max": 1024'
drawn=$(needed 'the results take')
[ "$drawn" = $((plain + 18 * 2 * 8)) ] || fail "$drawn bytes with draws, $plain without"

in_force ', "random": 3' "\"output_bytes_max\": $((drawn - 1))"
expect 3 sluice job check draws.lua -p liver --key ana
says "the results take $drawn bytes, the limit output_bytes_max is $((drawn - 1))"
expect 3 sluice job run draws.lua -p liver --key ana
expect 0 sluice job ls --key ana
silent J-
in_force ', "random": 3' "\"output_bytes_max\": $drawn"
expect 0 sluice job check draws.lua -p liver --key ana
held draws.lua liver
expect 0 sluice job replay J-1
says "J-1 is identical"

# Memory: of as many threads as the least limit has no room for, the draws' part is told, too.
in_force '' '"engine_memory_bytes": 67108864, "threads": 64'
plain=$(needed 'needs')
in_force ', "random": 3' '"engine_memory_bytes": 67108864, "threads": 64'
drawn=$(needed 'needs')
# In each thread 48 bytes a cell and 32 of the one argument; told and encoded, 32 a number.
[ "$drawn" = $((plain + 6 * (64 * (48 + 32) + 3 * 32))) ] || fail "$drawn bytes of memory with draws, $plain without"
in_force ', "random": 3' "\"engine_memory_bytes\": $drawn, \"threads\": 64"
expect 0 sluice job check draws.lua -p liver --key ana
in_force ', "random": 3' "\"engine_memory_bytes\": $((drawn - 1)), \"threads\": 64"
expect 3 sluice job check draws.lua -p liver --key ana
says "needs $drawn bytes of memory"
expect 0 sluice audit verify
