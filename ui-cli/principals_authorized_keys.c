/*
 * principals_authorized_keys.c - sluice principals authorized-keys: lines for sshd, one forced command a person.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ui-cli/commands.h"

/* A word for a shell within the double quotes of authorized_keys; what neither could hold is refused. */
static enum sl_rc put_word(struct sl_buf *b, const char *word, struct sl_err *err)
{
	if (strpbrk(word, "'\"\\\n\r")) {
		sl_err_set(err, SL_E_INPUT, "\"%.200s\" cannot stand in authorized_keys: it has a quote, backslash or line feed",
		           word);
		return SL_E_INPUT;
	}
	if (strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-") == strlen(word))
		sl_buf_text(b, word);
	else
		sl_buf_printf(b, "'%s'", word);
	return SL_OK;
}

static enum sl_rc put_line(struct sl_buf *b, const char *command, const char *dir, const struct sl_person *p,
                           struct sl_err *err)
{
	enum sl_rc rc;

	sl_buf_text(b, "restrict,command=\"");
	rc = put_word(b, command, err);
	sl_buf_text(b, " session --dir ");
	if (!rc)
		rc = put_word(b, dir, err);
	sl_buf_text(b, " --as ");
	if (!rc)
		rc = put_word(b, p->name, err);
	sl_buf_printf(b, "\" %s\n", p->key);
	return rc;
}

enum sl_rc sl_cmd_principals_authorized_keys(struct sl_cli *c, struct sl_err *err)
{
	const struct sl_policy *policy = &c->standing.policy;
	const char *command = sl_args_flag(&c->args, "--command");
	char self[4096] = "";
	struct sl_buf b = {0};
	ssize_t n;
	enum sl_rc rc = SL_OK;

	if (!c->standing.has_policy) {
		sl_err_set(err, SL_E_NO, "there is no policy yet, so nobody has a name");
		sl_err_remedy(err, "sluice policy new prints one to start from");
		return SL_E_NO;
	}
	if (!command) {
		n = readlink("/proc/self/exe", self, sizeof self - 1);
		command = self;
		if (n <= 0)
			return sl_err_set(err, SL_E_IO, "cannot tell this program's path; give --command PATH");
	}
	for (uint32_t i = 0; i < policy->npeople && !rc; i++)
		rc = put_line(&b, command, c->enclave.dir, &policy->people[i], err);
	if (!rc)
		rc = sl_buf_ok(&b, "authorized_keys", err);
	if (!rc && c->args.json)
		sl_cli_set(c, "authorized_keys", sl_cli_bytes(b.data, b.len));
	else if (!rc)
		fwrite(b.data, 1, b.len, stdout);
	sl_buf_free(&b);
	return rc;
}
