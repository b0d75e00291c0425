/*
 * bind.c - see bind.h. A binding checks everything first and owns nothing across a raise: relations live in
 * userdata that Lua collects, texts stay on the Lua stack or in the tables they came in.
 */
#include "enclave/script/bind.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "enclave/base/text.h"
#include "enclave/script/box.h"
#include "enclave/script/fault.h"
#include "enclave/script/library.h"
#include "enclave/script/order.h"
#include "enclave/script/relation.h"

#define STATIC_JOB "a job is static: the script ends before the first row is read"
#define PAIRS_MAX 64

static const struct sl_relation *check_relation(lua_State *L, int index, const char *verb)
{
	const struct sl_relation *rel = sl_box_get(L, index);

	if (rel == NULL)
		sl_fault_raisef(L, "begin with from \"dataset.table\", and call verbs with a colon: rel:where(…)",
		                "%s wants a relation, not %s", verb, sl_library_typename(L, index));
	return rel;
}

/* A text argument without NUL bytes; borrowed from the stack. */
static const char *check_text(lua_State *L, int index, const char *verb, const char *usage)
{
	size_t len = 0;

	if (lua_type(L, index) != LUA_TSTRING)
		sl_fault_raisef(L, usage, "%s wants a text, not %s", verb, sl_library_typename(L, index));
	const char *text = lua_tolstring(L, index, &len);
	if (strlen(text) != len)
		sl_fault_raisef(L, NULL, "%s: a text with a NUL byte", verb);
	return text;
}

/* A number as plain decimal text, kept alive by the table at `anchor`. */
static const char *number_text(lua_State *L, int index, const char *name, int anchor)
{
	lua_Number f = lua_tonumber(L, index);
	char text[64];

	if (lua_isinteger(L, index))
		snprintf(text, sizeof text, "%lld", (long long)lua_tointeger(L, index));
	else if (f == floor(f) && fabs(f) < 1e15)
		snprintf(text, sizeof text, "%.0f", f);
	else
		snprintf(text, sizeof text, "%.14g", f);
	if (strspn(text, "-0123456789.") != strlen(text))
		sl_fault_raisef(L, "give it as a text: '0.000001'", "the value of $%.60s is no plain decimal number", name);
	const char *kept = lua_pushstring(L, text);
	lua_rawseti(L, anchor, (lua_Integer)lua_rawlen(L, anchor) + 1);
	return kept;
}

static struct sl_argument argument_at(lua_State *L, const char *name, int index, int anchor)
{
	struct sl_argument a = {.name = name, .kind = SL_ARGUMENT_TEXT};

	switch (lua_type(L, index)) {
	case LUA_TSTRING:
		a.text = check_text(L, index, name, NULL);
		break;
	case LUA_TNUMBER:
		a.kind = SL_ARGUMENT_NUMBER;
		a.text = number_text(L, index, name, anchor);
		break;
	case LUA_TBOOLEAN:
		a.kind = SL_ARGUMENT_BOOLEAN;
		a.text = lua_toboolean(L, index) ? "true" : "false";
		break;
	default:
		sl_fault_raisef(L, "a text, number, true or false, or a list of texts or numbers", "the value of $%.60s is a %s",
		                name, sl_library_typename(L, index));
	}
	return a;
}

/* {v, …} as one value, for "x in $name". The array of its items is Lua's own, kept alive by the table at `anchor`. */
static struct sl_argument list_at(lua_State *L, const char *name, int index, int anchor)
{
	struct sl_argument list = {.name = name, .kind = SL_ARGUMENT_LIST, .nitems = (size_t)lua_rawlen(L, index)};

	if (list.nitems == 0)
		sl_fault_raisef(L, "nothing is in it: leave the condition out", "the list $%.60s is empty", name);
	if (list.nitems > SL_EXPR_SET_ITEMS_MAX)
		sl_fault_raisef(L, "split it: x in $a or x in $b", "the list $%.60s has more than %d values", name,
		                SL_EXPR_SET_ITEMS_MAX);
	struct sl_argument *items = lua_newuserdatauv(L, list.nitems * sizeof *items, 0);
	lua_rawseti(L, anchor, (lua_Integer)lua_rawlen(L, anchor) + 1);
	for (size_t i = 0; i < list.nitems; i++) {
		lua_rawgeti(L, index, (lua_Integer)i + 1);
		if (lua_type(L, -1) != LUA_TSTRING && lua_type(L, -1) != LUA_TNUMBER)
			sl_fault_raisef(L, "texts or numbers, one behind the other: {'a', 'b'}", "value %zu of the list $%.60s is a %s",
			                i + 1, name, sl_library_typename(L, -1));
		items[i] = argument_at(L, name, lua_gettop(L), anchor); /* the list holds the text */
		lua_pop(L, 1);
	}
	list.items = items;
	return list;
}

