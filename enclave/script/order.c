/* order.c - see order.h. */
#include "enclave/script/order.h"

#include <math.h>
#include <string.h>

#include "enclave/script/fault.h"
#include "enclave/script/limits.h"

enum rank { RANK_NONE = 0, RANK_NUMBER, RANK_TEXT, RANK_FLAG };

/* A key by value; texts are borrowed from the table that holds them, which no Lua code changes meanwhile. */
struct key {
	enum rank rank;
	bool is_integer;
	lua_Integer i; /* integer, or the flag */
	lua_Number f;
	const char *text;
	size_t len;
};

static struct key key_at(lua_State *L, int index)
{
	struct key k = {0};

	switch (lua_type(L, index)) {
	case LUA_TNUMBER:
		k.rank = RANK_NUMBER;
		k.is_integer = lua_isinteger(L, index);
		if (k.is_integer)
			k.i = lua_tointeger(L, index);
		else
			k.f = lua_tonumber(L, index);
		break;
	case LUA_TSTRING:
		k.rank = RANK_TEXT;
		k.text = lua_tolstring(L, index, &k.len);
		break;
	case LUA_TBOOLEAN:
		k.rank = RANK_FLAG;
		k.i = lua_toboolean(L, index);
		break;
	default:
		break;
	}
	return k;
}

/* An integer against a float that is no integer, exactly. */
static int compare_mixed(lua_Integer i, lua_Number f)
{
	if (f >= 0x1p63)
		return -1;
	if (f < -0x1p63)
		return 1;
	return i <= (lua_Integer)floor(f) ? -1 : 1;
}

static int compare(const struct key *a, const struct key *b)
{
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	if (a->rank == RANK_TEXT) {
		size_t n = a->len < b->len ? a->len : b->len;
		int c = memcmp(a->text, b->text, n);
		return c != 0 ? c : a->len < b->len ? -1 : a->len > b->len;
	}
	if (a->rank == RANK_FLAG || (a->is_integer && b->is_integer))
		return a->i < b->i ? -1 : a->i > b->i;
	if (a->is_integer)
		return compare_mixed(a->i, b->f);
	if (b->is_integer)
		return -compare_mixed(b->i, a->f);
	return a->f < b->f ? -1 : a->f > b->f;
}

/* Names no type: which of several strange keys is met first is itself without order. */
static void need_rank(lua_State *L, const struct key *k)
{
	if (k->rank == RANK_NONE)
		sl_fault_raisef(L, "use texts or numbers as keys", "a table whose keys are tables or functions has no fixed order");
}

static void sift(struct key *keys, size_t root, size_t n)
{
	for (size_t child = 2 * root + 1; child < n; child = 2 * root + 1) {
		if (child + 1 < n && compare(&keys[child], &keys[child + 1]) < 0)
			child++;
		if (compare(&keys[root], &keys[child]) >= 0)
			return;
		struct key t = keys[root];
		keys[root] = keys[child];
		keys[child] = t;
		root = child;
	}
}

/* Heap sort: no memory, no recursion, and none of qsort's calls to the system. */
static void sort(struct key *keys, size_t n)
{
	for (size_t i = n / 2; i-- > 0;)
		sift(keys, i, n);
	for (size_t end = n; end-- > 1;) {
		struct key t = keys[0];
		keys[0] = keys[end];
		keys[end] = t;
		sift(keys, 0, end);
	}
}

static void push(lua_State *L, const struct key *k)
{
	if (k->rank == RANK_TEXT)
		lua_pushlstring(L, k->text, k->len);
	else if (k->rank == RANK_FLAG)
		lua_pushboolean(L, (int)k->i);
	else if (k->is_integer)
		lua_pushinteger(L, k->i);
	else
		lua_pushnumber(L, k->f);
}

void sl_order_keys(lua_State *L, int index)
{
	size_t n = 0, i = 0;

	index = lua_absindex(L, index);
	luaL_checkstack(L, 6, NULL);
	for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1))
		n++;
	sl_limits_charge(L, n);
	struct key *keys = lua_newuserdatauv(L, (n + 1) * sizeof *keys, 0);
	for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
		keys[i] = key_at(L, -2);
		need_rank(L, &keys[i++]);
	}
	sort(keys, n);
	lua_createtable(L, n < 1000000 ? (int)n : 0, 0);
	for (i = 0; i < n; i++) {
		push(L, &keys[i]);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	lua_remove(L, -2);
}

int sl_order_next(lua_State *L)
{
	struct key after = {0}, best = {0};
	uint64_t n = 0;

	luaL_checktype(L, 1, LUA_TTABLE);
	lua_settop(L, 2);
	if (!lua_isnil(L, 2)) {
		after = key_at(L, 2);
		need_rank(L, &after);
	}
	for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1)) {
		struct key k = key_at(L, -2);
		need_rank(L, &k);
		n++;
		if (compare(&k, &after) > 0 && (best.rank == RANK_NONE || compare(&k, &best) < 0))
			best = k;
	}
	sl_limits_charge(L, n);
	if (best.rank == RANK_NONE) {
		lua_pushnil(L);
		return 1;
	}
	push(L, &best);
	lua_pushvalue(L, -1);
	lua_rawget(L, 1);
	return 2;
}

/* Upvalues: the table, its keys, how many were given. A key whose value is gone by now is passed over. */
static int step(lua_State *L)
{
	lua_Integer at = lua_tointeger(L, lua_upvalueindex(3));

	for (;;) {
		at++;
		lua_pushinteger(L, at);
		lua_replace(L, lua_upvalueindex(3));
		if (lua_rawgeti(L, lua_upvalueindex(2), at) == LUA_TNIL)
			return 1;
		lua_pushvalue(L, -1);
		if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
			return 2;
		lua_pop(L, 2);
	}
}

int sl_order_pairs(lua_State *L)
{
	if (lua_type(L, 1) != LUA_TTABLE)
		sl_fault_raisef(L,
		                lua_type(L, 1) == LUA_TUSERDATA
		                        ? "a job is static: the script ends before the first row is read"
		                        : NULL,
		                "pairs() walks a table, not %s",
		                lua_type(L, 1) == LUA_TUSERDATA ? "a relation" : luaL_typename(L, 1));
	lua_settop(L, 1);
	sl_order_keys(L, 1);
	lua_pushinteger(L, 0);
	lua_pushcclosure(L, step, 3);
	return 1;
}
