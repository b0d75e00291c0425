/*
 * test_globals_page.c - docs/analyst.md shows the names of a script exactly as the table has them, and the table has
 * exactly those that exist.
 *
 * With the word "print" it prints the tables instead, to be put between the two marks of the page.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/base/buf.h"
#include "enclave/script/globals.h"
#include "enclave/script/state.h"
#include "world.h"

#define BEGIN "<!-- names of a script: begin -->\n"
#define END "<!-- names of a script: end -->\n"

static const char *const whose[] = {
	[SL_GLOBAL_STOCK] = "Lua's",
	[SL_GLOBAL_OWN] = "ours, in place of Lua's",
	[SL_GLOBAL_VERB] = "the enclave's",
};

/* Rows one behind the other that differ by their names only share a line. */
static bool goes_on(size_t i)
{
	const struct sl_global *a = &sl_globals_table[i], *b = a + 1;

	return i + 1 < sl_globals_count && strcmp(a->library, b->library) == 0 && a->kind == b->kind &&
	       strcmp(a->why, b->why) == 0;
}

static void describe(struct sl_buf *out, bool refused)
{
	bool begun = false;

	sl_buf_text(out, refused ? "| refused | because |\n|---|---|\n"
	                         : "| name | whose | why it is there |\n|---|---|---|\n");
	for (size_t i = 0; i < sl_globals_count; i++) {
		const struct sl_global *g = &sl_globals_table[i];

		if ((g->kind == SL_GLOBAL_REFUSED) != refused)
			continue;
		sl_buf_printf(out, "%s `%s%s%s`", begun ? "" : "|", g->library, g->library[0] != '\0' ? "." : "", g->name);
		begun = goes_on(i);
		if (!begun && refused)
			sl_buf_printf(out, " | %s |\n", g->why);
		else if (!begun)
			sl_buf_printf(out, " | %s | %s |\n", whose[g->kind], g->why);
	}
}

static void describe_all(struct sl_buf *out)
{
	describe(out, false);
	sl_buf_text(out, "\n");
	describe(out, true);
	sl_buf_text(out, "\n");
}

static void test_globals_page_has_every_row_of_the_table(void **state)
{
	static char page[1 << 18];
	FILE *f = fopen(SL_TEST_SOURCE_DIR "/docs/analyst.md", "rb");
	struct sl_buf tables = { 0 };

	(void)state;
	assert_non_null(f);
	page[fread(page, 1, sizeof page - 1, f)] = '\0';
	fclose(f);
	describe_all(&tables);
	char *begin = strstr(page, BEGIN), *end = strstr(page, END);
	assert_non_null(begin);
	assert_non_null(end);
	*end = '\0';
	if (strcmp(begin + strlen(BEGIN) + 1, sl_buf_cstr(&tables)) != 0)
		fail_msg("the table changed: put the output of \"test_globals_page print\" between the marks of docs/analyst.md");
	sl_buf_free(&tables);
}

static bool has_row(const char *library, const char *name)
{
	for (size_t i = 0; i < sl_globals_count; i++)
		if (strcmp(sl_globals_table[i].library, library) == 0 && strcmp(sl_globals_table[i].name, name) == 0)
			return sl_globals_table[i].kind != SL_GLOBAL_REFUSED;
	return false;
}

static bool is_library(const char *name)
{
	for (size_t i = 0; i < sl_globals_count; i++)
		if (strcmp(sl_globals_table[i].library, name) == 0)
			return name[0] != '\0';
	return false;
}

/* Leaves the table behind the guard of the value on top in its place. */
static void look_behind(lua_State *L)
{
	assert_int_equal(lua_getmetatable(L, -1), 1);
	assert_int_equal(lua_getfield(L, -1, "__index"), LUA_TFUNCTION);
	assert_non_null(lua_getupvalue(L, -1, 1));
	assert_int_equal(lua_type(L, -1), LUA_TTABLE);
	lua_replace(L, -4);
	lua_pop(L, 2);
}

/* The table on top holds names with rows only; the libraries in it likewise. Counts them. */
static size_t names_of(lua_State *L, const char *library)
{
	size_t n = 0;

	for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
		const char *name = lua_tostring(L, -2);

		if (library[0] == '\0' && is_library(name)) {
			look_behind(L);
			n += names_of(L, name);
			continue;
		}
		if (!has_row(library, name))
			fail_msg("%s.%s exists and has no row", library, name);
		n++;
	}
	return n;
}

static void test_globals_table_has_every_name_that_exists(void **state)
{
	struct sl_script_setup setup = world_setup("");
	struct sl_script *s = NULL;
	struct sl_err err = { 0 };
	size_t offered = 0;

	(void)state;
	assert_int_equal(sl_script_new(&setup, 1000, &s, &err), SL_OK);
	lua_pushglobaltable(s->L);
	look_behind(s->L);
	for (size_t i = 0; i < sl_globals_count; i++)
		offered += sl_globals_table[i].kind != SL_GLOBAL_REFUSED;
	assert_int_equal(names_of(s->L, ""), offered);
	sl_script_free(s);
}

/* What C code could reach in place of the script: metatables of basic types are locked, none but texts have one. */
static void test_globals_metatables_are_locked(void **state)
{
	struct sl_script_setup setup = world_setup("");
	struct sl_script *s = NULL;
	struct sl_err err = { 0 };

	(void)state;
	assert_int_equal(sl_script_new(&setup, 1000, &s, &err), SL_OK);
	lua_State *L = s->L;
	lua_pushnil(L);
	lua_pushboolean(L, 1);
	lua_pushinteger(L, 1);
	lua_pushcfunction(L, NULL);
	lua_newtable(L);
	lua_pushlightuserdata(L, s);
	for (int i = 1; i <= lua_gettop(L); i++)
		assert_int_equal(lua_getmetatable(L, i), 0);
	lua_pushliteral(L, "x");
	lua_pushglobaltable(L);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(luaL_getmetafield(L, -1, "__metatable"), LUA_TBOOLEAN);
		assert_int_equal(lua_toboolean(L, -1), 0);
		lua_pop(L, 2);
	}
	sl_script_free(s);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_globals_page_has_every_row_of_the_table),
		cmocka_unit_test(test_globals_table_has_every_name_that_exists),
		cmocka_unit_test(test_globals_metatables_are_locked),
	};
	struct sl_buf tables = { 0 };

	if (argc != 2 || strcmp(argv[1], "print") != 0)
		return cmocka_run_group_tests_name("docs/analyst.md", tests, NULL, NULL);
	describe_all(&tables);
	fputs(sl_buf_cstr(&tables), stdout);
	sl_buf_free(&tables);
	return 0;
}
