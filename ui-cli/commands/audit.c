/*
 * audit.c - the rows of commands for the log.
 */
#include "ui-cli/commands.h"

const struct sl_command sl_row_audit_log = {
	.noun = "audit",
	.verb = "log",
	.brief = "print the log",
	.more = "",
	.flags = { { .name = "--from", .value = "N", .help = "begin with leaf N" },
	           { .name = "--kind",
	             .value = "KIND",
	             .many = true,
	             .help = "only leaves of this kind, or about this: authentication, grants, \"data access\", "
	                     "decisions, egress" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_AUDIT_READ,
	.session = true,
	.run = sl_cmd_audit_log,
};

const struct sl_command sl_row_audit_verify = {
	.noun = "audit",
	.verb = "verify",
	.brief = "recompute the log's tree, and that it only grew",
	.more = "Every leaf, every kept hash, and that the log continues the checkpoint beside the keys. With --export or "
	        "--proof no enclave is opened: what was got from it is verified on any machine, by the anchor and an "
	        "earlier checkpoint. Exit code 6 when a leaf was changed, moved or taken away, or the log was rolled back.",
	.flags = { { .name = "--against",
	             .value = "FILE|-",
	             .file = true,
	             .help = "an earlier checkpoint to compare with" },
	           { .name = "--export",
	             .value = "FILE|-",
	             .file = true,
	             .offline = true,
	             .help = "verify this export of the log, without an enclave" },
	           { .name = "--proof",
	             .value = "FILE|-",
	             .file = true,
	             .offline = true,
	             .help = "verify this proof of one leaf, without an enclave" },
	           { .name = "--ledger",
	             .value = "FILE|-",
	             .file = true,
	             .offline = true,
	             .help = "verify this ledger of a table, without an enclave" },
	           { .name = "--anchor", .value = "FILE", .file = true, .help = "the enclave's anchor, as published" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_AUDIT_READ,
	.session = true,
	.run = sl_cmd_audit_verify,
};

const struct sl_command sl_row_audit_prove = {
	.noun = "audit",
	.verb = "prove",
	.brief = "print one leaf with the proof that it is in the log",
	.more = "In the log of now, or with --against in that of a checkpoint that whoever verifies has. The text is C2SP's "
	        "tlog-proof; \"sluice audit verify --proof\" verifies it without the enclave.",
	.words = { { .name = "N" } },
	.flags = { { .name = "--against",
	             .value = "FILE|-",
	             .file = true,
	             .help = "a checkpoint of this enclave to prove it in" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_AUDIT_READ,
	.session = true,
	.run = sl_cmd_audit_prove,
};

const struct sl_command sl_row_audit_export = {
	.noun = "audit",
	.verb = "export",
	.brief = "write the whole log, for those who verify without the enclave",
	.more = "Leaves and a signed checkpoint as one text; \"-\" writes it to stdout. \"sluice audit verify --export\" "
	        "verifies it.",
	.words = { { .name = "FILE|-", .file = true } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_AUDIT_READ,
	.session = true,
	.run = sl_cmd_audit_export,
};

const struct sl_command sl_row_audit_checkpoint = {
	.noun = "audit",
	.verb = "checkpoint",
	.brief = "print a signed checkpoint of the log",
	.more = "",
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_AUDIT_READ,
	.session = true,
	.run = sl_cmd_audit_checkpoint,
};
