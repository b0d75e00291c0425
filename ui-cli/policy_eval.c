/*
 * policy_eval.c - sluice policy eval: what a policy says of a job, which rule decided, what was wanted and given.
 */
#include <inttypes.h>

#include "jobs/policy_eval.h"
#include "ui-cli/commands.h"
#include "ui-cli/script.h"

static void uses_text(uint8_t uses, char *out, size_t cap)
{
	size_t len = 0;

	snprintf(out, cap, "-");
	for (uint32_t bit = SL_USE_GROUP; bit <= SL_USE_MEASURE; bit <<= 1)
		if (uses & bit && len < cap)
			len += (size_t)snprintf(out + len, cap - len, "%s%s", len ? " " : "", sl_use_name((enum sl_use)bit));
}

static json_t *uses_array(uint8_t uses)
{
	json_t *list = json_array();

	for (uint32_t bit = SL_USE_GROUP; bit <= SL_USE_MEASURE; bit <<= 1)
		if (uses & bit)
			json_array_append_new(list, json_string(sl_use_name((enum sl_use)bit)));
	return list;
}

static void set_uses(struct sl_cli *c, const struct sl_eval *v)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < v->nuses; i++)
		json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:o}", "table", v->uses[i].table, "column",
		                                      v->uses[i].column, "wanted", uses_array(v->uses[i].wanted), "given",
		                                      uses_array(v->uses[i].given)));
	sl_cli_set(c, "uses", list);
}

static enum sl_rc print_uses(const struct sl_eval *v, struct sl_err *err)
{
	const char *const names[] = {"TABLE", "COLUMN", "WANTED", "GIVEN", ""};
	struct sl_grid grid;
	enum sl_rc rc;

	sl_grid_open(&grid, names, 5);
	for (uint32_t i = 0; i < v->nuses; i++) {
		const struct sl_eval_use *u = &v->uses[i];
		char wanted[64], given[64];
		const char *texts[] = {u->table, u->column, wanted, given, u->wanted & ~u->given ? "missing" : ""};

		uses_text(u->wanted, wanted, sizeof wanted);
		uses_text(u->given, given, sizeof given);
		sl_grid_row(&grid, texts);
	}
	rc = v->nuses ? sl_grid_print(&grid, stdout, err) : SL_OK;
	sl_grid_free(&grid);
	return rc;
}

/* Of a request of all its outputs; running it is permitted all the same. */
static void tell_released(struct sl_cli *c, const struct sl_released_told *t)
{
	bool over = sl_released_add(t->left, t->asked) > t->max;

	sl_cli_set(c, "released", json_pack("{s:s, s:I, s:I, s:I, s:b}", "space", t->space, "left", (json_int_t)t->left,
	                                    "asked", (json_int_t)t->asked, "max", (json_int_t)t->max, "over", over));
	sl_cli_changed(c,
	               "  a request of all its outputs: %" PRIu64 " numbers of %s; %" PRIu64 " left the project before, "
	               "of %" PRIu64 " that may%s",
	               t->asked, t->space, t->left, t->max, over ? ": it would be refused [released-numbers]" : "");
}

/* The verdict is the answer, whatever it is: it goes to stdout, and the exit code tells it too. */
static enum sl_rc tell(struct sl_cli *c, const struct sl_eval *v, struct sl_err *err)
{
	const char *name = sl_eval_verdict_name((enum sl_eval_verdict)v->verdict);
	const struct sl_err *why = &v->why;

	sl_cli_set(c, "verdict", json_string(name));
	sl_cli_set(c, "serial", json_integer((json_int_t)v->serial));
	set_uses(c, v);
	if (v->verdict != SL_EVAL_PERMITTED)
		sl_cli_set_error(c, why);
	c->code = sl_eval_exit(v);
	if (v->verdict == SL_EVAL_PERMITTED)
		sl_cli_changed(c, "%s", name);
	else if (*why->rule)
		sl_cli_changed(c, "%s: %s [%s]", name, why->text, why->rule);
	else
		sl_cli_changed(c, "%s: %s", name, why->text);
	if (sl_released_bounded(&v->released))
		tell_released(c, &v->released);
	if (why->line)
		sl_cli_changed(c, "  at %s:%u", why->file, why->line);
	if (*why->remedy)
		sl_cli_changed(c, "  remedy: %s", why->remedy);
	return sl_args_flag(&c->args, "--explain") && !c->args.json ? print_uses(v, err) : SL_OK;
}

enum sl_rc sl_cmd_policy_eval(struct sl_cli *c, struct sl_err *err)
{
	struct sl_script_words words = {0};
	const char *file = sl_args_flag(&c->args, "--policy");
	struct sl_standing standing = {0};
	struct sl_buf policy = {0};
	struct sl_eval v = {0};
	struct sl_eval_question q = {
		.person = sl_args_flag(&c->args, "--as"),
		.spec = &words.spec,
	};
	enum sl_rc rc = sl_script_words_take(c, sl_args_flag(&c->args, "--job"), &words, err);

	if (!rc && file)
		rc = sl_file_read(file, SL_POLICY_BYTES_MAX, &policy, err);
	if (!rc)
		rc = sl_policy_stand(&c->enclave, file, file ? &policy : NULL, &standing, err);
	if (!rc)
		rc = sl_policy_eval(&c->enclave, &standing, &q, &v, err);
	if (!rc) {
		sl_script_told(c, &v.job);
		rc = tell(c, &v, err);
	}
	sl_eval_free(&v);
	sl_standing_free(&standing);
	sl_buf_free(&policy);
	sl_script_words_free(&words);
	return rc;
}