static const char *key_text(lua_State *L, int index, const char *verb, const char *usage)
{
	if (lua_type(L, index) != LUA_TSTRING)
		sl_fault_raisef(L, usage, "%s wants names in its table: name = …", verb);
	return check_text(L, index, verb, usage);
}

#define ARGUMENTS_MAX (SL_PARAMS_MAX + PAIRS_MAX)
/* The table at `index` (or none), and behind it the job's parameters. */
static void gather_arguments(lua_State *L, int index, struct sl_call *call,
                             struct sl_argument out[static ARGUMENTS_MAX])
{
	const struct sl_script_setup *setup = sl_state_of(L)->setup;
	size_t n = 0;

	if (!lua_isnoneornil(L, index)) {
		if (lua_type(L, index) != LUA_TTABLE)
			sl_fault_raisef(L, "where(\"age >= $min\", {min = 18})", "the values of $names stand in a table");
		lua_newtable(L);
		int anchor = lua_gettop(L), keys = anchor + 1;
		sl_order_keys(L, index);
		size_t nkeys = (size_t)lua_rawlen(L, keys);
		if (nkeys > PAIRS_MAX)
			sl_fault_raisef(L, NULL, "more than %d values for $names", PAIRS_MAX);
		for (; n < nkeys; n++) {
			lua_rawgeti(L, keys, (lua_Integer)n + 1);
			lua_pushvalue(L, -1);
			lua_rawget(L, index);
			const char *name = key_text(L, keys + 1, "the table of $names", "{min = 18}");
			out[n] = lua_type(L, keys + 2) == LUA_TTABLE ? list_at(L, name, keys + 2, anchor)
			                                             : argument_at(L, name, keys + 2, anchor);
			lua_settop(L, keys);
		}
	}
	for (uint32_t i = 0; i < setup->nparams; i++)
		out[n++] = (struct sl_argument){ .name = setup->params[i].name,
			                         .text = setup->params[i].text,
			                         .kind = SL_ARGUMENT_TEXT };
	call->arguments = out;
	call->narguments = n;
}

/* {name = "text"} at `index`, by byte order of the names: a Lua table has no order of its own. */
static void gather_pairs(lua_State *L, int index, const struct sl_verb *verb, struct sl_call *call,
                         struct sl_pair out[static PAIRS_MAX])
{
	if (lua_type(L, index) != LUA_TTABLE)
		sl_fault_raisef(L, verb->usage, "%s wants a table of names, not %s", verb->name, sl_library_typename(L, index));
	sl_order_keys(L, index);
	int keys = lua_gettop(L);
	size_t n = (size_t)lua_rawlen(L, keys);
	if (n == 0)
		sl_fault_raisef(L, verb->usage, "%s names nothing", verb->name);
	if (n > PAIRS_MAX)
		sl_fault_raisef(L, NULL, "%s: more than %d names", verb->name, PAIRS_MAX);
	for (size_t i = 0; i < n; i++) {
		lua_rawgeti(L, keys, (lua_Integer)i + 1);
		out[i].name = key_text(L, keys + 1, verb->name, verb->usage);
		lua_pushvalue(L, keys + 1);
		if (lua_rawget(L, index) != LUA_TSTRING)
			sl_fault_raisef(L, verb->usage, "%s: %.60s is a %s, not a text", verb->name, out[i].name,
			                sl_library_typename(L, -1));
		out[i].text = check_text(L, -1, verb->name, verb->usage); /* the table holds it */
		lua_settop(L, keys);
	}
	call->pairs = out;
	call->npairs = n;
}

/* "a", "b" … from `index` on, or one array of them. */
static void gather_names(lua_State *L, int index, const struct sl_verb *verb, struct sl_call *call,
                         struct sl_pair out[static PAIRS_MAX])
{
	bool array = lua_type(L, index) == LUA_TTABLE;
	size_t n = array ? (size_t)lua_rawlen(L, index) : (size_t)(lua_gettop(L) - index + 1);

