/*
 * policy_matrix.c - sluice policy matrix: which role may do what, the whole table; or the moves of a request.
 */
#include "jobs/request.h"
#include "ui-cli/commands.h"

#define NROLES (sizeof sl_role_names / sizeof *sl_role_names)
#define NSTATES (sizeof sl_moves_life / sizeof *sl_moves_life)

static json_t *action_object(const struct sl_action_row *row)
{
	json_t *roles = json_array();

	for (size_t i = 0; i < NROLES; i++)
		if (sl_roles_allow(1u << i, row->action))
			json_array_append_new(roles, json_string(sl_role_names[i]));
	return json_pack("{s:s, s:o, s:s, s:s}", "action", row->name, "roles", roles, "why", row->why, "remedy",
	                 row->remedy);
}

static enum sl_rc print_actions(struct sl_cli *c, bool why, struct sl_err *err)
{
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

static json_t *move_object(const struct sl_move_row *row)
{
	json_t *who = json_array(), *to = json_object();

	for (uint32_t bit = 1; bit <= SL_PARTIES_ALL; bit <<= 1)
		if (row->who & bit)
			json_array_append_new(who, json_string(sl_moves_party_name((enum sl_party)bit)));
	for (int s = 1; s < SL_REQUEST_STATE_COUNT_; s++)
		if (row->to[s] != SL_REQUEST_NONE)
			json_object_set_new(to, sl_moves_state_name((enum sl_request_state)s),
			                    json_string(sl_moves_state_name((enum sl_request_state)row->to[s])));
	return json_pack("{s:s, s:o, s:o, s:s, s:s}", "move", row->name, "who", who, "to", to, "why", row->why, "remedy",
	                 row->remedy);
}

static json_t *state_object(const struct sl_state_row *row)
{
	return json_pack("{s:s, s:s, s:s}", "state", row->name, "meaning", row->meaning, "remedy", row->remedy);
}

static void add_name(struct sl_buf *out, const char *name)
{
	sl_buf_printf(out, "%s%s", out->len ? ", " : "", name);
}

/* From most states: those are told from which it is not done. */
static void from_states(const struct sl_move_row *row, struct sl_buf *out)
{
	struct sl_buf open = {0}, shut = {0};
	uint32_t nopen = 0, nshut = 0;

	for (size_t i = 0; i < NSTATES; i++) {
		bool from = row->to[sl_moves_life[i]] != SL_REQUEST_NONE;

		add_name(from ? &open : &shut, sl_moves_state_name(sl_moves_life[i]));
		*(from ? &nopen : &nshut) += 1;
	}
	if (nshut == 0)
		sl_buf_text(out, "all");
	else
		sl_buf_printf(out, "%s%s", nopen > nshut ? "all but " : "", sl_buf_cstr(nopen > nshut ? &shut : &open));
	sl_buf_free(&open);
	sl_buf_free(&shut);
}

/* Every move of the table leads to one state, or leaves the state as it is. */
static const char *to_state(const struct sl_move_row *row)
{
	for (int s = 1; s < SL_REQUEST_STATE_COUNT_; s++)
		if (row->to[s] != SL_REQUEST_NONE && row->to[s] != s)
			return sl_moves_state_name((enum sl_request_state)row->to[s]);
	return "(as it was)";
}

static void move_line(struct sl_grid *grid, const struct sl_move_row *row)
{
	struct sl_buf who = {0}, from = {0};

	for (uint32_t bit = 1; bit <= SL_PARTIES_ALL; bit <<= 1)
		if (row->who & bit)
			add_name(&who, sl_moves_party_name((enum sl_party)bit));
	from_states(row, &from);
	if (who.failed || from.failed) {
		grid->failed = true;
	} else {
		const char *texts[] = {row->name, sl_buf_cstr(&who), sl_buf_cstr(&from), to_state(row), row->why};

		sl_grid_row(grid, texts);
	}
	sl_buf_free(&who);
	sl_buf_free(&from);
}

static enum sl_rc print_moves(struct sl_cli *c, bool why, struct sl_err *err)
{
	static const char *const names[] = {"MOVE", "WHOSE", "FROM", "TO", "WHY"};
	static const char *const state_names[] = {"STATE", "MEANS", "NEXT"};
	json_t *list = json_array(), *all = json_array();
	struct sl_grid grid, states;
	enum sl_rc rc = SL_OK;

	sl_grid_open(&grid, names, 4 + why);
	sl_grid_open(&states, state_names, 2 + why);
	for (int move = SL_MOVE_NONE + 1; move < SL_MOVE_COUNT_; move++) {
		const struct sl_move_row *row = sl_moves_row((enum sl_move)move);

		move_line(&grid, row);
		json_array_append_new(list, move_object(row));
	}
	for (size_t i = 0; i < NSTATES; i++) {
		const struct sl_state_row *row = sl_moves_state(sl_moves_life[i]);
		const char *texts[] = {row->name, row->meaning, row->remedy};

		sl_grid_row(&states, texts);
		json_array_append_new(all, state_object(row));
	}
	sl_cli_set(c, "moves", list);
	sl_cli_set(c, "states", all);
	if (!c->args.json) {
		rc = sl_grid_print(&grid, stdout, err);
		putchar('\n');
		if (!rc)
			rc = sl_grid_print(&states, stdout, err);
	}
	sl_grid_free(&grid);
	sl_grid_free(&states);
	return rc;
}

enum sl_rc sl_cmd_policy_matrix(struct sl_cli *c, struct sl_err *err)
{
	bool why = sl_args_flag(&c->args, "--why") != NULL;

	return sl_args_flag(&c->args, "--moves") ? print_moves(c, why, err) : print_actions(c, why, err);
}
