/* globals.c - see globals.h. */
#include "enclave/script/globals.h"

#include <string.h>

#include <lauxlib.h>
#include <lualib.h>

#include "enclave/base/text.h"
#include "enclave/script/fault.h"
#include "enclave/script/library.h"
#include "enclave/script/order.h"

#define STOCK(lib, n, w) {lib, n, SL_GLOBAL_STOCK, NULL, w}
#define OWN(lib, n, f, w) {lib, n, SL_GLOBAL_OWN, f, w}
#define VERB(n, w) {"", n, SL_GLOBAL_VERB, NULL, w}
#define REFUSED(lib, n, w) {lib, n, SL_GLOBAL_REFUSED, NULL, w}

const struct sl_global sl_globals_table[] = {
	VERB("from", "begins a relation"),
	VERB("output", "declares a result"),
	VERB("params", "the job's parameters"),
	STOCK("", "assert", "checks the author's own assumptions"),
	STOCK("", "error", "stops with the author's own words"),
	STOCK("", "ipairs", "walks arrays in order"),
	STOCK("", "rawequal", "pure"),
	STOCK("", "rawlen", "pure"),
	STOCK("", "select", "pure; ranges are checked by Lua"),
	STOCK("", "tonumber", "pure"),
	OWN("", "next", sl_order_next, "stock order depends on a seed; this one is fixed"),
	OWN("", "pairs", sl_order_pairs, "stock order depends on a seed; this one is fixed"),
	OWN("", "pcall", sl_library_pcall, "passes a spent budget on"),
	OWN("", "xpcall", sl_library_xpcall, "passes a spent budget on"),
	OWN("", "print", sl_library_print, "bounded and escaped, shown to the author"),
	OWN("", "tostring", sl_library_tostring, "stock shows addresses and calls __tostring"),
	OWN("", "type", sl_library_type, "says relation for relations"),
	STOCK("math", "abs", "pure"),
	STOCK("math", "ceil", "pure"),
	STOCK("math", "floor", "pure"),
	STOCK("math", "fmod", "pure, exact"),
	STOCK("math", "huge", "constant"),
	STOCK("math", "max", "pure"),
	STOCK("math", "maxinteger", "constant"),
	STOCK("math", "min", "pure"),
	STOCK("math", "mininteger", "constant"),
	STOCK("math", "modf", "pure, exact"),
	STOCK("math", "pi", "constant"),
	STOCK("math", "sqrt", "exact by IEEE 754"),
	STOCK("math", "tointeger", "pure"),
	STOCK("math", "type", "pure"),
	STOCK("math", "ult", "pure"),
	STOCK("string", "byte", "pure; long ranges are refused by Lua"),
	STOCK("string", "char", "pure"),
	STOCK("string", "find", "pure; can be slow: the deadline bounds it"),
	OWN("string", "format", sl_library_format, "stock %s and %p show addresses"),
	STOCK("string", "gmatch", "pure"),
	STOCK("string", "gsub", "pure; bounded by the memory limit"),
	STOCK("string", "len", "pure"),
	STOCK("string", "lower", "pure in the C locale"),
	STOCK("string", "match", "pure"),
	STOCK("string", "rep", "pure; bounded by the memory limit"),
	STOCK("string", "reverse", "pure"),
	STOCK("string", "sub", "pure"),
	STOCK("string", "upper", "pure in the C locale"),
	STOCK("table", "concat", "pure"),
	STOCK("table", "insert", "pure"),
	OWN("table", "move", sl_library_move, "stock walks ranges of 2^53 without a step counted"),
	STOCK("table", "pack", "pure"),
	STOCK("table", "remove", "pure"),
	OWN("table", "sort", sl_library_sort, "stock reads the clock for its pivot"),
	STOCK("table", "unpack", "ranges are checked by Lua"),
	STOCK("utf8", "char", "pure"),
	STOCK("utf8", "charpattern", "constant"),
	STOCK("utf8", "codepoint", "pure"),
	STOCK("utf8", "codes", "pure"),
	STOCK("utf8", "len", "pure"),
	STOCK("utf8", "offset", "pure"),
	REFUSED("", "_G", "globals are reached by their names only"),
	REFUSED("", "_VERSION", "what runs the job is not the job's matter"),
	REFUSED("", "collectgarbage", "memory is the enclave's matter"),
	REFUSED("", "coroutine", "a job declares outputs and needs no coroutines"),
	REFUSED("", "debug", "it reaches behind the language"),
	REFUSED("", "dofile", "a job reads no file"),
	REFUSED("", "getmetatable", "there are no metatables here"),
	REFUSED("", "io", "a job reads and writes no file; output() declares what leaves"),
	REFUSED("", "load", "a job is one text, whole when it is submitted"),
	REFUSED("", "loadfile", "a job reads no file"),
	REFUSED("", "loadstring", "a job is one text, whole when it is submitted"),
	REFUSED("", "os", "a job has no clock, environment or file"),
	REFUSED("", "package", "a job loads no code"),
	REFUSED("", "rawget", "tables have no metatables, so t[k] does the same"),
	REFUSED("", "rawset", "tables have no metatables, so t[k] = v does the same"),
	REFUSED("", "require", "a job is one text, whole when it is submitted"),
	REFUSED("", "setmetatable", "there are no metatables here"),
	REFUSED("", "unpack", "it is table.unpack"),
	REFUSED("", "warn", "use print"),
	REFUSED("math", "acos", "its last digits differ between processors"),
	REFUSED("math", "asin", "its last digits differ between processors"),
	REFUSED("math", "atan", "its last digits differ between processors"),
	REFUSED("math", "cos", "its last digits differ between processors"),
	REFUSED("math", "deg", "its last digits differ between processors"),
	REFUSED("math", "exp", "its last digits differ between processors"),
	REFUSED("math", "log", "its last digits differ between processors"),
	REFUSED("math", "rad", "its last digits differ between processors"),
	REFUSED("math", "random", "the same job must give the same plans"),
	REFUSED("math", "randomseed", "the same job must give the same plans"),
	REFUSED("math", "sin", "its last digits differ between processors"),
	REFUSED("math", "tan", "its last digits differ between processors"),
	REFUSED("string", "dump", "a job makes no byte code"),
	REFUSED("string", "pack", "a job has no binary data"),
	REFUSED("string", "packsize", "a job has no binary data"),
	REFUSED("string", "unpack", "a job has no binary data"),
};
const size_t sl_globals_count = sizeof sl_globals_table / sizeof sl_globals_table[0];

