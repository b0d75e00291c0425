/* limits.c - see limits.h. */
#include "enclave/script/limits.h"

#include <stdlib.h>

#include "enclave/script/fault.h"

#define HOOK_STEPS 1000

void *sl_limits_alloc(void *ud, void *ptr, size_t osize, size_t nsize)
{
	struct sl_script *s = ud;
	size_t old = ptr != NULL ? osize : 0; /* without ptr, osize is a type tag */

	if (nsize == 0) {
		s->memory_used -= old;
		free(ptr);
		return NULL;
	}
	if (nsize > old && nsize - old > s->memory_max - s->memory_used)
		return NULL;
	void *p = realloc(ptr, nsize);
	if (p == NULL && nsize <= old)
		p = ptr; /* Lua relies on shrinking never failing */
	if (p != NULL)
		s->memory_used = s->memory_used - old + nsize;
	return p;
}

static void hook(lua_State *L, lua_Debug *ar);

_Noreturn static void raise_spent(lua_State *L)
{
	struct sl_script *s = sl_state_of(L);
	struct sl_err err = {0};

	if (s->exhausted) { /* again: the place that counts is the first */
		lua_pushstring(L, s->fault.raised);
		lua_error(L);
	}
	s->exhausted = true;
	/* From now on every instruction raises, so that nothing that catches errors can go on. */
	lua_sethook(L, hook, LUA_MASKCOUNT, 1);
	sl_err_set(&err, SL_E_LIMIT, "the script did not end within %llu steps", (unsigned long long)s->steps_max);
	sl_err_remedy(&err, "a job only declares outputs: look for a loop that does not end");
	sl_fault_raise(L, &err, NULL);
}

static void spend(lua_State *L, uint64_t n)
{
	struct sl_script *s = sl_state_of(L);

	s->steps += n;
	if (s->steps > s->steps_max)
		raise_spent(L);
}

static void hook(lua_State *L, lua_Debug *ar)
{
	(void)ar;
	spend(L, HOOK_STEPS);
}

void sl_limits_start(struct sl_script *s)
{
	lua_sethook(s->L, hook, LUA_MASKCOUNT, HOOK_STEPS);
}

void sl_limits_charge(lua_State *L, uint64_t n)
{
	spend(L, n);
}

void sl_limits_stick(lua_State *L)
{
	if (sl_state_of(L)->exhausted)
		raise_spent(L);
}
