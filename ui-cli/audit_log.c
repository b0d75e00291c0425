/*
 * audit_log.c - sluice audit log: the leaves, one a line.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/num.h"
#include "jobs/audit_kinds.h"
#include "ui-cli/commands.h"

static const char *text_of(const json_t *leaf, const char *name)
{
	const char *text = json_string_value(json_object_get(leaf, name));

	return text ? text : "";
}

/* "0  2026-11-26T10:00:00Z  job.created  ana  {…}": what is not in the first columns stands in the last. */
static void print_leaf(uint64_t n, json_t *leaf)
{
	const char *head[] = {text_of(leaf, "at"), text_of(leaf, "kind"), text_of(leaf, "who")};
	char *rest;

	printf("%" PRIu64, n);
	for (int i = 0; i < 3; i++) {
		fputs("  ", stdout);
		if (*head[i])
			sl_say_text(stdout, head[i], strlen(head[i]));
		else
			fputc('-', stdout);
	}
	json_object_del(leaf, "at");
	json_object_del(leaf, "kind");
	json_object_del(leaf, "who");
	json_object_del(leaf, "n");
	rest = json_dumps(leaf, JSON_COMPACT | JSON_SORT_KEYS);
	fputs("  ", stdout);
	if (rest)
		sl_say_text(stdout, rest, strlen(rest));
	fputc('\n', stdout);
	free(rest);
}

/* Without --kind every leaf. */
static bool wanted(struct sl_cli *c, const json_t *leaf)
{
	const char *word;
	uint32_t at = 0;
	bool any = false;

	while ((word = sl_args_next(&c->args, "--kind", &at)) != NULL) {
		if (sl_audit_kind_is(text_of(leaf, "kind"), word))
			return true;
		any = true;
	}
	return !any;
}

static enum sl_rc judge_kinds(struct sl_cli *c, struct sl_err *err)
{
	const char *word;
	uint32_t at = 0;

	while ((word = sl_args_next(&c->args, "--kind", &at)) != NULL)
		if (!sl_audit_kind_known(word)) {
			(void)sl_err_set(err, SL_E_USAGE, "no leaf is of the kind \"%.40s\"", word);
			sl_err_remedy(err, "a kind (job.created), or what it is about: authentication, grants, \"data access\", "
			              "decisions, egress");
			return SL_E_USAGE;
		}
	return SL_OK;
}

static enum sl_rc one(struct sl_cli *c, uint64_t n, json_t *list, struct sl_err *err)
{
	struct sl_buf bytes = {0};
	json_t *leaf = NULL;
	enum sl_rc rc = sl_audit_leaf(&c->enclave, n, &bytes, err);

	if (!rc) {
		leaf = json_loadb((const char *)bytes.data, bytes.len, 0, NULL);
		if (!leaf)
			rc = sl_err_set(err, SL_E_INTEGRITY, "leaf %" PRIu64 " of the log is not JSON", n);
	}
	bool shown = !rc && wanted(c, leaf);
	if (shown && c->args.json)
		json_array_append(list, leaf);
	else if (shown)
		print_leaf(n, leaf);
	json_decref(leaf);
	sl_buf_free(&bytes);
	return rc;
}

enum sl_rc sl_cmd_audit_log(struct sl_cli *c, struct sl_err *err)
{
	const char *from = sl_args_flag(&c->args, "--from");
	json_t *list = json_array();
	uint64_t size = 0;
	int64_t first = 0;
	enum sl_rc rc = SL_OK;

	if (from && (!sl_parse_int(from, strlen(from), &first) || first < 0))
		rc = sl_err_set(err, SL_E_USAGE, "--from wants a number, not \"%.40s\"", from);
	if (!rc)
		rc = judge_kinds(c, err);
	if (!rc)
		rc = sl_audit_size(&c->enclave, &size, err);
	for (uint64_t n = (uint64_t)first; n < size && !rc; n++)
		rc = one(c, n, list, err);
	sl_cli_set(c, "size", json_integer((json_int_t)size));
	sl_cli_set(c, "leaves", list);
	return rc;
}