static const struct {
	const char *name;
	lua_CFunction open;
} libraries[] = {{"math", luaopen_math}, {"string", luaopen_string}, {"table", luaopen_table}, {"utf8", luaopen_utf8}};
#define NLIBRARIES (sizeof libraries / sizeof libraries[0])

static const struct sl_global *row_of(const char *library, const char *name)
{
	for (size_t i = 0; i < sl_globals_count; i++)
		if (strcmp(sl_globals_table[i].library, library) == 0 && strcmp(sl_globals_table[i].name, name) == 0)
			return &sl_globals_table[i];
	return NULL;
}

#define NAMES_MAX 512
/* Puts name into the sorted names[from..n); of more than there is room for, the first by byte order stay. */
static size_t put_sorted(const char *names[static NAMES_MAX], size_t from, size_t n, const char *name)
{
	size_t i = n;

	if (n < NAMES_MAX)
		n++;
	else if (strcmp(names[--i], name) <= 0)
		return n;
	for (; i > from && strcmp(names[i - 1], name) > 0; i--)
		names[i] = names[i - 1];
	names[i] = name;
	return n;
}

/* Names a wrong one could have meant: rows of the table, and for globals the script's own at `index` (0: none). */
static size_t candidates(lua_State *L, const char *library, int index, const char *names[static NAMES_MAX])
{
	size_t n = 0, own;

	for (size_t i = 0; i < sl_globals_count; i++)
		if (strcmp(sl_globals_table[i].library, library) == 0 && sl_globals_table[i].kind != SL_GLOBAL_REFUSED)
			names[n++] = sl_globals_table[i].name;
	for (size_t i = 0; i < NLIBRARIES && library[0] == '\0'; i++)
		names[n++] = libraries[i].name;
	own = n;
	if (index == 0)
		return n;
	/* Lua's own order depends on a seed: the choice may not. */
	for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1))
		if (lua_type(L, -2) == LUA_TSTRING)
			n = put_sorted(names, own, n, lua_tostring(L, -2));
	return n;
}

