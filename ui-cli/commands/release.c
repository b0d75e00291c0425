/*
 * release.c - the rows of commands for what left.
 */
#include "ui-cli/commands.h"

const struct sl_command sl_row_release_ls = {
	.noun = "release",
	.verb = "ls",
	.brief = "list releases",
	.more = "",
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_RELEASE_LIST,
	.session = true,
	.run = sl_cmd_release_ls,
};

const struct sl_command sl_row_release_get = {
	.noun = "release",
	.verb = "get",
	.brief = "copy a release's bundle",
	.more = "\"--to -\" writes it to stdout as a tar archive.",
	.words = { { .name = "L-1" } },
	.flags = { { .name = "--to",
	             .value = "DIR|-",
	             .needed = true,
	             .file = true,
	             .help = "a directory that does not exist" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_RELEASE_GET,
	.session = true,
	.run = sl_cmd_release_get,
};

const struct sl_command sl_row_release_export = {
	.noun = "release",
	.verb = "export",
	.brief = "write a bundle in another form: --acro, for SACRO Viewer",
	.more = "The bundle is verified first; no enclave is opened. --acro writes ACRO's results.json, the tables byte for "
	        "byte and their checksums. Which rule hid which number is not published, so every [c] stands under one "
	        "check. What counts is the bundle: an export has no signature.",
	.words = { { .name = "DIR", .file = true } },
	.flags = { { .name = "--acro",
	             .value = "TO",
	             .needed = true,
	             .file = true,
	             .help = "a directory that does not exist; the viewer opens it" },
	           { .name = "--anchor",
	             .value = "FILE",
	             .file = true,
	             .help = "the anchor that the enclave published; without it nobody asks whose bundle it is" } },
	.need = SL_NEED_NOTHING,
	.run = sl_cmd_release_export,
};

const struct sl_command sl_row_release_revoke = {
	.noun = "release",
	.verb = "revoke",
	.brief = "say that a release should not be used any more, and who has it",
	.more = "It stays in history, since what has left has left; it is copied to auditors alone from then on.",
	.words = { { .name = "L-1" } },
	.flags = { { .name = "--reason", .value = "TEXT", .needed = true, .help = "why; everybody inside reads it" } },
	.need = SL_NEED_ACTOR,
	.action = SL_ACTION_RELEASE_REVOKE,
	.session = true,
	.run = sl_cmd_release_revoke,
};

const struct sl_command sl_row_release_verify = {
	.noun = "release",
	.verb = "verify",
	.brief = "verify a bundle offline, without any enclave",
	.more = "Without an anchor the signer is unknown: exit code 5 when all else is well.",
	.words = { { .name = "DIR", .file = true } },
	.flags = { { .name = "--anchor", .value = "FILE", .file = true, .help = "the enclave's anchor, as published" } },
	.need = SL_NEED_NOTHING,
	.run = sl_cmd_release_verify,
};
