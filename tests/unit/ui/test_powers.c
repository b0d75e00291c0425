/*
 * test_powers.c - every role at every command of the real program: permitted or denied as the printed matrix says. One
 * enclave, six people with one role each. What is denied is denied before anything else is looked at: the things named
 * here do not exist, and a file named is empty.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "policy/roles.h"
#include "tests/unit/jobs/world.h"
#include "ui-cli/commands.h"

#define SLUICE SL_TEST_BIN_DIR "/sluice"
#define NROLES (sizeof sl_role_names / sizeof *sl_role_names)
#define LINE_BYTES 2048

static json_t *matrix; /* action → list of roles, as printed */

static void run_to(const char *out, const char *line, int *code)
{
	*code = scratch_run("%s >%s 2>err </dev/null", line, out);
}

static void must(const char *line)
{
	int code;

	run_to("out", line, &code);
	if (code != 0)
		fail_msg("exit code %d: %s", code, line);
}

static json_t *answer(void)
{
	return json_load_file("out", 0, NULL);
}

static void write_policy(const char *file, int serial)
{
	struct sl_buf text = { 0 };

	sl_buf_printf(&text, "{\"sluice_policy\": 1, \"enclave\": \"demo\", \"serial\": %d, \"people\": {", serial);
	for (size_t i = 0; i < NROLES; i++) {
		struct sl_buf key = { 0 };
		char pub[64];

		(void)snprintf(pub, sizeof pub, "%s.pub", sl_role_names[i]);
		scratch_read(pub, &key);
		key.len -= key.len > 0 && key.data[key.len - 1] == '\n';
		sl_buf_printf(&text, "%s\"%s\": {\"roles\": [\"%s\"], \"organisation\": \"health\", \"key\": \"%s\"}",
		              i > 0 ? ", " : "", sl_role_names[i], sl_role_names[i], sl_buf_cstr(&key));
		sl_buf_free(&key);
	}
	sl_buf_text(&text, "}, \"catalogues\": {}, \"disclosure\": {\"profile\": \"tre-uk\"}, \"projects\": {}}\n");
	assert_int_equal(sl_buf_ok(&text, "policy", NULL), SL_OK);
	scratch_write(file, text.data, text.len);
	sl_buf_free(&text);
}

static int enter(void **state)
{
	json_t *list, *row;
	size_t i;

	if (scratch_enter(state) != 0)
		return -1;
	for (i = 0; i < NROLES; i++)
		scratch_ssh_key(sl_role_names[i]);
	must(SLUICE " init enclave --name demo --officer officer=officer.pub --anchor anchor.txt");
	write_policy("policy.json", 1);
	must(SLUICE " policy sign policy.json --key officer");
	must(SLUICE " policy apply policy.json --signature policy.json.sig --dir enclave");
	must(SLUICE " policy matrix --json");
	list = answer();
	matrix = json_object();
	json_array_foreach(json_object_get(list, "actions"), i, row)
		json_object_set(matrix, json_string_value(json_object_get(row, "action")), json_object_get(row, "roles"));
	json_decref(list);
	return json_object_size(matrix) == SL_ACTION_COUNT_ - 1 ? 0 : -1;
}

static int leave(void **state)
{
	json_decref(matrix);
	return scratch_leave(state);
}

static bool printed(enum sl_action action, const char *role)
{
	const json_t *roles = json_object_get(matrix, sl_roles_action(action)->name), *one;
	size_t i;

	assert_non_null(roles);
	json_array_foreach(roles, i, one)
		if (strcmp(json_string_value(one), role) == 0)
			return true;
	return false;
}

static const char *value_of(const char *name, bool file, bool session)
{
	if (file)
		return session || strstr(name, "|-") != NULL ? "-" : "/dev/null";
	return strcmp(name, "N") == 0                ? "0"
	       : strcmp(name, "ACTION") == 0         ? "data ls"
	       : strcmp(name, "TABLE") == 0          ? "study.none"
	       : strcmp(name, "DATASET.TABLE") == 0  ? "study.none"
	       : name[1] == '-' && name[2] == '1'    ? (name[3] == '|' ? "R-1" : name)
	                                             : "word";
}

