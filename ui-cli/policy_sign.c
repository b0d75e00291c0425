/*
 * policy_sign.c - sluice policy sign: an officer's signature on a policy file's exact bytes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "jobs/policy_apply.h"
#include "jobs/sign/sshsig.h"
#include "ui-cli/commands.h"

/*
 * A signature that lies there already: one of an older text, or of this key, is replaced; another officer's on this
 * very
 * text is not.
 */
static enum sl_rc make_room(const char *path, const struct sl_buf *text, const struct sl_ssh_key *signer,
                            struct sl_err *err)
{
	struct sl_err unread = {0};
	struct sl_ssh_key other;
	struct sl_buf old = {0};
	enum sl_rc rc = SL_OK;

	if (access(path, F_OK) == 0 && sl_file_read(path, SL_SSHSIG_TEXT_MAX, &old, &unread) == SL_OK &&
	    sl_sshsig_verify(text->data, text->len, (const char *)old.data, old.len, SL_POLICY_NAMESPACE, NULL, &other,
	                     &unread) == SL_OK &&
	    !sl_ssh_key_equal(&other, signer)) {
		rc = sl_err_set(err, SL_E_NO, "\"%s\" holds another officer's signature of this policy", path);
		sl_err_remedy(err, "give it another name, then sign again");
	} else if (unlink(path) != 0 && errno != ENOENT) {
		rc = sl_err_errno(err, SL_E_IO, errno, "cannot replace \"%s\"", path);
	}
	sl_buf_free(&old);
	return rc;
}

/* Beside the file, as ssh-keygen names it; "-" : stdout. */
static enum sl_rc deliver(struct sl_cli *c, const char *file, const struct sl_buf *text, const struct sl_buf *armour,
                          struct sl_err *err)
{
	struct sl_ssh_key signer;
	char *path = NULL;
	enum sl_rc rc;

	sl_cli_set(c, "signature", sl_cli_bytes(armour->data, armour->len));
	if (strcmp(file, "-") == 0) {
		if (!c->args.json)
			fwrite(armour->data, 1, armour->len, stdout);
		return SL_OK;
	}
	if (asprintf(&path, "%s.sig", file) < 0)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	rc = sl_sshsig_verify(text->data, text->len, (const char *)armour->data, armour->len, SL_POLICY_NAMESPACE, NULL,
	                      &signer, err);
	if (!rc)
		rc = make_room(path, text, &signer, err);
	if (!rc)
		rc = sl_file_write_new(path, 0644, armour->data, armour->len, err);
	if (!rc) {
		sl_cli_set(c, "file", sl_cli_text(path));
		sl_cli_changed(c, "signed: %s", path);
		sl_cli_next(c, "sluice policy apply %s --signature %s", file, path);
	}
	free(path);
	return rc;
}

enum sl_rc sl_cmd_policy_sign(struct sl_cli *c, struct sl_err *err)
{
	const char *file = sl_cli_word(c, 0);
	struct sl_buf text = {0}, armour = {0};
	struct sl_policy policy = {0};
	enum sl_rc rc = SL_OK;

	if (!c->args.key) {
		sl_err_set(err, SL_E_USAGE, "no key is named");
		sl_err_remedy(err, "--key PATH, or the variable SLUICE_KEY");
		return SL_E_USAGE;
	}
	rc = sl_file_read(file, SL_POLICY_BYTES_MAX, &text, err);
	/* A file that does not load is not worth a signature. */
	if (!rc)
		rc = sl_policy_load(file, text.data, text.len, &policy, err);
	if (!rc)
		rc = sl_policy_sign(c->args.key, text.data, text.len, &armour, err);
	if (!rc)
		rc = deliver(c, file, &text, &armour, err);
	sl_policy_free(&policy);
	sl_buf_free(&armour);
	sl_buf_free(&text);
	return rc;
}
