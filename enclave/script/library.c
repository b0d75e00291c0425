/* library.c - see library.h. */
#include "enclave/script/library.h"

#include <stdio.h>
#include <string.h>

#include "enclave/base/text.h"
#include "enclave/script/fault.h"
#include "enclave/script/limits.h"

const char *sl_library_typename(lua_State *L, int index)
{
	return lua_type(L, index) == LUA_TUSERDATA ? "relation" : luaL_typename(L, index);
}

/* Pushes the value at index as text; never calls into it, never shows an address. */
static void push_text(lua_State *L, int index)
{
	index = lua_absindex(L, index);
	switch (lua_type(L, index)) {
	case LUA_TNUMBER:
	case LUA_TSTRING:
		lua_pushvalue(L, index);
		(void)lua_tostring(L, -1);
		break;
	case LUA_TBOOLEAN:
		lua_pushstring(L, lua_toboolean(L, index) ? "true" : "false");
		break;
	default:
		lua_pushstring(L, sl_library_typename(L, index));
		break;
	}
}

int sl_library_tostring(lua_State *L)
{
	luaL_checkany(L, 1);
	push_text(L, 1);
	return 1;
}

int sl_library_type(lua_State *L)
{
	luaL_checkany(L, 1);
	lua_pushstring(L, sl_library_typename(L, 1));
	return 1;
}

/* The line on top of the stack goes to the script's printed text, whole or not at all. */
static void keep_line(lua_State *L)
{
	struct sl_script *s = sl_state_of(L);
	struct sl_buf *out = &s->printed;
	size_t len = 0, before = out->len;
	char full[80];
	struct sl_err err = {0};
	const char *text = lua_tolstring(L, -1, &len);
	enum sl_rc rc;

	snprintf(full, sizeof full, "(no more is printed: the limit print_bytes_max is %u)\n", s->setup->print_bytes_max);
	if (s->setup->print_bytes_max <= sizeof full)
		return;
	out->max = s->setup->print_bytes_max - sizeof full;
	sl_text_escape(out, text, len);
	sl_buf_u8(out, '\n');
	rc = sl_buf_ok(out, "printed text", &err);
	if (rc == SL_OK)
		return;
	out->len = before;
	out->failed = false;
	if (rc == SL_E_NOMEM)
		luaL_error(L, "not enough memory");
	s->print_full = true;
	out->max = s->setup->print_bytes_max;
	sl_buf_text(out, full);
}

int sl_library_print(lua_State *L)
{
	int n = lua_gettop(L);
	luaL_Buffer line;

	if (sl_state_of(L)->print_full)
		return 0;
	luaL_checkstack(L, 4, NULL);
	luaL_buffinit(L, &line);
	for (int i = 1; i <= n; i++) {
		if (i > 1)
			luaL_addchar(&line, ' '); /* a tab would come out escaped */
		push_text(L, i);
		luaL_addvalue(&line);
	}
	luaL_pushresult(&line);
	keep_line(L);
	return 0;
}

#define CATCH_STEPS 10000 /* throwing and catching walks the whole stack: loops of it must end in time too */

/* After a protected call: a spent budget goes on, a caught error is paid for. */
static void settle(lua_State *L, int status)
{
	sl_limits_stick(L);
	if (status != LUA_OK)
		sl_limits_charge(L, CATCH_STEPS);
}

int sl_library_pcall(lua_State *L)
{
	luaL_checkany(L, 1);
	int status = lua_pcall(L, lua_gettop(L) - 1, LUA_MULTRET, 0);
	settle(L, status);
	if (!lua_checkstack(L, 1))
		return luaL_error(L, "stack overflow");
	lua_pushboolean(L, status == LUA_OK);
	lua_insert(L, 1);
	return lua_gettop(L);
}

/*
 * Upvalue 1: the author's handler. A budget that is spent inside a handler calls the handler again from within
 * the hook, where hooks are off: then it must not run.
 */
static int handle(lua_State *L)
{
	if (sl_state_of(L)->exhausted)
		return 1;
	lua_settop(L, 1);
	lua_pushvalue(L, lua_upvalueindex(1));
	lua_insert(L, 1);
	lua_call(L, 1, 1);
	return 1;
}

int sl_library_xpcall(lua_State *L)
{
	luaL_checktype(L, 2, LUA_TFUNCTION);
	lua_pushvalue(L, 1);
	lua_pushvalue(L, 2);
	lua_pushcclosure(L, handle, 1);
	lua_replace(L, 1);
	lua_replace(L, 2); /* handler, function, arguments */
	int status = lua_pcall(L, lua_gettop(L) - 2, LUA_MULTRET, 1);
	settle(L, status);
	lua_pushboolean(L, status == LUA_OK);
	lua_replace(L, 1);
	return lua_gettop(L);
}