_Noreturn static void unknown(lua_State *L, const char *library, const char *name, int own)
{
	const struct sl_global *row = row_of(library, name);
	const char *dot = library[0] != '\0' ? "." : "", *names[NAMES_MAX];
	char remedy[200] = "";

	if (row != NULL)
		sl_fault_raisef(L, row->why, "%s%s%s is not offered", library, dot, name);
	size_t n = candidates(L, library, own, names);
	int near = sl_text_near(name, names, n);
	if (near >= 0)
		snprintf(remedy, sizeof remedy, "did you mean %s%s%.100s?", library, dot, names[near]);
	sl_fault_raisef(L, near >= 0 ? remedy : NULL, "unknown name %s%s%.100s", library, dot, name);
}

/* Upvalue 1: what the enclave gives. Arguments: the script's globals, name. */
static int read_global(lua_State *L)
{
	const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?";

	lua_pushvalue(L, 2);
	if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
		return 1;
	luaL_checkstack(L, 4, NULL);
	unknown(L, "", name, 1);
}

static int write_global(lua_State *L)
{
	const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?";

	if (row_of("", name) != NULL || (lua_pushvalue(L, 2), lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL))
		sl_fault_raisef(L, "choose another name", "\"%s\" belongs to the enclave and cannot be assigned", name);
	lua_settop(L, 3);
	lua_rawset(L, 1);
	return 0;
}

/* Upvalues: the library's functions, its name. */
static int read_library(lua_State *L)
{
	lua_pushvalue(L, 2);
	if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
		return 1;
	unknown(L, lua_tostring(L, lua_upvalueindex(2)), lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?", 0);
}

static int write_library(lua_State *L)
{
	sl_fault_raisef(L, "keep your functions in a table of your own", "the library %s cannot be changed",
	                lua_tostring(L, lua_upvalueindex(2)));
}

/* Puts a guarded, empty table in place of the one on top, which only the guards hold. */
static void guard(lua_State *L, lua_CFunction read, lua_CFunction write, const char *name)
{
	int real = lua_gettop(L);
	const lua_CFunction guards[] = {read, write};

	lua_newtable(L);
	lua_createtable(L, 0, 3);
	for (int i = 0; i < 2; i++) {
		lua_pushvalue(L, real);
		lua_pushstring(L, name);
		lua_pushcclosure(L, guards[i], 2);
		lua_setfield(L, -2, i == 0 ? "__index" : "__newindex");
	}
	lua_pushboolean(L, 0);
	lua_setfield(L, -2, "__metatable");
	lua_setmetatable(L, -2);
	lua_replace(L, real);
}

/* Copies the allowed rows of one library from the stock table at `stock` to the table at `mine`. */
static void pick(lua_State *L, const char *library, int stock, int mine)
{
	for (size_t i = 0; i < sl_globals_count; i++) {
		const struct sl_global *row = &sl_globals_table[i];
		if (strcmp(row->library, library) != 0 || row->kind == SL_GLOBAL_REFUSED || row->kind == SL_GLOBAL_VERB)
			continue;
		lua_getfield(L, stock, row->name);
		if (row->kind == SL_GLOBAL_OWN)
			lua_pushcclosure(L, row->own, 1);
		lua_setfield(L, mine, row->name);
	}
}

static void add_library(lua_State *L, size_t i, int world)
{
	lua_pushcfunction(L, libraries[i].open);
	lua_call(L, 0, 1);
	int stock = lua_gettop(L);
	lua_newtable(L);
	pick(L, libraries[i].name, stock, stock + 1);
	guard(L, read_library, write_library, libraries[i].name);
	/* Methods of texts: the stock metatable leads to the stock table. */
	if (libraries[i].open == luaopen_string) {
		lua_pushstring(L, "");
		lua_getmetatable(L, -1);
		lua_pushvalue(L, stock + 1);
		lua_setfield(L, -2, "__index");
		lua_pushboolean(L, 0);
		lua_setfield(L, -2, "__metatable");
		lua_pop(L, 2);
	}
	lua_setfield(L, world, libraries[i].name);
	lua_pop(L, 1);
}

void sl_globals_install(lua_State *L)
{
	int world = lua_gettop(L);

	luaL_checkstack(L, 12, NULL);
	lua_pushcfunction(L, luaopen_base);
	lua_call(L, 0, 1);
	pick(L, "", world + 1, world);
	lua_pop(L, 1);
	for (size_t i = 0; i < NLIBRARIES; i++)
		add_library(L, i, world);
	guard(L, read_global, write_global, "");
	lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
}
