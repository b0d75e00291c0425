/*
 * init.c - sluice init: make an enclave.
 */
#include <stdlib.h>
#include <string.h>

#include "jobs/root.h"
#include "ui-cli/commands.h"

#define OFFICERS_MAX 32

struct officers {
	struct sl_officer list[OFFICERS_MAX];
	char *names[OFFICERS_MAX];
	struct sl_buf lines[OFFICERS_MAX];
	size_t n;
};

/* NAME=KEY.pub: the name's copy and the key file's line. */
static enum sl_rc take_officer(struct officers *o, const char *text, struct sl_err *err)
{
	const char *equals = strchr(text, '=');
	struct sl_buf *line = &o->lines[o->n];
	enum sl_rc rc;

	if (o->n == OFFICERS_MAX)
		return sl_err_set(err, SL_E_USAGE, "more than %d officers", OFFICERS_MAX);
	if (!equals || equals == text || !equals[1])
		return sl_err_set(err, SL_E_USAGE, "--officer wants NAME=KEY.pub, not \"%.80s\"", text);
	rc = sl_file_read(equals + 1, SL_SSH_LINE_BYTES_MAX, line, err);
	if (rc)
		return rc;
	while (line->len && (line->data[line->len - 1] == '\n' || line->data[line->len - 1] == '\r'))
		line->len--;
	o->names[o->n] = strndup(text, (size_t)(equals - text));
	if (!o->names[o->n] || !sl_buf_cstr(line))
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	if (strncmp(sl_buf_cstr(line), "-----BEGIN", 10) == 0) {
		sl_err_set(err, SL_E_INPUT, "\"%s\" is a private key", equals + 1);
		sl_err_remedy(err, "name the public key file, which ends in .pub");
		return SL_E_INPUT;
	}
	o->list[o->n] = (struct sl_officer){.name = o->names[o->n], .key_line = sl_buf_cstr(line)};
	o->n++;
	return SL_OK;
}

static void free_officers(struct officers *o)
{
	for (size_t i = 0; i < OFFICERS_MAX; i++) {
		free(o->names[i]);
		sl_buf_free(&o->lines[i]);
	}
}

/* Where the keys go: --keys, or beside DIR. Heap. */
static char *keys_path(const char *dir, const char *keys)
{
	size_t len = strlen(dir);
	char *path = NULL;

	if (keys)
		return strdup(keys);
	while (len > 1 && dir[len - 1] == '/')
		len--;
	return asprintf(&path, "%.*s-keys", (int)len, dir) < 0 ? NULL : path;
}

/* The anchor to its file, or to standard output. */
static enum sl_rc put_anchor(struct sl_cli *c, const char *dir, const struct sl_buf *anchor, struct sl_err *err)
{
	const char *file = sl_args_flag(&c->args, "--anchor");
	enum sl_rc rc = SL_OK;

	sl_cli_set(c, "anchor", sl_cli_bytes(anchor->data, anchor->len));
	if (file) {
		rc = sl_file_write_new(file, 0644, anchor->data, anchor->len, err);
		if (rc)
			sl_err_remedy(err, "it is done; sluice anchor --dir %s prints the anchor again", dir);
	} else if (!c->args.json) {
		fwrite(anchor->data, 1, anchor->len, stdout);
	}
	return rc;
}

static enum sl_rc reroot(struct sl_cli *c, const char *dir, const struct officers *officers, struct sl_err *err)
{
	const char *reason = sl_args_flag(&c->args, "--reason");
	struct sl_enclave e = {0};
	struct sl_buf anchor = {0};
	enum sl_rc rc;

	if (!reason)
		return sl_err_set(err, SL_E_USAGE, "--reroot wants --reason: every later release tells it");
	if (sl_args_flag(&c->args, "--name") || sl_args_flag(&c->args, "--keys"))
		return sl_err_set(err, SL_E_USAGE, "the enclave keeps its name and its keys: --reroot takes neither");
	rc = sl_enclave_open(dir, &e, err);
	if (!rc)
		rc = sl_enclave_reroot(&e, officers->list, officers->n, reason, &anchor, err);
	if (!rc)
		rc = put_anchor(c, dir, &anchor, err);
	if (!rc && !c->args.json)
		fprintf(stderr, "the root of trust is changed; publish the new anchor, and say where the old one is why\n");
	if (!rc)
		sl_cli_next(c, "sluice policy new --dir %s > policy.json, signed by one of the new officers", dir);
	sl_enclave_close(&e);
	sl_buf_free(&anchor);
	return rc;
}

static enum sl_rc found(struct sl_cli *c, const char *dir, const struct officers *officers, struct sl_err *err)
{
	const char *name = sl_args_flag(&c->args, "--name");
	char *keys = keys_path(dir, sl_args_flag(&c->args, "--keys"));
	struct sl_buf anchor = {0};
	enum sl_rc rc = keys ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory");

	if (!rc && !name)
		rc = sl_err_set(err, SL_E_USAGE, "init wants --name, the enclave's name in everything it signs");
	else if (!rc && sl_args_flag(&c->args, "--reason"))
		rc = sl_err_set(err, SL_E_USAGE, "--reason is for --reroot");
	if (!rc)
		rc = sl_enclave_init(dir, keys, name, officers->list, officers->n, &anchor, err);
	if (rc)
		goto out;
	sl_cli_set(c, "enclave", sl_cli_text(name));
	sl_cli_set(c, "dir", sl_cli_text(dir));
	sl_cli_set(c, "keys", sl_cli_text(keys));
	rc = put_anchor(c, dir, &anchor, err);
	if (rc)
		goto out;
	if (!c->args.json) {
		fflush(stdout);
		fprintf(stderr, "enclave \"");
		sl_say_text(stderr, name, strlen(name));
		fprintf(stderr, "\" made in ");
		sl_say_text(stderr, dir, strlen(dir));
		fprintf(stderr, ", its keys in ");
		sl_say_text(stderr, keys, strlen(keys));
		fprintf(stderr, "\npublish the anchor %s: releases are verified with it\n",
		        sl_args_flag(&c->args, "--anchor") ? "file" : "above");
	}
	sl_cli_next(c, "sluice data import datapackage.json --dir %s", dir);
out:
	sl_buf_free(&anchor);
	free(keys);
	return rc;
}

enum sl_rc sl_cmd_init(struct sl_cli *c, struct sl_err *err)
{
	const char *dir = sl_cli_word(c, 0), *text;
	struct officers officers = {0};
	uint32_t at = 0;
	enum sl_rc rc = SL_OK;

	while (!rc && (text = sl_args_next(&c->args, "--officer", &at)))
		rc = take_officer(&officers, text, err);
	if (!rc)
		rc = sl_args_flag(&c->args, "--reroot") ? reroot(c, dir, &officers, err) : found(c, dir, &officers, err);
	free_officers(&officers);
	return rc;
}
