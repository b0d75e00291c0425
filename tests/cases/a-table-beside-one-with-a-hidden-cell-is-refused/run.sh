. "$(dirname "$0")/../lib.sh"
study
cat > job.lua <<'L'
local events = from "study.events" :join(from "study.persons") :derive { band = "bands(age)", sex = "male" }
output("cells", events :group_by("event", "band", "sex") :summarise { persons = "units()" }
  :describe { event = "diagnosis", band = "age", sex = "sex", persons = "persons" })
output("margin", events :group_by("event", "band") :summarise { persons = "units()" }
  :describe { event = "diagnosis", band = "age", persons = "persons" })
L
held job.lua liver
expect 3 sluice request new J-1 --context "with a margin" --key ana
silent "cardiac arrest"
expect 0 sluice request new J-1 --context "the cells alone" --output cells --key ana
release R-2 L-1
# and until history exists: one release per unit space and project
held job.lua liver
ask_again=$(grep -o 'J-[0-9]*' out | head -1)
expect 0 sluice request new "$ask_again" --context "the margin later" --output margin --key ana
expect 3 sluice review approve R-3 --comment "seen" --key rui
says first-release
