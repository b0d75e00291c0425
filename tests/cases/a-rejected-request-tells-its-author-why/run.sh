. "$(dirname "$0")/../lib.sh"
study
held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-1
expect 2 sluice review reject R-1 --key rui
expect 0 sluice review reject R-1 --comment "the years covered are not said" --key rui
expect 0 sluice request show R-1 --key ana
says rejected
says "the years covered are not said"
silent "8 units"
expect 1 sluice review approve R-1 --comment "after all" --key rui
expect 0 sluice release ls --key ana
silent L-1