	if (n == 0 || n > PAIRS_MAX)
		sl_fault_raisef(L, verb->usage, "%s takes 1 to %d names", verb->name, PAIRS_MAX);
	for (size_t i = 0; i < n; i++) {
		int at = index + (int)i;
		if (array) {
			lua_rawgeti(L, index, (lua_Integer)i + 1);
			at = lua_gettop(L);
		}
		out[i] = (struct sl_pair){.text = check_text(L, at, verb->name, verb->usage)};
		if (array)
			lua_pop(L, 1); /* the array still holds it */
	}
	call->pairs = out;
	call->npairs = n;
}

static void gather_number(lua_State *L, int index, const struct sl_verb *verb, struct sl_call *call)
{
	int exact = 0;

	call->number = lua_type(L, index) == LUA_TNUMBER ? lua_tointegerx(L, index, &exact) : 0;
	if (!exact)
		sl_fault_raisef(L, verb->usage, "%s wants a whole number", verb->name);
}

static void gather(lua_State *L, const struct sl_verb *verb, struct sl_call *call, struct sl_pair *pairs,
                   struct sl_argument *arguments)
{
	bool texts = verb->shape == SL_CALL_TEXT || verb->shape == SL_CALL_PAIRS;

	if (texts) /* one slot for the table of $names, also when it was left out */
		lua_settop(L, 3);
	switch (verb->shape) {
	case SL_CALL_TEXT:
		call->text = check_text(L, 2, verb->name, verb->usage);
		break;
	case SL_CALL_PAIRS:
		gather_pairs(L, 2, verb, call, pairs);
		break;
	case SL_CALL_NAMES:
		gather_names(L, 2, verb, call, pairs);
		break;
	case SL_CALL_RELATION:
		call->other = check_relation(L, 2, verb->name);
		call->text = lua_isnoneornil(L, 3) ? NULL : check_text(L, 3, verb->name, verb->usage);
		break;
	default:
		gather_number(L, 2, verb, call);
		break;
	}
	gather_arguments(L, texts ? 3 : lua_gettop(L) + 1, call, arguments);
}

static _Noreturn void raise(lua_State *L, const struct sl_err *err, const struct sl_call *call)
{
	if (err->rc == SL_E_NOMEM) {
		lua_pushliteral(L, "not enough memory");
		lua_error(L);
	}
	sl_fault_raise(L, err, call->culprit);
}

/* One attempt to make and change the copy; the relation on top of the stack is emptied first. */
static enum sl_rc attempt(struct sl_relation *out, const struct sl_relation *in, const struct sl_verb *verb,
                          struct sl_call *call, struct sl_err *err)
{
	memset(err, 0, sizeof *err);
	sl_codec_free(&sl_relation_record, out);
	if (in == NULL)
		return sl_relation_from(out, call, err);
	/* A relation is far below any bound of the codec: a copy fails for lack of memory only. */
	if (sl_codec_copy(&sl_relation_record, in, out, err) != SL_OK)
		return err->rc = SL_E_NOMEM;
	return verb->apply(out, call, err);
}

static int finish(lua_State *L, const struct sl_relation *in, const struct sl_verb *verb, struct sl_call *call)
{
	struct sl_relation *out = sl_box_new(L);
	struct sl_err err;
	enum sl_rc rc = attempt(out, in, verb, call, &err);

	if (rc == SL_E_NOMEM) { /* garbage of Lua's may hold what is missing */
		lua_gc(L, LUA_GCCOLLECT);
		rc = attempt(out, in, verb, call, &err);
	}
	if (rc != SL_OK)
		raise(L, &err, call);
	return 1;
}

/* Upvalue 1: number of the verb. */
static int call_verb(lua_State *L)
{
	const struct sl_verb *verb = &sl_relation_verbs[lua_tointeger(L, lua_upvalueindex(1))];
	struct sl_argument arguments[ARGUMENTS_MAX];
	struct sl_pair pairs[PAIRS_MAX];
	struct sl_call call = {.view = &sl_state_of(L)->setup->view};
	const struct sl_relation *in = check_relation(L, 1, verb->name);

	gather(L, verb, &call, pairs, arguments);
	return finish(L, in, verb, &call);
}

