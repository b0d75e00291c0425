/*
 * state.h - what the files of sluice-script share about the one script that runs. Not for other rooms.
 */
#ifndef SL_SCRIPT_STATE_H
#define SL_SCRIPT_STATE_H

#include <lauxlib.h>
#include <lua.h>

#include "enclave/script/script.h"

#define SL_STATE_CHUNK "script" /* how Lua names the chunk: "script:12:"; the file's name must not reach the script */
#define SL_STATE_MESSAGE_BYTES 1200

/* Why the script stops, told by whoever knew; matched with the error that arrives at the top by its text. */
struct sl_state_fault {
	char raised[SL_STATE_MESSAGE_BYTES]; /* the error value, "" : none */
	char text[SL_STATE_MESSAGE_BYTES];
	char remedy[256];
	uint32_t line;
};

struct sl_box;

struct sl_script {
	const struct sl_script_setup *setup;
	lua_State *L;
	size_t memory_used, memory_max;      /* of the Lua state */
	uint64_t steps, steps_max;
	bool exhausted;                      /* sticky: nothing the script does undoes it */
	struct sl_state_fault fault;
	uint32_t error_line;                 /* of the last error nobody caught */
	struct sl_buf printed;               /* escaped lines */
	bool print_full;
	struct sl_buf plans[SL_PLANS_MAX];   /* encoded */
	char *outputs[SL_PLANS_MAX];         /* their names */
	uint32_t nplans;
	struct sl_box *boxes;                /* relations alive */
	uint32_t relations, relations_gc_at; /* their number; when to collect garbage */
};

/* sl_state_of - the script a Lua state belongs to. */
static inline struct sl_script *sl_state_of(lua_State *L)
{
	return *(struct sl_script **)lua_getextraspace(L);
}

#endif