/* One of several things is wanted: the function says so, no flag alone is needed. */
static const struct {
	const char *noun, *verb, *words;
} wants[] = {
	{ "recover", "", "--nothing-left" },
	{ "data", "grant", "--until 2099-12-31" },
	{ "data", "statement", "--decision approve" },
};

/* The words of a row with everything that it needs and nothing else. */
static void words_of(const struct sl_command *c, bool session, char out[static LINE_BYTES])
{
	size_t n = (size_t)snprintf(out, LINE_BYTES, "%s %s", c->noun, c->verb);

	for (int i = 0; i < 3 && c->words[i].name != NULL; i++)
		if (!c->words[i].optional)
			n += (size_t)snprintf(out + n, LINE_BYTES - n, " %s", value_of(c->words[i].name, c->words[i].file, session));
	for (int i = 0; i < SL_FLAGS_MAX && c->flags[i].name != NULL; i++)
		if (c->flags[i].needed)
			n += (size_t)snprintf(out + n, LINE_BYTES - n, " %s %s", c->flags[i].name,
			                      strcmp(c->flags[i].name, "--decision") == 0
			                              ? "approve"
			                              : value_of(c->flags[i].value, c->flags[i].file, session));
	for (size_t i = 0; i < sizeof wants / sizeof *wants; i++)
		if (strcmp(wants[i].noun, c->noun) == 0 && strcmp(wants[i].verb, c->verb) == 0)
			n += (size_t)snprintf(out + n, LINE_BYTES - n, " %s", wants[i].words);
	assert_true(n < LINE_BYTES);
}

/* The exit code, and whether the answer is that the role does not allow it. */
static bool denied(const char *line, int *code)
{
	struct sl_buf said = { 0 };

	run_to("out", line, code);
	scratch_read("err", &said);
	bool is = *code == 3 && said.len > 0 && strstr(sl_buf_cstr(&said), "rule: role\n") != NULL;
	sl_buf_free(&said);
	return is;
}

static size_t one_cell(const struct sl_command *c, const char *role, bool session)
{
	char words[LINE_BYTES], line[2 * LINE_BYTES];
	bool may = printed((enum sl_action)c->action, role);
	int code;

	words_of(c, session, words);
	if (session)
		(void)snprintf(line, sizeof line, "SSH_ORIGINAL_COMMAND='%s' " SLUICE " session --as %s --dir enclave", words,
		               role);
	else
		(void)snprintf(line, sizeof line, SLUICE " %s --key %s --dir enclave", words, role);
	bool no = denied(line, &code);
	if (no == may)
		fail_msg("the matrix says that the %s may%s, and the program ends with %d: %s", role, may ? "" : " not", code, line);
	/* Words that are wrong would be refused before anybody is asked who they are: the cell would be tested by nothing. */
	if (code == 2)
		fail_msg("wrong words: %s", line);
	return no;
}

static void test_powers_every_role_at_every_command_is_as_the_matrix_prints(void **state)
{
	size_t cells = 0, no = 0;

	(void)state;
	for (size_t i = 0; i < sl_commands_count; i++) {
		const struct sl_command *c = sl_commands[i];
		if (c->action == SL_ACTION_NONE)
			continue;
		for (size_t r = 0; r < NROLES; r++) {
			no += one_cell(c, sl_role_names[r], c->session);
			cells++;
		}
	}
	assert_true(cells > 300 && no > 100);
	/* Each denial is in the log, by whom and of what. */
	must(SLUICE " audit log --kind access.refused --json --dir enclave");
	json_t *log = answer();
	assert_int_equal(json_array_size(json_object_get(log, "leaves")), no);
	json_decref(log);
}