/* Where the conversion behind a % ends. */
static const char *conversion(const char *at)
{
	return at + strspn(at, "-+ #0123456789.");
}

int sl_library_format(lua_State *L)
{
	int arg = 1, top = lua_gettop(L);
	size_t len = 0;
	const char *at = luaL_checklstring(L, 1, &len), *end = at + len;

	/* Values without a text of their own become one here: the stock function would print their address. */
	while ((at = memchr(at, '%', (size_t)(end - at))) != NULL) { /* a NUL does not end the format */
		at = conversion(at + 1);
		if (at == end)
			break;
		if (*at == 'p')
			sl_fault_raisef(L, "use %s", "%%p is not offered: addresses differ from run to run");
		if (*at != '%')
			arg++;
		if (*at == 's' && arg <= top && lua_type(L, arg) != LUA_TSTRING) {
			push_text(L, arg);
			lua_replace(L, arg);
		}
		at++;
	}
	lua_pushvalue(L, lua_upvalueindex(1));
	lua_insert(L, 1);
	lua_call(L, top, LUA_MULTRET);
	return lua_gettop(L);
}

#define MOVE_MAX 1000000
int sl_library_move(lua_State *L)
{
	lua_Integer from = luaL_checkinteger(L, 2), to = luaL_checkinteger(L, 3);
	int top = lua_gettop(L);

	if (to >= from && (lua_Unsigned)to - (lua_Unsigned)from >= MOVE_MAX)
		return luaL_error(L, "table.move of more than %d elements", MOVE_MAX);
	if (to >= from)
		sl_limits_charge(L, (uint64_t)(to - from) + 1);
	lua_pushvalue(L, lua_upvalueindex(1));
	lua_insert(L, 1);
	lua_call(L, top, LUA_MULTRET);
	return lua_gettop(L);
}

/* Whether the value at a stands before that at b (absolute stack indexes); function at 2, or <. */
static bool before(lua_State *L, int a, int b)
{
	if (lua_isnil(L, 2))
		return lua_compare(L, a, b, LUA_OPLT);
	lua_pushvalue(L, 2);
	lua_pushvalue(L, a);
	lua_pushvalue(L, b);
	lua_call(L, 2, 1);
	bool yes = lua_toboolean(L, -1);
	lua_pop(L, 1);
	return yes;
}

/* Merges source[lo..mid) and [mid..hi) into target; source and target are the tables at those indexes. */
static void merge(lua_State *L, int source, int target, lua_Integer lo, lua_Integer mid, lua_Integer hi)
{
	lua_Integer a = lo, b = mid;

	for (lua_Integer k = lo; k < hi; k++) {
		bool right = a == mid;
		if (a < mid && b < hi) {
			lua_rawgeti(L, source, a);
			lua_rawgeti(L, source, b);
			right = before(L, lua_gettop(L), lua_gettop(L) - 1);
			lua_pop(L, 2);
		}
		lua_rawgeti(L, source, right ? b++ : a++);
		lua_rawseti(L, target, k);
	}
}

#define SORT_MAX 10000000
/*
 * table.sort as a stable merge: the stock one reads the clock for a pivot, and its answer for equal
 * elements is its own.
 */
int sl_library_sort(lua_State *L)
{
	luaL_checktype(L, 1, LUA_TTABLE);
	lua_Integer n = luaL_len(L, 1);
	if (!lua_isnoneornil(L, 2))
		luaL_checktype(L, 2, LUA_TFUNCTION);
	lua_settop(L, 2);
	luaL_argcheck(L, n < SORT_MAX, 1, "array too big");
	lua_createtable(L, 0, 0);
	lua_createtable(L, 0, 0);
	int source = 3, target = 4;
	luaL_checkstack(L, 8, NULL);
	for (lua_Integer i = 1; i <= n; i++) {
		lua_geti(L, 1, i);
		lua_rawseti(L, source, i);
	}
	for (lua_Integer width = 1; width < n; width *= 2) {
		sl_limits_charge(L, (uint64_t)n);
		for (lua_Integer lo = 1; lo <= n; lo += 2 * width) {
			lua_Integer mid = lo + width <= n + 1 ? lo + width : n + 1;
			lua_Integer hi = mid + width <= n + 1 ? mid + width : n + 1;
			merge(L, source, target, lo, mid, hi);
		}
		source = 7 - source;
		target = 7 - target;
	}
	for (lua_Integer i = 1; i <= n; i++) {
		lua_rawgeti(L, source, i);
		lua_seti(L, 1, i);
	}
	return 0;
}
