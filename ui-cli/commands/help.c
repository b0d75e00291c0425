/*
 * help.c - the rows of commands for words about words.
 */
#include "ui-cli/commands.h"

const struct sl_command sl_row_help = {
	.noun = "help",
	.verb = "",
	.brief = "say what commands there are, or what one does",
	.more = "",
	.words = { { .name = "COMMAND", .optional = true, .many = true } },
	.flags = { { .name = "--man", .help = "print the manual page in roff" },
	           { .name = "--completion", .help = "print the completion for bash" } },
	.need = SL_NEED_NOTHING,
	.session = true,
	.run = sl_cmd_help,
};

const struct sl_command sl_row_explain = {
	.noun = "explain",
	.verb = "",
	.brief = "say what a code means, who can cure it, and how",
	.more = "A code is the rule of a refusal or finding, a condition of the gate, what lint says, or an exit code by "
	        "name or number. Without one, all are listed.",
	.words = { { .name = "CODE", .optional = true } },
	.need = SL_NEED_NOTHING,
	.session = true,
	.run = sl_cmd_explain,
};

const struct sl_command sl_row_completion = {
	.noun = "completion",
	.verb = "",
	.brief = "print the completion for a shell",
	.more = "For bash: source <(sluice completion bash). For zsh: source <(sluice completion zsh), behind compinit. "
	        "Names and ids are the enclave's in SLUICE_DIR or --dir, for whom --key or SLUICE_KEY says; \"words\" is "
	        "what the shell asks while somebody types. Nothing is written, and no key is used.",
	.words = { { .name = "bash|zsh|words" } },
	.need = SL_NEED_NOTHING,
	.run = sl_cmd_completion,
};