static int from(lua_State *L)
{
	struct sl_call call = {.view = &sl_state_of(L)->setup->view};

	call.text = check_text(L, 1, "from", "from \"dataset.table\"");
	return finish(L, NULL, NULL, &call);
}

static enum sl_rc encode(struct sl_script *s, const struct sl_plan *plan, struct sl_err *err)
{
	struct sl_buf *wire = &s->plans[s->nplans];
	uint32_t nodes = plan->where.nops;

	for (uint32_t i = 0; i < plan->nsources; i++) {
		nodes += plan->sources[i].where.nops + plan->sources[i].having.nops;
		for (uint32_t k = 0; k < plan->sources[i].nfolds; k++)
			nodes += plan->sources[i].folds[k].arg.nops;
	}
	for (uint32_t i = 0; i < plan->nstats; i++)
		nodes += plan->stats[i].arg.nops + plan->stats[i].arg2.nops;
	for (uint32_t i = 0; i < plan->ncalcs; i++)
		nodes += plan->calcs[i].expr.nops;
	if (nodes > s->setup->nodes_max)
		return sl_err_set(err, SL_E_LIMIT, "output \"%s\" has %u operations, the limit nodes_max is %u", plan->output,
		                  nodes, s->setup->nodes_max);
	wire->max = SL_PLAN_WIRE_MAX;
	enum sl_rc rc = sl_codec_encode(&sl_plan_record, plan, wire, err);
	if (rc == SL_OK)
		s->outputs[s->nplans] = strdup(plan->output);
	if (rc == SL_OK && s->outputs[s->nplans] == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	if (rc != SL_OK) {
		sl_buf_free(wire);
		return rc;
	}
	s->nplans++;
	return SL_OK;
}

static void check_new_output(lua_State *L, const char *name)
{
	struct sl_script *s = sl_state_of(L);

	if (s->nplans >= s->setup->plans_max)
		sl_fault_raisef(L, "put more into one output, or make two jobs", "output %u, the limit plans_max is %u",
		                s->nplans + 1, s->setup->plans_max);
	for (uint32_t i = 0; i < s->nplans; i++)
		if (strcasecmp(s->outputs[i], name) == 0) /* files of one folder, on any disk */
			sl_fault_raisef(L, "each output has its own name; capital letters make no other",
			                "there is an output \"%.100s\" already", s->outputs[i]);
}

static int output(lua_State *L)
{
	struct sl_script *s = sl_state_of(L);
	struct sl_call call = {.view = &s->setup->view, .line = sl_fault_line(L)};
	struct sl_plan plan = {0};
	struct sl_err err = {0};

	call.text = check_text(L, 1, "output", "output(\"name\", relation)");
	const struct sl_relation *rel = check_relation(L, 2, "output");
	check_new_output(L, call.text);
	enum sl_rc rc = sl_relation_output(rel, &call, &plan, &err);
	if (rc == SL_OK)
		rc = encode(s, &plan, &err);
	sl_codec_free(&sl_plan_record, &plan);
	if (rc != SL_OK)
		raise(L, &err, &call);
	return 0;
}

static void list_verbs(char *out, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < sl_relation_nverbs && n < size; i++)
		n += (size_t)snprintf(out + n, size - n, "%s%s", i > 0 ? " " : "", sl_relation_verbs[i].name);
}

/* Upvalue 1: methods. What is no verb may be meant as a cell. */
static int read_field(lua_State *L)
{
	const struct sl_relation *rel = check_relation(L, 1, "a verb");
	const char *names[32];
	char verbs[128], remedy[240];

	lua_pushvalue(L, 2);
	if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
		return 1;
	list_verbs(verbs, sizeof verbs);
	if (lua_type(L, 2) != LUA_TSTRING)
		sl_fault_raisef(L, "declare arithmetic on results with :calc{…}", "a relation has no cells to read: " STATIC_JOB);
	const char *name = lua_tostring(L, 2);
	for (size_t i = 0; i < sl_relation_nverbs; i++)
		names[i] = sl_relation_verbs[i].name;
	int near = sl_text_near(name, names, sl_relation_nverbs);
	if (near >= 0)
		snprintf(remedy, sizeof remedy, "did you mean :%s?", names[near]);
	else if (rel->plan.nstats > 0)
		snprintf(remedy, sizeof remedy, "declare arithmetic on results with :calc{…}; the verbs are %s", verbs);
	else
		snprintf(remedy, sizeof remedy, "the verbs are %s", verbs);
	sl_fault_raisef(L, remedy, "a relation has no verb \"%.60s\" and no cells to read: " STATIC_JOB, name);
}

