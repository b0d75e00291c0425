/*
 * policy_matrix.c - sluice policy matrix: which role may do what, the whole table.
 */
#include "ui-cli/commands.h"

#define NROLES (sizeof sl_role_names / sizeof *sl_role_names)

static json_t *action_object(const struct sl_action_row *row)
{
	json_t *roles = json_array();

	for (size_t i = 0; i < NROLES; i++)
		if (sl_roles_allow(1u << i, row->action))
			json_array_append_new(roles, json_string(sl_role_names[i]));
	return json_pack("{s:s, s:o, s:s, s:s}", "action", row->name, "roles", roles, "why", row->why, "remedy",
	                 row->remedy);
}

enum sl_rc sl_cmd_policy_matrix(struct sl_cli *c, struct sl_err *err)
{
	bool why = sl_args_flag(&c->args, "--why") != NULL;
	const char *names[NROLES + 2] = {"MAY"}, *texts[NROLES + 2];
	json_t *list = json_array();
	struct sl_grid grid;
	enum sl_rc rc = SL_OK;

	for (size_t i = 0; i < NROLES; i++)
		names[i + 1] = sl_role_names[i];
	names[NROLES + 1] = "WHY";
	sl_grid_open(&grid, names, NROLES + 1 + why);
	for (int action = SL_ACTION_NONE + 1; action < SL_ACTION_COUNT_; action++) {
		const struct sl_action_row *row = sl_roles_action((enum sl_action)action);

		texts[0] = row->name;
		for (size_t i = 0; i < NROLES; i++)
			texts[i + 1] = sl_roles_allow(1u << i, row->action) ? "yes" : "-";
		texts[NROLES + 1] = row->why;
		sl_grid_row(&grid, texts);
		json_array_append_new(list, action_object(row));
	}
	sl_cli_set(c, "actions", list);
	if (!c->args.json)
		rc = sl_grid_print(&grid, stdout, err);
	sl_grid_free(&grid);
	return rc;
}