/* can-i by the name of the command: what the command itself would say, and of what asks for no role, yes. */
static void test_powers_can_i_says_of_every_command_what_the_matrix_prints(void **state)
{
	size_t cells = 0;

	(void)state;
	for (size_t i = 0; i < sl_commands_count; i++)
		for (size_t r = 0; r < NROLES; r++) {
			const struct sl_command *c = sl_commands[i];
			bool may = c->action == SL_ACTION_NONE || printed((enum sl_action)c->action, sl_role_names[r]);
			char line[LINE_BYTES];
			int code;

			/* The command signs for anybody; the action of that name is whose signature counts. */
			if (strcmp(c->noun, "policy") == 0 && strcmp(c->verb, "sign") == 0)
				may = printed(SL_ACTION_POLICY_SIGN, sl_role_names[r]);
			(void)snprintf(line, sizeof line, "SSH_ORIGINAL_COMMAND='can-i %s %s --as %s' " SLUICE
			               " session --as officer --dir enclave", c->noun, c->verb, sl_role_names[r]);
			run_to("out", line, &code);
			if (code != (may ? 0 : 1))
				fail_msg("exit code %d, where the command says %s: %s", code, may ? "yes" : "no", line);
			cells++;
		}
	assert_int_equal(cells, sl_commands_count * NROLES);
}

/* What a session may do is not only refused there: a key on the account's own command line gets the same no. */
static void test_powers_a_key_may_what_a_session_may(void **state)
{
	static const char *const some[] = { "job run", "review approve", "data approve", "release revoke", "audit log" };

	(void)state;
	for (size_t i = 0; i < sl_commands_count; i++)
		for (size_t s = 0; s < sizeof some / sizeof *some; s++) {
			char name[64];
			(void)snprintf(name, sizeof name, "%s %s", sl_commands[i]->noun, sl_commands[i]->verb);
			for (size_t r = 0; r < NROLES && strcmp(name, some[s]) == 0; r++)
				(void)one_cell(sl_commands[i], sl_role_names[r], false);
		}
}

/* Commands that ask nobody: each is here by name, so that a new one without an action is seen. */
static void test_powers_commands_without_an_action_are_these(void **state)
{
	static const char *const open[] = { "init ",       "doctor ",        "anchor ",       "principals authorized-keys",
		                            "session ",    "help ",          "explain ",      "completion ",
		                            "policy lint", "policy sign",    "policy matrix", "policy schema",
		                            "release export", "release verify" };
	size_t found = 0;

	(void)state;
	for (size_t i = 0; i < sl_commands_count; i++) {
		char name[64];
		bool is = false;
		(void)snprintf(name, sizeof name, "%s %s", sl_commands[i]->noun, sl_commands[i]->verb);
		for (size_t s = 0; s < sizeof open / sizeof *open; s++)
			is = is || strcmp(name, open[s]) == 0;
		if (is != (sl_commands[i]->action == SL_ACTION_NONE))
			fail_msg("%s: is it for everybody?", name);
		found += is;
	}
	assert_int_equal(found, sizeof open / sizeof *open);
}

/* Every action of the matrix has a command that asks for it, but for signing a policy: what that does is judged. */
static void test_powers_no_action_is_without_a_command(void **state)
{
	(void)state;
	for (int action = 1; action < SL_ACTION_COUNT_; action++) {
		size_t rows = 0;
		for (size_t i = 0; i < sl_commands_count; i++)
			rows += sl_commands[i]->action == action;
		assert_int_equal(rows == 0, action == SL_ACTION_POLICY_SIGN);
	}
}

/* Anybody can sign a file with their own key. Whose signature puts a policy in force is what the matrix says. */
static void test_powers_a_policy_is_put_in_force_by_whom_the_matrix_lets_sign(void **state)
{
	(void)state;
	for (size_t r = 0; r < NROLES; r++) {
		char line[LINE_BYTES];
		int code;

		write_policy("next.json", (int)r + 2);
		(void)scratch_run("rm -f next.json.sig");
		(void)snprintf(line, sizeof line, SLUICE " policy sign next.json --key %s", sl_role_names[r]);
		must(line);
		run_to("out", SLUICE " policy apply next.json --signature next.json.sig --dir enclave --json", &code);
		assert_int_equal(code, printed(SL_ACTION_POLICY_SIGN, sl_role_names[r]) ? 0 : 3);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_powers_every_role_at_every_command_is_as_the_matrix_prints),
		cmocka_unit_test(test_powers_can_i_says_of_every_command_what_the_matrix_prints),
		cmocka_unit_test(test_powers_a_key_may_what_a_session_may),
		cmocka_unit_test(test_powers_commands_without_an_action_are_these),
		cmocka_unit_test(test_powers_no_action_is_without_a_command),
		cmocka_unit_test(test_powers_a_policy_is_put_in_force_by_whom_the_matrix_lets_sign),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
