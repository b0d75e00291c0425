/*
 * audit_prove.c - sluice audit prove: one leaf of the log with the proof that it is there.
 */
#include <string.h>

#include "enclave/base/num.h"
#include "jobs/audit_proof.h"
#include "ui-cli/commands.h"

enum sl_rc sl_cmd_audit_prove(struct sl_cli *c, struct sl_err *err)
{
	const char *word = sl_cli_word(c, 0), *file = sl_args_flag(&c->args, "--against");
	struct sl_buf against = {0}, proof = {0};
	int64_t index = 0;
	enum sl_rc rc = SL_OK;

	if (!sl_parse_int(word, strlen(word), &index) || index < 0)
		rc = sl_err_set(err, SL_E_USAGE, "a leaf has a number, as audit log prints it, not \"%.40s\"", word);
	if (!rc && file)
		rc = sl_file_read(file, SL_SIGNED_NOTE_BYTES_MAX, &against, err);
	if (!rc)
		rc = sl_audit_prove(&c->enclave, (uint64_t)index, file ? &against : NULL, &proof, err);
	if (!rc && c->args.json)
		sl_cli_set(c, "proof", sl_cli_bytes(proof.data, proof.len));
	else if (!rc)
		fwrite(proof.data, 1, proof.len, stdout);
	sl_buf_free(&against);
	sl_buf_free(&proof);
	return rc;
}
