/* script.c - see script.h. */
#include "enclave/script/script.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/script/bind.h"
#include "enclave/script/box.h"
#include "enclave/script/fault.h"
#include "enclave/script/globals.h"
#include "enclave/script/limits.h"

/* lua_CFunction: the whole world of the script, under protection. */
static int build(lua_State *L)
{
	sl_bind_verbs(L);
	sl_globals_install(L);
	return 0;
}

enum sl_rc sl_script_new(const struct sl_script_setup *setup, uint64_t steps_max, struct sl_script **out,
                         struct sl_err *err)
{
	struct sl_script *s = calloc(1, sizeof *s);

	*out = NULL;
	if (s == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	s->setup = setup;
	s->steps_max = steps_max;
	s->memory_max = setup->memory_bytes;
	s->L = lua_newstate(sl_limits_alloc, s);
	if (s->L != NULL) {
		*(struct sl_script **)lua_getextraspace(s->L) = s;
		lua_pushcfunction(s->L, build);
	}
	if (s->L == NULL || lua_pcall(s->L, 0, 0, 0) != LUA_OK) {
		sl_script_free(s);
		return sl_err_set(err, SL_E_NOMEM, "%llu bytes are not enough memory for a script",
		                  (unsigned long long)setup->memory_bytes);
	}
	*out = s;
	return SL_OK;
}

void sl_script_free(struct sl_script *s)
{
	if (s == NULL)
		return;
	if (s->L != NULL)
		lua_close(s->L);
	sl_box_free_all(s);
	sl_buf_free(&s->printed);
	for (uint32_t i = 0; i < SL_PLANS_MAX; i++) {
		sl_buf_free(&s->plans[i]);
		free(s->outputs[i]);
	}
	free(s);
}

/* Loads the text, never byte code; LUA_OK or an error with its value on the stack. */
static int load(struct sl_script *s)
{
	const char *text = (const char *)s->setup->script;
	size_t len = s->setup->nscript;

	if (len > 0 && text[0] == LUA_SIGNATURE[0]) {
		lua_pushliteral(s->L, SL_STATE_CHUNK ":1: a job is Lua text, not byte code");
		return LUA_ERRSYNTAX;
	}
	if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
		text += 3;
		len -= 3;
	}
	return luaL_loadbufferx(s->L, text, len, "=" SL_STATE_CHUNK, "t");
}

/* lua_CFunction over the script, so that even the loader's errors come under one protection. */
static int work(lua_State *L)
{
	struct sl_script *s = sl_state_of(L);
	int status = load(s);

	if (status != LUA_OK)
		return lua_error(L);
	sl_limits_start(s);
	lua_call(L, 0, 0);
	return 0;
}

/* Message handler: remembers where it happened, for error values that do not say. Allocates nothing. */
static int note_line(lua_State *L)
{
	sl_state_of(L)->error_line = sl_fault_line(L);
	return 1;
}

static enum sl_rc send_plans(struct sl_script *s, const struct sl_script_sink *sink, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < s->nplans && rc == SL_OK; i++)
		rc = sink->plan(sink->self, s->plans[i].data, s->plans[i].len, err);
	return rc;
}

enum sl_rc sl_script_run(struct sl_script *s, const struct sl_script_sink *sink, struct sl_err *err)
{
	struct sl_script_end end = {.ok = 1};
	enum sl_rc rc = SL_OK;

	/* Light C functions: nothing is allocated outside the protection. */
	lua_pushcfunction(s->L, note_line);
	lua_pushcfunction(s->L, work);
	int status = lua_pcall(s->L, 0, 0, 1);
	lua_sethook(s->L, NULL, 0, 0);
	if (s->printed.len > 0)
		rc = sink->print(sink->self, (const char *)s->printed.data, s->printed.len, err);
	if (rc == SL_OK && status != LUA_OK)
		rc = sl_fault_end(s, status, &end, err);
	else if (rc == SL_OK)
		rc = send_plans(s, sink, err);
	end.nplans = status == LUA_OK ? s->nplans : 0;
	if (rc == SL_OK)
		rc = sink->end(sink->self, &end, err);
	sl_codec_free(&sl_script_end_record, &end);
	return rc;
}
