/*
 * policy_diff.c - sluice policy diff: what a policy would change for whom.
 */
#include <inttypes.h>
#include <string.h>

#include "enclave/base/num.h"
#include "jobs/policy_compare.h"
#include "jobs/policy_replay.h"
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

static void tell_item(struct sl_cli *c, const struct sl_replay_item *i, json_t *list)
{
	char name[32];

	snprintf(name, sizeof name, "%c-%" PRId64, i->letter, i->id);
	json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:o, s:o}", "id", name, "project", sl_cli_text(i->project),
	                                      "author", sl_cli_text(i->author), "rule", sl_cli_text(i->why.rule), "reason",
	                                      sl_cli_text(i->why.text)));
	sl_cli_changed(c, "  %s of %s, project %s: %s [%s]", name, i->author, i->project, i->why.text, i->why.rule);
}

static enum sl_rc take_last(const struct sl_cli *c, uint32_t *last, struct sl_err *err)
{
	const char *word = sl_args_flag(&c->args, "--last");
	int64_t n = SL_REPLAY_LAST;

	if (word && (!sl_parse_int(word, strlen(word), &n) || n < 1 || n > UINT32_MAX))
		return sl_err_set(err, SL_E_USAGE, "--last needs a number from 1 on, not \"%.40s\"", word);
	if (word && !sl_args_flag(&c->args, "--replay"))
		return sl_err_set(err, SL_E_USAGE, "--last is for a replay: name --replay as well");
	*last = (uint32_t)n;
	return SL_OK;
}

static void tell_older(struct sl_cli *c, const struct sl_replay *r, uint32_t last)
{
	uint32_t most = r->all_jobs > r->all_releases ? r->all_jobs : r->all_releases;

	if (most > last)
		sl_cli_changed(c, "asked: the newest %u of %u jobs and %u of %u releases; all: --last %u", r->jobs, r->all_jobs,
		               r->releases, r->all_releases, most);
}

/* History under the newer policy: counts first, then each by name. */
static enum sl_rc replay(struct sl_cli *c, const struct sl_policy_file *next, uint32_t last, struct sl_err *err)
{
	struct sl_replay r = {0};
	json_t *list = json_array();
	enum sl_rc rc = SL_E_USAGE;

	if (!c->opened)
		sl_err_set(err, rc, "history is an enclave's: name it with --dir DIR, or the variable SLUICE_DIR");
	else
		rc = sl_policy_replay(&c->enclave, &c->actor, next->name, next->text->data, next->text->len, last, &r,
		                      err);
	if (!rc) {
		sl_cli_changed(c, "%u of %u past job%s would now be denied, %u of %u past release%s would not have passed", r.denied,
		               r.jobs, r.jobs == 1 ? "" : "s", r.not_passed, r.releases, r.releases == 1 ? "" : "s");
		tell_older(c, &r, last);
		if (r.rounded[0] != '\0')
			sl_cli_changed(c, "releases were asked with round numbers that hide no more than yours: %s", r.rounded);
		if (r.unjudged)
			sl_cli_changed(c, "%u of the releases could not be judged again", r.unjudged);
		for (uint32_t i = 0; i < r.nitems; i++)
			tell_item(c, &r.items[i], list);
		sl_cli_set(c, "replay", json_pack("{s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:s, s:O}", "jobs", (int)r.jobs, "all_jobs",
		                                  (int)r.all_jobs, "denied", (int)r.denied, "releases", (int)r.releases,
		                                  "all_releases", (int)r.all_releases, "not_passed", (int)r.not_passed,
		                                  "unjudged", (int)r.unjudged, "rounded", r.rounded, "items", list));
	}
	json_decref(list);
	sl_replay_free(&r);
	return rc;
}

enum sl_rc sl_cmd_policy_diff(struct sl_cli *c, struct sl_err *err)
{
	struct sl_buf now_text = {0}, next_text = {0};
	struct sl_policy_file now = {.text = &now_text}, next = {.text = &next_text};
	struct sl_effects effects = {0};
	uint64_t from = 0, to = 0;
	uint32_t last = 0;
	enum sl_rc rc = take_last(c, &last, err);

	if (!rc)
		rc = read_both(c, &now, &now_text, &next, &next_text, err);
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
	if (!rc && sl_args_flag(&c->args, "--replay"))
		rc = replay(c, &next, last, err);
	sl_effects_free(&effects);
	sl_buf_free(&now_text);
	sl_buf_free(&next_text);
	return rc;
}
