/*
 * enclave.c - the rows of commands for an enclave as a whole: made, looked at, anchored, entered over SSH.
 */
#include "ui-cli/commands.h"

const struct sl_command sl_row_init = {
	.noun = "init",
	.verb = "",
	.brief = "make an enclave: its directory, its keys, its log's first leaf",
	.more = "DIR must not exist or be empty. The officers named here are the root of trust: the first policy "
	        "needs their "
	        "signatures. The anchor is what you publish; releases are verified with it. With --reroot DIR is an enclave "
	        "whose officers are lost: the ones named here are its root of trust from now on, and every later release "
	        "says so, with the reason. Publish the new anchor.",
	.words = { { .name = "DIR", .file = true } },
	.flags = { { .name = "--name",
	             .value = "NAME",
	             .help = "the enclave's name, in everything it signs; needed for a new one" },
	           { .name = "--officer",
	             .value = "NAME=KEY.pub",
	             .needed = true,
	             .many = true,
	             .file = true,
	             .help = "an officer's name and SSH public key file" },
	           { .name = "--keys", .value = "KEYDIR", .file = true, .help = "where its keys go; else DIR-keys" },
	           { .name = "--anchor", .value = "FILE", .file = true, .help = "write the anchor there, not to stdout" },
	           { .name = "--reroot", .help = "new officers for an enclave that has lost all of its own" },
	           { .name = "--reason", .value = "TEXT", .help = "with --reroot: why; every later release tells it" } },
	.need = SL_NEED_NOTHING,
	.run = sl_cmd_init,
};

const struct sl_command sl_row_doctor = {
	.noun = "doctor",
	.verb = "",
	.brief = "say which layers of confinement this host gives each program",
	.more = "Each confined program is started for a moment and locks itself up. A layer is ok, missing (required: no "
	        "job would start, exit code 69), weaker (wanted: jobs start without it) or - (not for this program); "
	        "below the table it is said what would switch it on. Of an enclave that is named, whether keys, state, vault "
	        "and what left fit each other is said as well.",
	.flags = { { .name = "--syscalls",
	             .help = "print each program's system call filter instead: call, arguments, reason" } },
	.need = SL_NEED_NOTHING,
	.run = sl_cmd_doctor,
};

const struct sl_command sl_row_anchor = {
	.noun = "anchor",
	.verb = "",
	.brief = "print the anchor again: what others need to verify releases",
	.more = "",
	.need = SL_NEED_ENCLAVE,
	.session = true,
	.run = sl_cmd_anchor,
};

const struct sl_command sl_row_recover = {
	.noun = "recover",
	.verb = "",
	.brief = "after a backup was brought back: enter again what left since",
	.more = "Each bundle is verified as this enclave's, whole and in the signed log. Where its request or its job is "
	        "still here and gives the same bytes, later requests are compared with it as before; where not, nothing more "
	        "about the same persons can leave until what is missing is there and the bundle is given again. One whose "
	        "number another release has here, since work went on before this, is counted under a new one. The log "
	        "goes on with a leaf that names the checkpoint it does not reach, so that whoever holds one is told. Nothing "
	        "leaves by this command.",
	.flags = { { .name = "--release",
	             .value = "DIR",
	             .many = true,
	             .file = true,
	             .help = "a bundle that left since the backup; all of them are given" },
	           { .name = "--checkpoint",
	             .value = "FILE|-",
	             .many = true,
	             .file = true,
	             .help = "a later checkpoint that somebody holds, so that the log names it" },
	           { .name = "--policy",
	             .value = "FILE",
	             .many = true,
	             .file = true,
	             .help = "a policy that one of them left under, when it was never in force here" },
	           { .name = "--nothing-left", .help = "nothing was released since the backup" },
	           { .name = "--clock", .help = "nothing was lost: the machine's clock was ahead before, and is right now" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_RELEASE_RECOVER,
	.run = sl_cmd_recover,
};

const struct sl_command sl_row_principals_authorized_keys = {
	.noun = "principals",
	.verb = "authorized-keys",
	.brief = "print lines for sshd's authorized_keys, one a person",
	.more = "Each key gets one forced command, a session under its owner's name.",
	.flags = { { .name = "--command",
	             .value = "PATH",
	             .file = true,
	             .help = "the program's path; else where it runs from" } },
	.need = SL_NEED_ENCLAVE,
	.run = sl_cmd_principals_authorized_keys,
};

const struct sl_command sl_row_session = {
	.noun = "session",
	.verb = "",
	.brief = "run the command that came over SSH, as the person whose key it was",
	.more = "For authorized_keys only. Reads SSH_ORIGINAL_COMMAND; no shell reads it.",
	.flags = { { .name = "--as",
	             .value = "NAME",
	             .needed = true,
	             .help = "the person, from the forced command" } },
	.need = SL_NEED_NOTHING,
	.run = sl_cmd_session,
};