static int write_field(lua_State *L)
{
	sl_fault_raisef(L, "keep what a verb returns: local r = r:where(…)",
	                "a relation does not change; each verb returns a new one");
}

static int no_length(lua_State *L)
{
	sl_fault_raisef(L, "count in the result: summarise{ n = \"count()\" }", "a relation has no length: " STATIC_JOB);
}

/* Upvalue 1: the parameters. */
static int read_param(lua_State *L)
{
	const struct sl_script_setup *setup = sl_state_of(L)->setup;
	const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?", *names[SL_PARAMS_MAX];
	char remedy[160];

	lua_pushvalue(L, 2);
	if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
		return 1;
	for (uint32_t i = 0; i < setup->nparams; i++)
		names[i] = setup->params[i].name;
	int near = sl_text_near(name, names, setup->nparams);
	if (near >= 0)
		snprintf(remedy, sizeof remedy, "did you mean params.%.64s?", names[near]);
	else
		snprintf(remedy, sizeof remedy, "give it when the job is run: --param %.60s=…", name);
	sl_fault_raisef(L, remedy, "the job has no parameter \"%.60s\"", name);
}

static int write_param(lua_State *L)
{
	sl_fault_raisef(L, NULL, "params cannot be changed");
}

/* Numbers as people write them; 007 and 1e5 stay texts. */
static bool is_number(const char *s)
{
	size_t n = strspn(s + (*s == '-'), "0123456789");
	const char *rest = s + (*s == '-') + n;

	if (n == 0 || n > 15 || (n > 1 && s[*s == '-'] == '0'))
		return false;
	if (*rest == '.' && rest[1] != '\0')
		rest += 1 + strspn(rest + 1, "0123456789");
	return *rest == '\0';
}

/* What the script sees is an empty table in front of the real one, so that assignments meet the guard. */
static void push_params(lua_State *L)
{
	const struct sl_script_setup *setup = sl_state_of(L)->setup;

	lua_newtable(L);
	lua_createtable(L, 0, 3);
	lua_newtable(L);
	for (uint32_t i = 0; i < setup->nparams; i++) {
		const char *text = setup->params[i].text;
		if (!is_number(text) || lua_stringtonumber(L, text) == 0)
			lua_pushstring(L, text);
		lua_setfield(L, -2, setup->params[i].name);
	}
	lua_pushcclosure(L, read_param, 1);
	lua_setfield(L, -2, "__index");
	lua_pushcfunction(L, write_param);
	lua_setfield(L, -2, "__newindex");
	lua_pushboolean(L, 0);
	lua_setfield(L, -2, "__metatable");
	lua_setmetatable(L, -2);
}

static void make_metatable(lua_State *L)
{
	luaL_newmetatable(L, SL_BOX_TYPE); /* sets __name, for Lua's own messages */
	lua_newtable(L);
	for (size_t i = 0; i < sl_relation_nverbs; i++) {
		lua_pushinteger(L, (lua_Integer)i);
		lua_pushcclosure(L, call_verb, 1);
		lua_setfield(L, -2, sl_relation_verbs[i].name);
	}
	lua_pushcclosure(L, read_field, 1);
	lua_setfield(L, -2, "__index");
	static const luaL_Reg guards[] = {
		{"__newindex", write_field}, {"__len", no_length}, {"__gc", sl_box_collect}, {NULL, NULL}};
	luaL_setfuncs(L, guards, 0);
	lua_pushboolean(L, 0);
	lua_setfield(L, -2, "__metatable");
	lua_pop(L, 1);
}

void sl_bind_verbs(lua_State *L)
{
	luaL_checkstack(L, 12, NULL);
	make_metatable(L);
	lua_createtable(L, 0, 64);
	lua_pushcfunction(L, from);
	lua_setfield(L, -2, "from");
	lua_pushcfunction(L, output);
	lua_setfield(L, -2, "output");
	push_params(L);
	lua_setfield(L, -2, "params");
}
