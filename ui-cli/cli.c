/*
 * cli.c - runs one command: opens what it needs, says who acts, prints the answer. Called by main and by a session.
 */
#include "ui-cli/cli.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "jobs/access.h"
#include "jobs/older.h"

const char *sl_cli_word(const struct sl_cli *c, uint32_t i)
{
	return i < c->args.nwords ? c->args.words[i] : NULL;
}

static void say(FILE *f, const char *before, const char *fmt, va_list ap)
{
	char *text = NULL;

	if (vasprintf(&text, fmt, ap) < 0)
		return;
	fputs(before, f);
	sl_say_told(f, text);
	fputc('\n', f);
	free(text);
}

void sl_cli_changed(const struct sl_cli *c, const char *fmt, ...)
{
	va_list ap;

	if (c->args.json)
		return;
	va_start(ap, fmt);
	say(stdout, "", fmt, ap);
	va_end(ap);
}

void sl_cli_next(const struct sl_cli *c, const char *fmt, ...)
{
	va_list ap;

	if (c->args.json)
		return;
	fflush(stdout);
	va_start(ap, fmt);
	say(stderr, "next: ", fmt, ap);
	va_end(ap);
}

void sl_cli_separation(const struct sl_cli *c)
{
	if (c->actor.kind == SL_ACTOR_KEY && !c->args.json)
		fputs("note: on this account people are told apart by their keys alone; give each their own account, or a "
		      "session over SSH\n",
		      stderr);
}

void sl_cli_set(struct sl_cli *c, const char *name, json_t *value)
{
	if (json_object_set_new(c->answer, name, value) != 0) {
		json_decref(c->answer);
		c->answer = NULL;
	}
}

json_t *sl_cli_bytes(const void *data, size_t len)
{
	struct sl_buf b = {0};
	json_t *value;

	if (sl_text_is_utf8(data, len))
		return json_stringn(data, len);
	sl_text_escape(&b, data, len);
	value = b.failed ? NULL : json_stringn((const char *)b.data, b.len);
	sl_buf_free(&b);
	return value;
}

json_t *sl_cli_text(const char *text)
{
	return text ? sl_cli_bytes(text, strlen(text)) : json_null();
}

json_t *sl_cli_hex(const uint8_t *data, size_t len)
{
	char hex[2 * 64 + 1];

	if (len > 64)
		return NULL;
	sl_text_hex(data, len, hex);
	return json_string(hex);
}

json_t *sl_cli_time(int64_t seconds)
{
	char text[SL_TIME_TEXT];

	if (seconds == 0)
		return json_null();
	sl_enclave_time_text(seconds, text);
	return json_string(text);
}

static json_t *error_object(const struct sl_err *err, const char *source_line)
{
	json_t *o = json_object();

	json_object_set_new(o, "code", json_string(sl_rc_name(err->rc)));
	json_object_set_new(o, "exit", json_integer(sl_rc_exit(err->rc)));
	json_object_set_new(o, "text", sl_cli_text(err->text));
	if (*err->file)
		json_object_set_new(o, "file", sl_cli_text(err->file));
	if (err->line)
		json_object_set_new(o, "line", json_integer(err->line));
	if (err->col)
		json_object_set_new(o, "column", json_integer(err->col));
	if (*source_line)
		json_object_set_new(o, "source_line", sl_cli_text(source_line));
	if (*err->rule)
		json_object_set_new(o, "rule", sl_cli_text(err->rule));
	if (*err->remedy)
		json_object_set_new(o, "remedy", sl_cli_text(err->remedy));
	return o;
}

static enum sl_rc print_object(json_t *o, struct sl_err *err)
{
	char *text = o ? json_dumps(o, JSON_COMPACT | JSON_SORT_KEYS) : NULL;

	if (text)
		sl_say_json(stdout, text);
	bool said = text && fputc('\n', stdout) != EOF && !ferror(stdout);
	free(text);
	return said ? SL_OK : sl_err_set(err, SL_E_IO, "cannot print the answer");
}

void sl_cli_set_error(struct sl_cli *c, const struct sl_err *err)
{
	sl_cli_set(c, "error", error_object(err, ""));
	c->code = sl_rc_exit(err->rc);
}

int sl_cli_fail(const struct sl_err *err, const char *source_line, bool json)
{
	fflush(stdout);
	if (json) {
		struct sl_err second = {0};
		json_t *o = json_pack("{s:i, s:o}", "sluice", 1, "error", error_object(err, source_line));

		if (print_object(o, &second) != SL_OK || fflush(stdout) != 0)
			json = false;
		json_decref(o);
	}
	if (!json)
		sl_say_error(stderr, err, source_line);
	return sl_rc_exit(err->rc);
}

static uint64_t mb(uint64_t bytes)
{
	return (bytes + 999999) / 1000000;
}

