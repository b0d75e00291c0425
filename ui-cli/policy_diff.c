/*
 * policy_diff.c - sluice policy diff: what a policy would change for whom.
 */
#include <inttypes.h>

#include "jobs/policy_compare.h"
#include "ui-cli/commands.h"

static enum sl_rc print_effects(const struct sl_effects *e, struct sl_err *err)
{
	const char *const names[] = {"WHO", "EFFECT", "WHAT", "FROM", "TO"};
	struct sl_grid grid;
	enum sl_rc rc;

	sl_grid_open(&grid, names, 5);
	for (uint32_t i = 0; i < e->nitems; i++) {
		const struct sl_effect *f = &e->items[i];
		const char *texts[] = {f->who, sl_effect_kind_name((enum sl_effect_kind)f->kind), f->what, f->from, f->to};

		sl_grid_row(&grid, texts);
	}
	rc = sl_grid_print(&grid, stdout, err);
	sl_grid_free(&grid);
	return rc;
}

static void set_effects(struct sl_cli *c, const struct sl_effects *e)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < e->nitems; i++) {
		const struct sl_effect *f = &e->items[i];

		json_array_append_new(
			list, json_pack("{s:o, s:s, s:s, s:o, s:o, s:o}", "who", sl_cli_text(f->who), "effect",
		                    sl_effect_kind_name((enum sl_effect_kind)f->kind), "about",
		                    sl_effect_about_name((enum sl_effect_about)f->about), "what", sl_cli_text(f->what), "from",
		                    sl_cli_text(f->from), "to", sl_cli_text(f->to)));
	}
	sl_cli_set(c, "effects", list);
}

/* One file: against the policy in force. */
static enum sl_rc read_both(struct sl_cli *c, struct sl_policy_file *now, struct sl_buf *now_text,
                            struct sl_policy_file *next, struct sl_buf *next_text, struct sl_err *err)
{
	enum sl_rc rc;

	next->name = sl_cli_word(c, 1) ? sl_cli_word(c, 1) : sl_cli_word(c, 0);
	now->name = sl_cli_word(c, 1) ? sl_cli_word(c, 0) : "policy in force";
	if (sl_cli_word(c, 1)) {
		rc = sl_file_read(now->name, SL_POLICY_BYTES_MAX, now_text, err);
	} else if (!c->opened) {
		rc = sl_err_set(err, SL_E_USAGE, "nothing to compare with");
		sl_err_remedy(err, "name two files, or an enclave: --dir DIR, or the variable SLUICE_DIR");
	} else {
		rc = sl_standing_policy_text(&c->enclave, now_text, err);
	}
	return rc ? rc : sl_file_read(next->name, SL_POLICY_BYTES_MAX, next_text, err);
}

enum sl_rc sl_cmd_policy_diff(struct sl_cli *c, struct sl_err *err)
{
	struct sl_buf now_text = {0}, next_text = {0};
	struct sl_policy_file now = {.text = &now_text}, next = {.text = &next_text};
	struct sl_effects effects = {0};
	uint64_t from = 0, to = 0;
	enum sl_rc rc = read_both(c, &now, &now_text, &next, &next_text, err);

	if (!rc)
		rc = sl_policy_compare(c->opened ? &c->standing : NULL, &now, &next, &effects, &from, &to, err);
	if (!rc) {
		set_effects(c, &effects);
		sl_cli_set(c, "from", json_integer((json_int_t)from));
		sl_cli_set(c, "to", json_integer((json_int_t)to));
		sl_cli_changed(c, "from serial %" PRIu64 " to %" PRIu64 ": %u effect%s", from, to, effects.nitems,
		               effects.nitems == 1 ? "" : "s");
	}
	if (!rc && !c->args.json && effects.nitems > 0)
		rc = print_effects(&effects, err);
	sl_effects_free(&effects);
	sl_buf_free(&now_text);
	sl_buf_free(&next_text);
	return rc;
}
