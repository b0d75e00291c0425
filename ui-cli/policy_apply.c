/*
 * policy_apply.c - sluice policy apply: put a signed policy in force.
 */
#include <inttypes.h>

#include "jobs/policy_apply.h"
#include "jobs/sign/sshsig.h"
#include "ui-cli/commands.h"

#define SIGNATURES_MAX 32

enum sl_rc sl_cmd_policy_apply(struct sl_cli *c, struct sl_err *err)
{
	struct sl_signature_file signatures[SIGNATURES_MAX];
	struct sl_buf armours[SIGNATURES_MAX] = {{0}}, text = {0};
	const char *file = sl_cli_word(c, 0), *path;
	uint64_t serial = 0;
	uint32_t at = 0;
	size_t n = 0;
	enum sl_rc rc = sl_file_read(file, SL_POLICY_BYTES_MAX, &text, err);

	while (!rc && (path = sl_args_next(&c->args, "--signature", &at))) {
		if (n == SIGNATURES_MAX) {
			rc = sl_err_set(err, SL_E_USAGE, "more than %d signatures", SIGNATURES_MAX);
			break;
		}
		rc = sl_file_read(path, SL_SSHSIG_TEXT_MAX, &armours[n], err);
		signatures[n] = (struct sl_signature_file){.armour = (const char *)armours[n].data, .len = armours[n].len};
		n++;
	}
	if (!rc)
		rc = sl_policy_apply(&c->enclave, file, text.data, text.len, signatures, n, &serial, err);
	if (!rc) {
		sl_cli_set(c, "serial", json_integer((json_int_t)serial));
		sl_cli_changed(c, "policy %" PRIu64 " is in force", serial);
		sl_cli_next(c, "sluice policy show --summary");
	}
	for (size_t i = 0; i < SIGNATURES_MAX; i++)
		sl_buf_free(&armours[i]);
	sl_buf_free(&text);
	return rc;
}