/* Of the size of things nobody is told over a session. */
void sl_cli_tell_older(const char *dir, bool session)
{
	struct sl_older o;
	char took[64] = "a moment";

	if (!sl_older_look(dir, &o))
		return;
	if (o.minutes > 0)
		snprintf(took, sizeof took, "up to %u minute%s", o.minutes, o.minutes == 1 ? "" : "s");
	fprintf(stderr, "note: state.db is of version %" PRId64 " and is brought to version %" PRId64 " first, once: %s",
	        o.from, o.to, session ? "that may take minutes" : took);
	if (!session)
		fprintf(stderr, ", and while it lasts up to %" PRIu64 " MB of its disk, which has %" PRIu64 " free; up to %" PRIu64
		                " MB stay with it", mb(o.room), mb(o.free), mb(o.bytes));
	fputs(". Stopped on the way it stays as it is, and the next command begins anew\n", stderr);
}

static enum sl_rc open_enclave(struct sl_cli *c, struct sl_err *err)
{
	enum sl_need need = sl_args_need(&c->args);
	enum sl_rc rc;

	if (need == SL_NEED_NOTHING || (need == SL_NEED_ENCLAVE_IF_NAMED && !c->args.dir))
		return SL_OK;
	if (!c->args.dir) {
		sl_err_set(err, SL_E_USAGE, "no enclave is named");
		sl_err_remedy(err, "--dir DIR, or the variable SLUICE_DIR");
		return SL_E_USAGE;
	}
	sl_cli_tell_older(c->args.dir, c->session);
	rc = sl_enclave_open(c->args.dir, &c->enclave, err);
	if (rc)
		return rc;
	c->opened = true;
	if (c->enclave.repaired && !c->session)
		sl_say_told_lines(stderr, "repaired: ", c->enclave.repaired);
	return c->args.command->catalogues ? sl_standing_load(&c->enclave, &c->standing, err)
	                                   : sl_standing_people(&c->enclave, &c->standing, err);
}

static enum sl_rc who_acts(struct sl_cli *c, struct sl_err *err)
{
	enum sl_rc rc;

	/*
	 * Whoever comes over SSH is looked up for every command: a name taken out of the policy may do nothing more. An
	 * action that is done without an enclave, too, is anybody's there; with one it is its role's.
	 */
	bool of_role = c->args.command->action != SL_ACTION_NONE || c->session;
	if (sl_args_need(&c->args) != SL_NEED_ACTOR && !(c->opened && of_role))
		return SL_OK;
	rc = sl_actor_identify(&c->enclave, &c->standing, c->session ? NULL : c->args.key, c->session, &c->actor, err);
	if (rc || c->args.command->action == SL_ACTION_NONE)
		return rc;
	return sl_actor_may(&c->actor, &c->standing, (enum sl_action)c->args.command->action, err);
}

/* Who comes over SSH, and who is refused, is in the log; what could not be written there is not begun. */
static enum sl_rc admit(struct sl_cli *c, struct sl_err *err)
{
	const struct sl_command *cmd = c->args.command;
	char command[64];
	enum sl_rc rc = who_acts(c, err);

	(void)snprintf(command, sizeof command, "%s%s%s", cmd->noun, *cmd->verb ? " " : "", cmd->verb);
	if (rc == SL_E_DENIED || rc == SL_E_IDENT) {
		const char *who = c->actor.person && *c->actor.person ? c->actor.person : c->session ? c->session : "";
		/* The account's owner, without a key, is known as that. */
		sl_access_refused(&c->enclave, c->actor.kind == SL_ACTOR_OPERATOR ? "operator" : who, command, err);
	}
	return !rc && c->session && c->opened ? sl_access_opened(&c->enclave, &c->actor, command, err) : rc;
}

static void close_all(struct sl_cli *c)
{
	sl_actor_free(&c->actor);
	sl_standing_free(&c->standing);
	if (c->opened)
		sl_enclave_close(&c->enclave);
	json_decref(c->answer);
	sl_buf_free(&c->source_line);
	*c = (struct sl_cli){0};
}

int sl_cli_run(struct sl_cli *c)
{
	struct sl_err err = {0};
	int code = 0;
	enum sl_rc rc;

	c->answer = json_pack("{s:i}", "sluice", 1);
	rc = open_enclave(c, &err);
	if (!rc)
		rc = admit(c, &err);
	if (!rc)
		rc = c->args.command->run(c, &err);
	if (!rc && c->args.json)
		rc = c->answer ? print_object(c->answer, &err) : sl_err_set(&err, SL_E_NOMEM, "out of memory");
	if (fflush(stdout) != 0 && !rc)
		rc = sl_err_set(&err, SL_E_IO, "cannot write to standard output");
	if (rc) {
		char *source_line = sl_buf_cstr(&c->source_line);

		sl_err_set(&err, rc, "%s", sl_rc_name(rc));
		code = sl_cli_fail(&err, source_line ? source_line : "", c->args.json);
	} else {
		code = c->code;
	}
	close_all(c);
	return code;
}
