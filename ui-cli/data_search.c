/*
 * data_search.c - sluice data search: which tables and columns there are about something, and how to come by them.
 */
#include <stdlib.h>
#include <string.h>

#include "jobs/data_search.h"
#include "ui-cli/commands.h"

#define SHOWN 20

static void add_row(struct sl_grid *grid, const struct sl_found *f)
{
	struct sl_buf where = {0};

	sl_buf_text(&where, sl_search_place_name((enum sl_search_place)f->place));
	if (f->told[0] != '\0')
		sl_buf_printf(&where, ": %s", f->told);
	const char *texts[] = {f->table, f->column, f->title, f->owner, sl_class_name((enum sl_class)f->class_),
	                       f->projects, sl_buf_cstr(&where)};

	sl_grid_row(grid, texts);
	sl_buf_free(&where);
}

static json_t *object(const struct sl_found *f)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:s, s:o, s:s, s:o}", "table", sl_cli_text(f->table), "column",
	                 sl_cli_text(f->column), "title", sl_cli_text(f->title), "owner", sl_cli_text(f->owner), "class",
	                 sl_class_name((enum sl_class)f->class_), "projects", sl_cli_text(f->projects), "found_in",
	                 sl_search_place_name((enum sl_search_place)f->place), "text", sl_cli_text(f->told));
}

static void tell_next(const struct sl_cli *c, const struct sl_search *s)
{
	const struct sl_found *first = &s->items[0], *ours = NULL;

	for (uint32_t i = 0; ours == NULL && i < s->n; i++)
		if (s->items[i].grants[0] != '\0')
			ours = &s->items[i];
	if (s->n < s->total)
		sl_cli_next(c, "%u more were found; one more word finds fewer, --all shows them", s->total - s->n);
	if (ours != NULL)
		sl_cli_next(c, "sluice data show %s, then sluice job new -p %s", ours->table, ours->grants);
	else
		sl_cli_next(c, "sluice data show %s; to use it, ask an officer for a project that is granted it%s%s",
		            first->table, first->class_ == SL_CLASS_OPEN ? "" : ", for a purpose; its owner is ",
		            first->class_ == SL_CLASS_OPEN ? "" : first->owner);
}

static enum sl_rc nothing(const struct sl_search *s, const char *word, struct sl_err *err)
{
	(void)sl_err_set(err, SL_E_NO, "nothing is called \"%.100s\" or tells of it", word);
	if (s->near != NULL)
		sl_err_remedy(err, "did you mean \"%.64s\"? a part of a word, or fewer words, find more", s->near);
	else
		sl_err_remedy(err, "a part of a word, or fewer words, find more; sluice data ls lists all tables");
	return SL_E_NO;
}

enum sl_rc sl_cmd_data_search(struct sl_cli *c, struct sl_err *err)
{
	const char *const names[] = {"TABLE", "COLUMN", "TITLE", "OWNER", "CLASS", "YOUR PROJECTS", "FOUND IN"};
	struct sl_search found = {0};
	struct sl_grid grid = {0};
	json_t *list = json_array();
	enum sl_rc rc = sl_data_search(&c->enclave, &c->actor, &c->standing, c->args.words, c->args.nwords,
	                               sl_args_flag(&c->args, "--all") != NULL ? 0 : SHOWN, &found, err);

	if (rc == SL_OK && found.n == 0)
		rc = nothing(&found, sl_cli_word(c, 0), err);
	sl_grid_open(&grid, names, 7);
	for (uint32_t i = 0; i < found.n; i++) {
		add_row(&grid, &found.items[i]);
		json_array_append_new(list, object(&found.items[i]));
	}
	sl_cli_set(c, "found", list);
	sl_cli_set(c, "total", json_integer(found.total));
	if (rc == SL_OK && !c->args.json) {
		rc = sl_grid_print(&grid, stdout, err);
		if (rc == SL_OK)
			tell_next(c, &found);
	}
	sl_grid_free(&grid);
	sl_search_free(&found);
	return rc;
}
