. "$(dirname "$0")/../lib.sh"
expect 0 sluice explain threshold
says "threshold (disclosure rule): fewer units stand behind it"
says "who:    the author of the job"
says "limit:  units, must be at least what policy says"
says "remedy: use wider bands"
# One word, two things: a rule of that name, and what the gate asks.
expect 0 sluice explain secondary
says "disclosure rule"
says "condition of the gate"
expect 0 sluice explain 6
says "integrity (exit code 6)"
expect 0 sluice explain denied
says "exit code 3"
expect 1 sluice explain treshold
says 'did you mean "threshold"?'
expect 1 sluice explain "$(printf 'x\033[31m')"
expect 0 sluice explain
says "history-unmoved"
says "session-path"
expect 0 sluice explain --json use-filter
says '"code":"use-filter"'

# What a refusal says is a code that is explained.
study
expect 3 sluice audit log --key ana
rule=$(sed -n 's/^  rule: //p' err)
expect 0 sluice explain "$rule"
says "none of the person's roles allows this"
# Over a session too.
SSH_ORIGINAL_COMMAND="explain $rule" expect 0 sluice session --as ana --dir "$SLUICE_DIR"
says "none of the person's roles allows this"
